/**
 * One transaction of the database for all writes that wait: they are gathered until the event loop has handled what
 * came with them, with no timer, and answered when they are committed. Knows nothing of the tables.
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
  /** Puts a write into the next commit. */
  add(write: Write): Promise<Kept>;
  /** Commits what waits at once. */
  flush(): void;
  /** Commits what waits; whatever is added later fails. */
  close(): void;
}

interface Waiting {
  readonly write: Write;
  readonly answer: (kept: Kept) => void;
}

const kept: Kept = { outcome: 'kept' };
const closedAnswer: Kept = { outcome: 'failed', detail: 'The store is closed.' };

export function createGroupCommit(database: DatabaseSync): GroupCommit {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  let waiting: Waiting[] = [];
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

  return {
    add(write) {
      if (closed) return Promise.resolve(closedAnswer);
      if (waiting.length === 0) setImmediate(flush);
      return new Promise((answer) => {
        waiting.push({ write, answer });
      });
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
