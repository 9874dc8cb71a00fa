/** What can be wrong with the store's file when it is opened, as one typed error; and SQLite's own errors read. */

import type { KeptNot } from './types.ts';

/**
 * `locked`: another engine has it. `newer`: written by a later version. `damaged`: no database of ours, or a broken one.
 * `unavailable`: it cannot be made, read or written.
 */
export type StoreProblem = 'locked' | 'newer' | 'damaged' | 'unavailable';

/** Thrown by `openStore`: what happened, which file, what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;
  readonly file: string;
  readonly hint: string;

  constructor(problem: StoreProblem, file: string, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.problem = problem;
    this.file = file;
    this.hint = hint;
  }
}

/** SQLite's primary result codes, as far as they are told apart here (sqlite.org/rescode.html). */
export const sqliteCode = { busy: 5, locked: 6, corrupt: 11, full: 13, notADatabase: 26 } as const;

/** The primary result code of an error from `node:sqlite`; null for any other error. */
export function sqliteCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** What became of a write that failed. */
export function failure(error: unknown): KeptNot {
  const detail = error instanceof Error ? error.message : String(error);
  return { outcome: sqliteCodeOf(error) === sqliteCode.full ? 'full' : 'failed', detail };
}

/** The error to throw for one that came up while the file was opened. */
export function storeErrorOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  switch (sqliteCodeOf(error)) {
    case sqliteCode.busy:
    case sqliteCode.locked:
      return new StoreError(
        'locked',
        file,
        `Another engine is using ${file}.`,
        'Stop the other one, or give this one a data directory of its own.',
        error,
      );
    case sqliteCode.corrupt:
    case sqliteCode.notADatabase:
      return new StoreError(
        'damaged',
        file,
        `${file} is no database that can be read: ${detail}.`,
        'Move the file away and start again; a copy of it may still be opened by the sqlite3 program.',
        error,
      );
    default:
      return new StoreError(
        'unavailable',
        file,
        `${file} cannot be opened: ${detail}.`,
        'Check that the directory is there, may be written, and has room.',
        error,
      );
  }
}
