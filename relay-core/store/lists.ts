/**
 * Lists of transactions, newest first, by outcome and by text. A search reads the text that
 * stands with each course, and so many rows at a time that it keeps no message waiting; the cursor goes on from there.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import type { Outcome } from '../contract/index.ts';
import { transactionColumns, transactionFromRow } from './rows.ts';
import type { Store, TransactionQuery, TransactionRecord } from './types.ts';

/** Rows one search looks at: some 2 ms. */
const searchedAtOnce = 5_000;

/** Named, since SQLite's planner prefers to walk all rows; it wants the index's own condition in the question. */
const notAcceptedIndex = 'INDEXED BY transactions_not_accepted';

const numberSchema = z.object({ number: z.number() });

interface Statements {
  /** By the number to begin below, and the limit. */
  readonly all: StatementSync;
  /** Row numbers, by the number to begin below, the number to stop at, the text and the limit. */
  readonly found: StatementSync;
}

/** Gives the function that answers a query. */
export function transactionLists(database: DatabaseSync): Store['transactions'] {
  const statements: Readonly<Record<Outcome | 'any', Statements>> = {
    any: prepareFor(database, '', ''),
    accepted: prepareFor(database, '', "AND outcome = 'accepted'"),
    rejected: prepareFor(database, notAcceptedIndex, "AND outcome <> 'accepted' AND outcome = 'rejected'"),
    abandoned: prepareFor(database, notAcceptedIndex, "AND outcome <> 'accepted' AND outcome = 'abandoned'"),
  };
  const one = database.prepare(`SELECT ${transactionColumns} FROM transactions WHERE number = ?`);
  const newest = database.prepare('SELECT coalesce(max(number), 0) AS number FROM transactions');

  function search(below: number, { limit }: TransactionQuery, text: string, found: StatementSync) {
    const stopAt = Math.max(1, below - searchedAtOnce);
    const numbers = found.all(below, stopAt, text, limit).map((row) => numberSchema.parse(row).number);
    const last = numbers.length < limit ? stopAt : (numbers.at(-1) ?? stopAt);
    const items = numbers.map((number) => transactionFromRow(one.get(number)).record);
    return { items, nextCursor: last > 1 ? String(last) : null };
  }

  function list(below: number, { limit }: TransactionQuery, all: StatementSync) {
    const rows = all.all(below, limit + 1).map(transactionFromRow);
    const page = rows.slice(0, limit);
    const items: TransactionRecord[] = page.map(({ record }) => record);
    return { items, nextCursor: rows.length > limit ? String(page.at(-1)?.number) : null };
  }

  return (query) => {
    const { cursor, outcome, search: text } = query;
    const below = cursor === undefined ? numberSchema.parse(newest.get()).number + 1 : Number(cursor);
    const { all, found } = statements[outcome ?? 'any'];
    return text === undefined || text === ''
      ? list(below, query, all)
      : search(below, query, text.toLowerCase(), found);
  };
}

function prepareFor(database: DatabaseSync, index: string, condition: string): Statements {
  return {
    all: database.prepare(
      `SELECT ${transactionColumns} FROM transactions ${index}
       WHERE number < ? ${condition} ORDER BY number DESC LIMIT ?`,
    ),
    found: database.prepare(
      `SELECT number FROM courses
       WHERE number < ? AND number >= ? ${condition} AND instr(search, ?) > 0 ORDER BY number DESC LIMIT ?`,
    ),
  };
}
