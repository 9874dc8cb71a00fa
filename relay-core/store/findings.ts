/** The findings of all kept sessions, newest first: sessions with findings have an index of their own. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { clientSchema, findingSchema } from '../contract/index.ts';
import type { FindingRecord, Store } from './types.ts';

const rowSchema = z.object({ number: z.number(), id: z.string(), seen: z.string() });
/** Of a session what a finding tells: its dialogue, mostly the larger part, is not read. */
const seenSchema = z.tuple([z.number(), z.number().nullable(), clientSchema, z.array(findingSchema)]);
const seenColumns = `json_extract(record, '$.startedAt', '$.finishedAt', '$.client', '$.findings') AS seen`;
/** Sessions read at once. */
const batch = 100;

/** How a session with findings is told by its JSON; inside a line of dialogue the quotes would be escaped. */
export const withFindings = `instr(record, '"findings":[{') > 0`;

export function findingsReader(database: DatabaseSync): Store['findings'] {
  const sessions = database.prepare(
    `SELECT number, id, ${seenColumns} FROM sessions WHERE ${withFindings} AND number <= ? ORDER BY number DESC LIMIT ${batch}`,
  );
  return ({ limit, cursor }) => {
    let { number, index } = placeOf(cursor);
    const items: FindingRecord[] = [];
    for (;;) {
      const rows = sessions.all(number).map((row) => rowSchema.parse(row));
      for (const row of rows) {
        const [startedAt, finishedAt, client, findings] = seenSchema.parse(JSON.parse(row.seen));
        const from = row.number === number ? index : 0;
        for (const [place, finding] of findings.entries()) {
          if (place < from) continue;
          if (items.length === limit) return { items, nextCursor: `${row.number}.${place}` };
          items.push({
            id: `${row.id}.${place}`,
            sessionId: row.id,
            at: finishedAt ?? startedAt,
            client,
            finding,
          });
        }
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < batch) return { items, nextCursor: null };
      number = last.number - 1;
      index = 0;
    }
  };
}

/** The session's number and the place in its findings to go on from. */
function placeOf(cursor: string | undefined): { number: number; index: number } {
  const parts = /^(\d{1,15})\.(\d{1,6})$/.exec(cursor ?? '');
  return parts === null
    ? { number: Number.MAX_SAFE_INTEGER, index: 0 }
    : { number: Number(parts[1]), index: Number(parts[2]) };
}
