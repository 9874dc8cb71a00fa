/**
 * Row numbers by id. Ids come in no order, so an ordinary index would write another page for nearly every row; here the
 * newest rows are looked up in memory, and their ids go to the index some hundreds at a time, sorted. What a killed
 * process had in memory is read back from the rows themselves when the file is opened.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** Rows in memory before they are indexed: few enough to be written within a few milliseconds. */
const idsAtOnce = 256;

const rowSchema = z.object({ id: z.string(), number: z.number() });
const lastSchema = z.object({ last_number: z.number() });

export interface IdIndex {
  /** Takes in a row that is committed. */
  add(id: string, number: number): void;
  /** The row's number; null when there is none of this id. */
  find(id: string): number | null;
  /** The numbers of all rows whose id begins so, ascending. */
  findBeginning(prefix: string): readonly number[];
}

/** The index of one table's ids, in the table `ids`. */
export function createIdIndex(
  database: DatabaseSync,
  table: 'sessions' | 'transactions',
  ids: 'session_ids' | 'transaction_ids',
): IdIndex {
  const findOne = database.prepare(`SELECT id, number FROM ${ids} WHERE id = ?`);
  const findRange = database.prepare(`SELECT id, number FROM ${ids} WHERE id >= ? AND id < ?`);
  const put = database.prepare(`INSERT OR REPLACE INTO ${ids} (id, number) VALUES (?, ?)`);
  const setLast = database.prepare('UPDATE indexed SET last_number = ? WHERE ids = ?');
  const { last_number: last } = lastSchema.parse(
    database.prepare('SELECT last_number FROM indexed WHERE ids = ?').get(ids),
  );
  const notIndexed = database.prepare(`SELECT id, number FROM ${table} WHERE number > ? ORDER BY number`);
  const recent = new Map(notIndexed.all(last).map((row) => toEntry(row)));
  let indexAt = idsAtOnce;

  function indexRecent(): void {
    let newest = 0;
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const [id, number] of [...recent].sort(byId)) {
        put.run(id, number);
        newest = Math.max(newest, number);
      }
      setLast.run(newest, ids);
      database.exec('COMMIT');
    } catch {
      // No room, say. Nothing is lost: the ids stay in memory and in their rows, and the next hundreds try again.
      if (database.isTransaction) database.exec('ROLLBACK');
      indexAt = recent.size + idsAtOnce;
      return;
    }
    recent.clear();
    indexAt = idsAtOnce;
  }

  return {
    add(id, number) {
      recent.set(id, number);
      if (recent.size >= indexAt) indexRecent();
    },
    find(id) {
      const number = recent.get(id);
      if (number !== undefined) return number;
      const row = findOne.get(id);
      return row === undefined ? null : rowSchema.parse(row).number;
    },
    findBeginning(prefix) {
      const numbers = findRange.all(prefix, endOfPrefix(prefix)).map((row) => rowSchema.parse(row).number);
      for (const [id, number] of recent) if (id.startsWith(prefix)) numbers.push(number);
      return numbers.sort((a, b) => a - b);
    },
  };
}

function toEntry(row: unknown): readonly [string, number] {
  const { id, number } = rowSchema.parse(row);
  return [id, number];
}

/** In SQLite's order of text, that of its bytes; ids are ASCII. */
function byId([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}

/** The first text after all that begin with the prefix. */
function endOfPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
