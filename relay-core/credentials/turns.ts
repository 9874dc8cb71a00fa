/** Lets a few pieces of work run at once. Others wait in line, in their order; where the line is full, none is taken. */
export interface Turns {
  /** Null where the line is full: nothing was begun. */
  take<Result>(work: () => Promise<Result>): Promise<Result> | null;
}

/** @param waitingAtMost how long the line may be */
export function createTurns(atOnce: number, waitingAtMost: number): Turns {
  let running = 0;
  const line: (() => void)[] = [];

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running < atOnce) running += 1;
    else await new Promise<void>((begin) => line.push(begin));
    try {
      return await work();
    } finally {
      // Its place goes to the next in line.
      const next = line.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    take: (work) => (running >= atOnce && line.length >= waitingAtMost ? null : inTurn(work)),
  };
}
