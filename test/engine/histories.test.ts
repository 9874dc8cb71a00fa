/** Histories as pages ask for them: from the ledger of a store, and on from where the last question stopped. */
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { realTime } from '../../relay-core/clock.ts';
import { createHistories } from '../../relay-core/histories.ts';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { openDatabase } from '../../relay-core/store/database.ts';
import { createStoreOver } from '../../relay-core/store/store.ts';
import { acceptedTransaction, sessionRecord, startOfRecords } from '../store/records.ts';

const session = sessionRecord('c31sm1401185itd.5');
const day = 'customer-recipients-day';

function bench() {
  const database: DatabaseSync = openDatabase(':memory:');
  const store = createStoreOver(database);
  const counts = createQuotaCounts();
  const clock = { time: startOfRecords + 60_000, now: () => clock.time };
  let read = 0;
  const histories = createHistories({
    store: {
      lastChargeUntil: store.lastChargeUntil,
      fills: store.fills,
      *chargesBehind(number) {
        for (const charge of store.chargesBehind(number)) {
          read += 1;
          yield charge;
        }
      },
    },
    counts,
    clock,
  });
  return {
    store,
    counts,
    clock,
    histories,
    readSince: () => {
      const before = read;
      read = 0;
      return before;
    },
    async charge(number: number) {
      const { transaction, accepted } = acceptedTransaction(session, number);
      await store.keepTransaction(session, transaction, accepted);
      counts.restore(accepted.charge);
    },
  };
}

test('each charge is read once, and the last point is the use now · CQ-1', async () => {
  const { histories, charge, clock, readSince } = bench();
  for (let number = 1; number <= 30; number += 1) await charge(number);
  const first = await histories.of(day, null);
  expect(first.at(-1)).toMatchObject({ at: clock.time });
  expect(first.at(-1)?.used).toBeGreaterThanOrEqual(30);
  expect(readSince()).toBe(30);
  await charge(31);
  clock.time += 60_000;
  const [one, other] = await Promise.all([histories.of(day, null), histories.of(day, null)]);
  expect(readSince()).toBe(1);
  expect(one).toEqual(other);
  expect(one.at(-1)?.used).toBeGreaterThan(first.at(-1)?.used ?? 0);
});

test('a ledger that was started over begins with nothing', async () => {
  const { histories, charge, clock, counts, store } = bench();
  await charge(1);
  expect((await histories.of(day, null)).some(({ used }) => used > 0)).toBe(true);
  store.startOver(realTime);
  counts.startOver();
  clock.time += 60_000;
  expect((await histories.of(day, null)).every(({ used }) => used === 0)).toBe(true);
});

test('the event loop goes on while a long ledger is read', async () => {
  const user = addressKey('anna@example.com');
  const counts = createQuotaCounts();
  let turns = 0;
  let reading = true;
  const turn = () => {
    turns += 1;
    if (reading) setImmediate(turn);
  };
  const histories = createHistories({
    store: {
      lastChargeUntil: () => 0,
      fills: () => [],
      *chargesBehind() {
        for (let number = 0; number < 200_000; number += 1) {
          yield { at: dayMs + number, user, recipients: [addressKey(`r${number}@example.org`)] };
        }
      },
    },
    counts,
    clock: { now: () => 2 * dayMs },
  });
  setImmediate(turn);
  await histories.of('user-unique-recipients-day', user);
  reading = false;
  expect(turns).toBeGreaterThan(3);
});
