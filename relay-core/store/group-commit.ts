/**
 * One transaction of the database for all writes that wait: they are gathered until the event loop has handled what
 * came with them, with no timer where a client waits, and answered when they are committed. Knows nothing of the tables.
 */
import type { DatabaseSync } from 'node:sqlite';
import { sqliteCode, sqliteCodeOf } from './error.ts';
import type { Kept, KeptNot } from './types.ts';

/** What one write does inside the transaction, and after it. */
export interface Write {
  /** Runs its statements. May run again, alone, when a write beside it failed. */
  run(): void;
  /** Called when what it did is committed. */
  committed(): void;
  /** Called when what it did is rolled back. */
  rolledBack(): void;
}

export interface GroupCommit {
  /** Puts a write into the commit at the end of this turn. */
  add(write: Write): Promise<Kept>;
  /** Puts a write that no client waits for into the next commit, whatever that is for, or one of its own soon. */
  addUnhurried(write: Write): Promise<Kept>;
  /** Commits what waits at once. */
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

const kept: Kept = { outcome: 'kept' };
const closedAnswer: Kept = { outcome: 'failed', detail: 'The store is closed.' };

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  let waiting: Waiting[] = [];
  /** Whether a commit at the end of this turn is on its way. */
  let isDue = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function commitTogether(batch: readonly Waiting[]): Kept {
    try {
      begin.run();
      for (const { write } of batch) write.run();
      commit.run();
    } catch (error) {
      // SQLite has rolled back by itself after some errors.
      if (database.isTransaction) database.exec('ROLLBACK');
      for (const { write } of batch) write.rolledBack();
      return failure(error);
    }
    for (const { write } of batch) write.committed();
    return kept;
  }

  function flush(): void {
    isDue = false;
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    if (batch.length === 0) return;
    waiting = [];
    const together = commitTogether(batch);
    if (together.outcome === 'kept' || batch.length === 1) {
      for (const { answer } of batch) answer(together);
      return;
    }
    // One write that cannot be kept must not take the others with it.
    for (const one of batch) one.answer(commitTogether([one]));
  }

  const wait = (write: Write) =>
    new Promise<Kept>((answer) => {
      waiting.push({ write, answer });
    });

  return {
    add(write) {
      if (closed) return Promise.resolve(closedAnswer);
      if (!isDue) setImmediate(flush);
      isDue = true;
      return wait(write);
    },
    addUnhurried(write) {
      if (closed) return Promise.resolve(closedAnswer);
      timer ??= setTimeout(flush, unhurriedMs).unref();
      return wait(write);
    },
    flush,
    close() {
      flush();
      closed = true;
    },
  };
}

/** What became of a write that failed. */
export function failure(error: unknown): KeptNot {
  const detail = error instanceof Error ? error.message : String(error);
  return { outcome: sqliteCodeOf(error) === sqliteCode.full ? 'full' : 'failed', detail };
}
