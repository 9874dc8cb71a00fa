/**
 * Row numbers by id. Ids come in no order, so an ordinary index would write another page for nearly every row; here the
 * newest ids wait in the writer's memory and go to the index some hundreds at a time, sorted. Whoever asks finds those
 * that still wait in the rows themselves, and so does a writer that starts after a kill.
 */
import type { DatabaseSync } from 'node:sqlite';
import { numberIn, textIn } from './columns.ts';

/** Rows in memory before they are indexed: few enough to be written within a few milliseconds. */
const idsAtOnce = 256;

/** A table with ids, and the index of them. */
export type Identified =
  | { readonly table: 'sessions'; readonly ids: 'session_ids' }
  | { readonly table: 'transactions'; readonly ids: 'transaction_ids' };

/** What the writer does with ids. */
export interface IdIndex {
  /** Takes in a row that is committed. */
  add(id: string, number: number): void;
  /** The row's number; null when there is none of this id. */
  find(id: string): number | null;
}

export function createIdIndex(database: DatabaseSync, { table, ids }: Identified): IdIndex {
  const findOne = database.prepare(`SELECT number FROM ${ids} WHERE id = ?`);
  const put = database.prepare(`INSERT OR REPLACE INTO ${ids} (id, number) VALUES (?, ?)`);
  const setLast = database.prepare('UPDATE indexed SET last_number = ? WHERE ids = ?');
  const lastIndexed = database.prepare('SELECT last_number FROM indexed WHERE ids = ?').get(ids);
  const notIndexed = database.prepare(`SELECT id, number FROM ${table} WHERE number > ? ORDER BY number`);
  const recent = new Map(
    notIndexed
      .all(numberIn(lastIndexed, 'last_number'))
      .map((row) => [textIn(row, 'id'), numberIn(row, 'number')]),
  );
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
      return row === undefined ? null : numberIn(row, 'number');
    },
  };
}

/** In SQLite's order of text, that of its bytes; ids are ASCII. */
function byId([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}
