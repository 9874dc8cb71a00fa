/**
 * The questions the store answers: lists newest first by row number, single records, message content, charges and
 * refusals. A search looks at the newest rows first and goes no further than its limit asks.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { outcomeSchema } from '../contract/index.ts';
import type { LedgerEntry } from '../quota/types.ts';
import {
  chargeFromRow,
  refusingRule,
  sessionFromJson,
  transactionColumns,
  transactionFromRow,
} from './rows.ts';
import type { Store } from './types.ts';

type Reading = Pick<
  Store,
  | 'transactions'
  | 'transaction'
  | 'message'
  | 'session'
  | 'transactionsOfSession'
  | 'charges'
  | 'quotaRefusals'
>;

/** Charges are read this many at a time, so that writing can go on between. */
const chargesAtATime = 10_000;

const sessionRowSchema = z.object({ record: z.string() });
const contentRowSchema = z.object({ content: z.instanceof(Uint8Array), size: z.number() });
const refusalRowSchema = z.object({ step: z.number(), refused: z.number() });
const atRowSchema = z.object({ at: z.number() });
const highestRowSchema = z.object({ highest: z.number() });

export function createReading(database: DatabaseSync): Reading {
  const lists = prepareLists(database);
  const byId = database.prepare(`SELECT ${transactionColumns} FROM transactions WHERE id = ?`);
  const ofSession = database.prepare(
    `SELECT ${transactionColumns} FROM transactions
     WHERE session = (SELECT number FROM sessions WHERE id = ?) ORDER BY number`,
  );
  const sessionById = database.prepare('SELECT record FROM sessions WHERE id = ?');
  const contentOf = database.prepare(
    `SELECT substr(content, ?, ?) AS content, length(content) AS size
     FROM messages WHERE number = (SELECT number FROM transactions WHERE id = ?)`,
  );
  const chargesAfter = database.prepare(
    'SELECT at, user, recipients, number FROM charges WHERE number > ? ORDER BY number LIMIT ?',
  );
  chargesAfter.setReturnArrays(true);
  const chargeAt = database.prepare('SELECT at FROM charges WHERE number = ?');
  const lastCharge = database.prepare('SELECT coalesce(max(number), 0) AS highest FROM charges');
  const refusals = database.prepare(
    `SELECT (finished_at - :since) / :step AS step, count(*) AS refused FROM transactions
     WHERE rule IN ('UQ-1', 'UQ-2', 'CQ-1', 'CQ-2') AND rule = :rule AND refused_user IS :user AND finished_at > :since
     GROUP BY 1 ORDER BY 1`,
  );

  /** The row before the first charge later than `since`; charges are numbered in the order of their time. */
  function lastChargeUntil(since: number): number {
    let low = 0;
    let high = highestRowSchema.parse(lastCharge.get()).highest;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (atRowSchema.parse(chargeAt.get(middle)).at <= since) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function* charges(since: number): Generator<LedgerEntry> {
    let last = lastChargeUntil(since);
    for (;;) {
      const rows = chargesAfter.all(last, chargesAtATime);
      for (const row of rows) yield chargeFromRow(row);
      if (rows.length < chargesAtATime) return;
      last += rows.length;
    }
  }

  return {
    transactions({ limit, cursor, outcome, search }) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number.parseInt(cursor, 10);
      const list = lists[outcome ?? 'any'][search === undefined || search === '' ? 'all' : 'found'];
      const wanted = search === undefined || search === '' ? [] : [search.toLowerCase()];
      const rows = list.all(before, ...wanted, limit + 1).map(transactionFromRow);
      const page = rows.slice(0, limit);
      return {
        items: page.map(({ record }) => record),
        nextCursor: rows.length > limit ? String(page.at(-1)?.number) : null,
      };
    },
    transaction(id) {
      const row = byId.get(id);
      return row === undefined ? null : transactionFromRow(row).record;
    },
    message(transactionId, offset, length) {
      const row = contentOf.get(offset + 1, length, transactionId);
      return row === undefined ? null : contentRowSchema.parse(row);
    },
    session(id) {
      const row = sessionById.get(id);
      return row === undefined ? null : sessionFromJson(id, sessionRowSchema.parse(row).record);
    },
    transactionsOfSession: (id) => ofSession.all(id).map((row) => transactionFromRow(row).record),
    charges,
    quotaRefusals(window, user, since, stepMs) {
      const rows = refusals.all({ since, step: stepMs, rule: refusingRule[window], user });
      return z
        .array(refusalRowSchema)
        .parse(rows)
        .map(({ step, refused }) => ({ at: since + step * stepMs, refused }));
    },
  };
}

type OutcomeFilter = z.infer<typeof outcomeSchema> | 'any';
type Lists = Readonly<Record<OutcomeFilter, { readonly all: StatementSync; readonly found: StatementSync }>>;

/** One statement for each filter, the outcome written out in it so that SQLite can use its partial index. */
function prepareLists(database: DatabaseSync): Lists {
  const prepare = (condition: string) => {
    const list = (search: string) =>
      database.prepare(
        `SELECT ${transactionColumns} FROM transactions
         WHERE number < ? ${condition} ${search} ORDER BY number DESC LIMIT ?`,
      );
    return { all: list(''), found: list('AND instr(search, ?) > 0') };
  };
  return {
    any: prepare(''),
    accepted: prepare("AND outcome = 'accepted'"),
    rejected: prepare("AND outcome = 'rejected'"),
    abandoned: prepare("AND outcome = 'abandoned'"),
  };
}
