/** Row numbers by id, for questions: from the index, and from the rows that are not in it yet (`id-index.ts`). */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Identified } from './id-index.ts';

const rowSchema = z.object({ id: z.string(), number: z.number() });

/** What is asked of ids. */
export interface IdLookup {
  /** The row's number; null when there is none of this id. */
  find(id: string): number | null;
  /** The numbers of all rows whose id begins so, ascending. */
  findBeginning(prefix: string): readonly number[];
}

export function createIdLookup(database: DatabaseSync, { table, ids }: Identified): IdLookup {
  const waiting = `number > (SELECT last_number FROM indexed WHERE ids = '${ids}')`;
  const one = database.prepare(
    `SELECT id, number FROM ${ids} WHERE id = :id
     UNION ALL SELECT id, number FROM ${table} WHERE ${waiting} AND id = :id LIMIT 1`,
  );
  const range = database.prepare(
    `SELECT id, number FROM ${ids} WHERE id >= :from AND id < :to
     UNION ALL SELECT id, number FROM ${table} WHERE ${waiting} AND id >= :from AND id < :to
     ORDER BY number`,
  );
  return {
    find(id) {
      const row = one.get({ id });
      return row === undefined ? null : rowSchema.parse(row).number;
    },
    findBeginning: (prefix) =>
      range.all({ from: prefix, to: endOfPrefix(prefix) }).map((row) => rowSchema.parse(row).number),
  };
}

/** The first text after all that begin with the prefix. */
function endOfPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
