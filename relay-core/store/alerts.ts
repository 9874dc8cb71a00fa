/** Alerts to the super administrator, as they were raised; newest first. */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { AlertRecord } from '../abuse/alert.ts';
import type { Store } from './types.ts';

export const alertsTable = `
  CREATE TABLE alerts (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, suspended_until INTEGER, record TEXT NOT NULL);`;

const recordSchema = z.object({
  at: z.number(),
  rule: z.enum(['ABU-1', 'ABU-2']),
  sender: z.string(),
  text: z.string(),
  suspendedUntil: z.number().nullable(),
  mail: z.object({ to: z.string().nullable(), subject: z.string(), body: z.string() }),
});
const rowSchema = z.object({ number: z.number(), record: z.string() });

export interface Alerts {
  readonly add: (alert: AlertRecord) => void;
  readonly list: Store['alerts'];
  readonly suspensions: Store['suspensions'];
  /** Lets every suspension end; the alerts themselves stay. */
  readonly endSuspensions: () => void;
}

export function createAlerts(database: DatabaseSync): Alerts {
  const insert = database.prepare('INSERT INTO alerts (at, suspended_until, record) VALUES (?, ?, ?)');
  const page = database.prepare(
    'SELECT number, record FROM alerts WHERE number < ? ORDER BY number DESC LIMIT ?',
  );
  const suspended = database.prepare(
    'SELECT number, record FROM alerts WHERE suspended_until > ? ORDER BY number',
  );
  const end = database.prepare('UPDATE alerts SET suspended_until = NULL WHERE suspended_until IS NOT NULL');
  const read = (row: unknown) => {
    const { number, record } = rowSchema.parse(row);
    return { id: String(number), alert: recordSchema.parse(JSON.parse(record)) };
  };
  return {
    add: (alert) => void insert.run(alert.at, alert.suspendedUntil, JSON.stringify(alert)),
    list({ limit, cursor }) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
      const items = page.all(before, limit + 1).map(read);
      const last = items[limit - 1];
      return {
        items: items.slice(0, limit),
        nextCursor: items.length > limit && last !== undefined ? last.id : null,
      };
    },
    endSuspensions: () => void end.run(),
    suspensions: (at) =>
      suspended.all(at).flatMap((row) => {
        const { alert } = read(row);
        return alert.suspendedUntil === null ? [] : [{ sender: alert.sender, until: alert.suspendedUntil }];
      }),
  };
}
