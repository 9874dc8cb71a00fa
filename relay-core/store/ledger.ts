/**
 * The quota ledger around its charges: where the present one begins, what was filled in by hand, and the engine clock's
 * setting, which has to go with them. Starting over keeps every row and begins a new ledger behind the last.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { ClockSetting } from '../clock.ts';
import { quotaWindowSchema } from '../contract/index.ts';
import { keptAddressKey } from '../organisation/mail-domain.ts';
import type { FillEntry } from '../quota/types.ts';

const ledgerSchema = z.object({
  last_charge: z.number(),
  last_transaction: z.number(),
  clock_mode: z.enum(['real', 'simulated']),
  clock_speed: z.number(),
  clock_offset_ms: z.number(),
  clock_set_at: z.number(),
  clock_after: z.enum(['ran-on', 'stopped']),
});

const fillSchema = z.object({
  at: z.number(),
  quota_window: quotaWindowSchema,
  user: z.string().nullable(),
  amount: z.number(),
});

export interface Ledger {
  /** The last charge, and the last transaction, that belong to earlier ledgers; row numbers. */
  begin(): { readonly afterCharge: number; readonly afterTransaction: number };
  clock(): ClockSetting;
  /** The latest engine time in the ledger's records; 0 when there are none. */
  latestTime(): number;
  keepClock(setting: ClockSetting): void;
  fills(): readonly FillEntry[];
  keepFill(entry: FillEntry): void;
  /** Gives the number of entries removed. */
  removeFills(): number;
  /** Begins a new ledger with this clock, without charges and fills. */
  startOver(setting: ClockSetting): void;
}

export function createLedger(database: DatabaseSync): Ledger {
  const row = ledgerSchema.parse(database.prepare('SELECT * FROM ledger').get());
  let begin = { afterCharge: row.last_charge, afterTransaction: row.last_transaction };
  const setClock = database.prepare(
    `UPDATE ledger SET clock_mode = ?, clock_speed = ?, clock_offset_ms = ?, clock_set_at = ?, clock_after = ?`,
  );
  const setBegin = database.prepare(
    `UPDATE ledger SET last_charge = (SELECT coalesce(max(number), 0) FROM charges),
       last_transaction = (SELECT coalesce(max(number), 0) FROM transactions)
     RETURNING *`,
  );
  const allFills = database.prepare('SELECT at, quota_window, user, amount FROM fills ORDER BY number');
  const putFill = database.prepare('INSERT INTO fills (at, quota_window, user, amount) VALUES (?, ?, ?, ?)');
  const deleteFills = database.prepare('DELETE FROM fills');
  const latest = database.prepare(
    `SELECT max(
       coalesce((SELECT at FROM charges WHERE number > :afterCharge ORDER BY number DESC LIMIT 1), 0),
       coalesce((SELECT finished_at FROM transactions WHERE number > :afterTransaction
                 ORDER BY number DESC LIMIT 1), 0),
       coalesce((SELECT max(at) FROM fills), 0)) AS at`,
  );

  const keepClock = ({ mode, speed, offsetMs, setAt, after }: ClockSetting) => {
    setClock.run(mode, speed, offsetMs, setAt, after);
  };

  return {
    begin: () => begin,
    clock() {
      const kept = ledgerSchema.parse(database.prepare('SELECT * FROM ledger').get());
      return {
        mode: kept.clock_mode,
        speed: kept.clock_speed,
        offsetMs: kept.clock_offset_ms,
        setAt: kept.clock_set_at,
        after: kept.clock_after,
      };
    },
    latestTime: () => z.object({ at: z.number() }).parse(latest.get(begin)).at,
    keepClock,
    fills: () =>
      allFills.all().map((each) => {
        const { at, quota_window: window, user, amount } = fillSchema.parse(each);
        return { at, window, user: user === null ? null : keptAddressKey(user), amount };
      }),
    keepFill({ at, window, user, amount }) {
      putFill.run(at, window, user, amount);
    },
    removeFills: () => Number(deleteFills.run().changes),
    startOver(setting) {
      database.exec('BEGIN IMMEDIATE');
      try {
        deleteFills.run();
        keepClock(setting);
        const next = ledgerSchema.parse(setBegin.get());
        database.exec('COMMIT');
        begin = { afterCharge: next.last_charge, afterTransaction: next.last_transaction };
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}
