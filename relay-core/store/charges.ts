/**
 * Quota charges as rows, and how they are read back when the engine starts: millions of them, so they are checked by hand
 * and not by a schema. Rows are numbered in the order of their time.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { AddressKey } from '../organisation/types.ts';
import type { LedgerEntry } from '../quota/types.ts';

/** Rows read at a time at a start, when nothing else goes on. */
const rowsAtStart = 10_000;
/** Rows read at a time while messages come, so that they can be written between: about a millisecond. */
const rowsBetweenMessages = 500;
/** No address holds one (RFC 5321 §4.1.2). */
const separator = '\n';

const highestSchema = z.object({ highest: z.number() });
const atSchema = z.object({ at: z.number() });

export function recipientsText(recipients: readonly AddressKey[]): string {
  return recipients.join(separator);
}

export interface ChargesReader {
  /** The charges later than a time, in the order of their time. */
  since(since: number): Iterable<LedgerEntry>;
  /** The number of the last charge that is not later than a time; charges are numbered without gaps. */
  lastUntil(since: number): number;
  /** The charges behind a number, those that are added meanwhile included. */
  behind(number: number): Iterable<LedgerEntry>;
  /** How many there are. */
  countSince(since: number): number;
}

/** @param lastOfEarlier the number of the last row that belongs to an earlier ledger */
export function chargesReader(database: DatabaseSync, lastOfEarlier: () => number): ChargesReader {
  const after = database.prepare(
    'SELECT at, user, recipients FROM charges WHERE number > ? ORDER BY number LIMIT ?',
  );
  after.setReturnArrays(true);
  const one = database.prepare('SELECT at FROM charges WHERE number = ?');
  const highestRow = database.prepare('SELECT coalesce(max(number), 0) AS highest FROM charges');
  const highest = () => highestSchema.parse(highestRow.get()).highest;

  /** The last row that is not later than `since`, found by halving; that before the ledger's first when all are. */
  function lastRowUntil(since: number): number {
    let low = lastOfEarlier();
    let high = highest();
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (atSchema.parse(one.get(middle)).at <= since) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function* read(behind: number, rowsAtATime: number): Generator<LedgerEntry> {
    for (let last = behind; ; ) {
      const rows: unknown[] = after.all(last, rowsAtATime);
      for (const row of rows) yield chargeFrom(row);
      if (rows.length < rowsAtATime) return;
      last += rows.length;
    }
  }

  return {
    since: (since) => read(lastRowUntil(since), rowsAtStart),
    lastUntil: lastRowUntil,
    behind: (number) => read(number, rowsBetweenMessages),
    countSince: (since) => highest() - lastRowUntil(since),
  };
}

function chargeFrom(row: unknown): LedgerEntry {
  const [at, user, recipients]: readonly unknown[] = Array.isArray(row) ? row : [];
  if (typeof at !== 'number' || typeof recipients !== 'string')
    throw new TypeError('a charge without its columns');
  return {
    at,
    user: typeof user === 'string' ? asKey(user) : null,
    recipients: recipientsIn(recipients),
  };
}

/** Most messages have one recipient, and splitting what is one piece costs a third of reading it. */
function recipientsIn(text: string): readonly AddressKey[] {
  return text.includes(separator) ? text.split(separator).map(asKey) : [asKey(text)];
}

/** It was in comparison form when it was written. */
export function asKey(text: string): AddressKey {
  return text as AddressKey;
}
