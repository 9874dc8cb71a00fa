/** The questions the store answers about single sessions, transactions and messages, and about refusals by a quota. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { ruleOfWindow } from '../contract/word-tables.ts';
import type { IdLookup } from './id-lookup.ts';
import { sessionFromJson, transactionColumns, transactionFromRow } from './rows.ts';
import type { Store } from './types.ts';

type Reading = Pick<
  Store,
  'transaction' | 'transactionNumbered' | 'message' | 'session' | 'transactionsOfSession' | 'quotaRefusals'
>;

const sessionRowSchema = z.object({ record: z.string() });
const contentRowSchema = z.object({ content: z.instanceof(Uint8Array), size: z.number() });
const refusalRowSchema = z.object({ at: z.number(), refused: z.number() });

/** @param lastOfEarlier the number of the last transaction that belongs to an earlier quota ledger */
export function createReading(
  database: DatabaseSync,
  sessionIds: IdLookup,
  transactionIds: IdLookup,
  lastOfEarlier: () => number,
): Reading {
  const transactionRow = database.prepare(`SELECT ${transactionColumns} FROM transactions WHERE number = ?`);
  const sessionRow = database.prepare('SELECT record FROM sessions WHERE number = ?');
  // Of an empty message SQLite's substr gives no blob at all.
  const contentRow = database.prepare(
    `SELECT coalesce(substr(content, ?, ?), x'') AS content, length(content) AS size FROM transactions
     WHERE number = ? AND content IS NOT NULL`,
  );
  const refusalRows = database.prepare(
    `SELECT max(finished_at) AS at, count(*) AS refused
     FROM transactions INDEXED BY quota_refusals
     WHERE rule IN ('UQ-1', 'UQ-2', 'CQ-1', 'CQ-2')
       AND rule = :rule AND refused_user IS :user AND finished_at > :since AND number > :after
     GROUP BY CAST((finished_at - :since) / :step AS INTEGER) ORDER BY 1`,
  );
  const transactionAt = (number: number) => transactionFromRow(transactionRow.get(number)).record;

  return {
    transaction(id) {
      const number = transactionIds.find(id);
      return number === null ? null : transactionAt(number);
    },
    transactionNumbered(number) {
      const row = transactionRow.get(number);
      return row === undefined ? null : transactionFromRow(row).record;
    },
    message(transactionId, offset, length) {
      const number = transactionIds.find(transactionId);
      const row = number === null ? undefined : contentRow.get(offset + 1, length, number);
      return row === undefined ? null : contentRowSchema.parse(row);
    },
    session(id) {
      const number = sessionIds.find(id);
      if (number === null) return null;
      return sessionFromJson(id, sessionRowSchema.parse(sessionRow.get(number)).record);
    },
    transactionsOfSession(id, limit) {
      const { first, total, last } = transactionIds.findBeginning(`${id}-`, limit);
      const items = first.map(transactionAt);
      const lastOfAll = total > items.length && last !== null ? transactionAt(last) : (items.at(-1) ?? null);
      return { items, total, last: lastOfAll };
    },
    quotaRefusals(window, user, since, stepMs) {
      const rule = ruleOfWindow[window];
      const rows = refusalRows.all({ since, step: stepMs, rule, user, after: lastOfEarlier() });
      return rows.map((row) => {
        return refusalRowSchema.parse(row);
      });
    },
  };
}
