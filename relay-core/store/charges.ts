/**
 * Quota charges as rows, and how they are read back: as text in bulk when the engine starts, and row by row while it runs.
 * Millions of them, so they are checked by hand and not by a schema. Rows are numbered in the order of their time.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { keptAddressKey } from '../organisation/mail-domain.ts';
import type { AddressKey } from '../organisation/types.ts';
import { chargeText, notACharge } from '../quota/charge-text.ts';
import type { LedgerEntry } from '../quota/types.ts';

/** Rows in one text at a start: of a hundred recipients each, still a few megabytes. */
const rowsAtStart = 2_000;
/** Rows read at a time while messages come, so that they can be written between: about a millisecond. */
const rowsBetweenMessages = 500;

const highestSchema = z.object({ highest: z.number() });
const atSchema = z.object({ at: z.number() });

export function recipientsText(recipients: readonly AddressKey[]): string {
  return recipients.join(chargeText.betweenRecipients);
}

/** Some charges, in the order of their time. */
export interface ChargesAsText {
  readonly charges: number;
  /** In the form of `quota/charge-text.ts`. */
  readonly text: Uint8Array;
}

export interface ChargesReader {
  /** The charges later than a time, in the order of their time. */
  textSince(since: number): Iterable<ChargesAsText>;
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
  const { betweenColumns, betweenCharges } = chargeText;
  // SQLite goes through the rows by their number, the only order they are kept in.
  const textBetween = database.prepare(
    `SELECT count(*), CAST(group_concat(
       at || '${betweenColumns}' || coalesce(user, '') || '${betweenColumns}' || recipients,
       '${betweenCharges}') AS BLOB)
     FROM charges WHERE number > ? AND number <= ?`,
  );
  textBetween.setReturnArrays(true);
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

  function* textSince(since: number): Generator<ChargesAsText> {
    const end = highest();
    for (let last = lastRowUntil(since); last < end; last += rowsAtStart) {
      yield asText(textBetween.get(last, last + rowsAtStart));
    }
  }

  function* behind(number: number): Generator<LedgerEntry> {
    for (let last = number; ; ) {
      const rows: unknown[] = after.all(last, rowsBetweenMessages);
      for (const row of rows) yield chargeFrom(row);
      if (rows.length < rowsBetweenMessages) return;
      last += rows.length;
    }
  }

  return {
    textSince,
    lastUntil: lastRowUntil,
    behind,
    countSince: (since) => highest() - lastRowUntil(since),
  };
}

function asText(row: unknown): ChargesAsText {
  const [charges, text]: readonly unknown[] = Array.isArray(row) ? row : [];
  if (typeof charges !== 'number' || !(text instanceof Uint8Array)) throw notACharge();
  return { charges, text };
}

function chargeFrom(row: unknown): LedgerEntry {
  const [at, user, recipients]: readonly unknown[] = Array.isArray(row) ? row : [];
  if (typeof at !== 'number' || typeof recipients !== 'string') throw notACharge();
  return {
    at,
    user: typeof user === 'string' ? keptAddressKey(user) : null,
    recipients: recipients.split(chargeText.betweenRecipients).map(keptAddressKey),
  };
}
