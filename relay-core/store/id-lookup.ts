/** Row numbers by id, for questions: from the index, and from the rows that are not in it yet (`id-index.ts`). */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Identified } from './id-index.ts';

const rowSchema = z.object({ id: z.string(), number: z.number() });
const numberSchema = z.object({ number: z.number() });
const extentSchema = z.object({ total: z.number(), last: z.number().nullable() });

/** What is asked of ids. */
export interface IdLookup {
  /** The row's number; null when there is none of this id. */
  find(id: string): number | null;
  /** Of the rows whose id begins so: the numbers of the first, ascending, how many there are, and the last of all. */
  findBeginning(
    prefix: string,
    limit: number,
  ): { readonly first: readonly number[]; readonly total: number; readonly last: number | null };
}

export function createIdLookup(database: DatabaseSync, { table, ids }: Identified): IdLookup {
  const waiting = `number > (SELECT last_number FROM indexed WHERE ids = '${ids}')`;
  const one = database.prepare(
    `SELECT id, number FROM ${ids} WHERE id = :id
     UNION ALL SELECT id, number FROM ${table} WHERE ${waiting} AND id = :id LIMIT 1`,
  );
  const range = `SELECT number FROM ${ids} WHERE id >= :from AND id < :to
     UNION ALL SELECT number FROM ${table} WHERE ${waiting} AND id >= :from AND id < :to`;
  const firstOfRange = database.prepare(`${range} ORDER BY number LIMIT :limit`);
  const extent = database.prepare(`SELECT count(*) AS total, max(number) AS last FROM (${range})`);
  return {
    find(id) {
      const row = one.get({ id });
      return row === undefined ? null : rowSchema.parse(row).number;
    },
    findBeginning(prefix, limit) {
      const between = { from: prefix, to: endOfPrefix(prefix) };
      const first = firstOfRange.all({ ...between, limit }).map((row) => numberSchema.parse(row).number);
      return { first, ...extentSchema.parse(extent.get(between)) };
    },
  };
}

/** The first text after all that begin with the prefix. */
function endOfPrefix(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
