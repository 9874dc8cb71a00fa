/**
 * Gathers writes into batches, each of which is one commit: what waits at the end of a turn of the event loop goes
 * together, with no timer where a client waits. While a batch is on its way the next one gathers. Knows nothing of tables
 * and threads.
 */
import type { Kept } from './types.ts';
import type { Write } from './write.ts';

/** Commits batches, one after another. */
export interface Committer {
  /** Begins to commit a batch; `answer` is called once, with what became of each write, now or later. */
  begin(batch: readonly Write[], answer: (kept: readonly Kept[]) => void): void;
  /** Returns when the batch that was begun is answered; blocks the thread until then. */
  finish(): void;
  /** `normal` survives a killed process, `full` a power cut as well. */
  setSynchronous(mode: 'normal' | 'full'): void;
  close(): void;
}

export interface GroupCommit {
  /** Puts a write into the commit at the end of this turn. */
  add(write: Write): Promise<Kept>;
  /** Puts a write that no client waits for into the next commit, whatever that is for, or one of its own soon. */
  addUnhurried(write: Write): Promise<Kept>;
  /** Resolves when all that was added until now is answered; hurries what waits. */
  settled(): Promise<void>;
  /** Commits what waits; when it returns, all that was added is answered. */
  flush(): void;
  /** Commits what waits; whatever is added later fails. */
  close(): void;
}

interface Waiting {
  readonly write: Write;
  readonly answer: (kept: Kept) => void;
}

/** How long a write that nobody waits for may wait for others, in milliseconds. */
const unhurriedMs = 100;

const closedAnswer: Kept = { outcome: 'failed', detail: 'The store is closed.' };
const noAnswer: Kept = { outcome: 'failed', detail: 'The store’s writer gave no answer.' };

export function createGroupCommit(committer: Committer): GroupCommit {
  let waiting: Waiting[] = [];
  /** Of the write that was added last; answers come in the order of the writes. */
  let lastAnswer: Promise<unknown> = Promise.resolve();
  /** Whether a client waits for one of them. */
  let isHurried = false;
  /** Whether a batch is being committed. */
  let isUnderWay = false;
  /** Whether the next batch begins at the end of this turn. */
  let isDue = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function beginAtEndOfTurn(): void {
    isHurried = true;
    if (isDue || isUnderWay) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      beginNext();
    });
  }

  function beginNext(): void {
    if (isUnderWay || waiting.length === 0) return;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    waiting = [];
    isHurried = false;
    isUnderWay = true;
    committer.begin(
      batch.map(({ write }) => write),
      (kept) => {
        isUnderWay = false;
        if (isHurried) beginAtEndOfTurn();
        for (const [index, { answer }] of batch.entries()) answer(kept[index] ?? noAnswer);
      },
    );
  }

  function flush(): void {
    if (isUnderWay) committer.finish();
    beginNext();
    if (isUnderWay) committer.finish();
  }

  function wait(write: Write): Promise<Kept> {
    const answer = new Promise<Kept>((answer) => {
      waiting.push({ write, answer });
    });
    lastAnswer = answer;
    return answer;
  }

  return {
    add(write) {
      if (closed) return Promise.resolve(closedAnswer);
      beginAtEndOfTurn();
      return wait(write);
    },
    addUnhurried(write) {
      if (closed) return Promise.resolve(closedAnswer);
      timer ??= setTimeout(beginAtEndOfTurn, unhurriedMs).unref();
      return wait(write);
    },
    async settled() {
      if (waiting.length > 0) beginAtEndOfTurn();
      await lastAnswer;
    },
    flush,
    close() {
      flush();
      closed = true;
    },
  };
}
