/**
 * Long work on the engine's thread, a slice of time at a time, so that SMTP goes on between: what a page asks for keeps no
 * message waiting.
 */

/**
 * How long the event loop may wait for a slice, in milliseconds. A message on a connection of its own takes some fifteen
 * turns of the loop, so it waits that often.
 */
const sliceMs = 2;
/** Pieces of work between two looks at the time. */
const betweenLooks = 16;

export interface TimeSlices {
  /** Asked behind each piece of work: whether others are to have their turn now. */
  isOver(): boolean;
  /** Lets them have it, and begins the next slice. */
  next(): Promise<void>;
}

/** Begins the first slice. */
export function createTimeSlices(): TimeSlices {
  let pieces = 0;
  let ends = performance.now() + sliceMs;
  return {
    isOver() {
      pieces += 1;
      return pieces % betweenLooks === 0 && performance.now() >= ends;
    },
    async next() {
      await new Promise(setImmediate);
      ends = performance.now() + sliceMs;
    },
  };
}
