/** Counting again after a start, from a real store: what is told on the way, and that all of it counts. */
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { AddressKey } from '../../relay-core/organisation/types.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import type { LedgerEntry } from '../../relay-core/quota/types.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { restoredCounts, type StartProgress } from '../../relay-core/restoring.ts';
import { openDatabase } from '../../relay-core/store/database.ts';
import { createStoreOver } from '../../relay-core/store/store.ts';

const now = Date.UTC(2026, 0, 2);
const anna = addressKey('anna@example.com');
const recipients = [addressKey('someone@example.org')];
const users = [anna, null, addressKey('"bo b"@example.com'), addressKey('åsa@exempel.example')];

/** So many charges of a day and a bit, the last of them now; some to several recipients, or to one twice. */
function mixedCharges(total: number): LedgerEntry[] {
  return Array.from({ length: total }, (_, charge) => ({
    at: now - Math.floor(((total - 1 - charge) * 1.1 * dayMs) / total),
    user: users[charge % users.length] ?? null,
    recipients: Array.from({ length: 1 + (charge % 3) }, (_, position) =>
      addressKey(`recipient${(charge * (position + 1)) % 700}@example.org`),
    ),
  }));
}

/** A store of these charges and one window filled in. */
function storeOf(charges: readonly LedgerEntry[]) {
  const database = openDatabase(':memory:');
  const store = createStoreOver(database);
  database.exec('BEGIN');
  for (const charge of charges) put(database, charge.at, charge.user, charge.recipients.join('\n'));
  database.exec('COMMIT');
  store.keepFill({ at: now, window: 'customer-recipients-day', user: null, amount: 5 });
  return { database, store };
}

function put(database: DatabaseSync, at: number | string, user: AddressKey | null, recipients: string): void {
  database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)').run(at, user, recipients);
}

async function restored(charges: readonly LedgerEntry[]) {
  const { store } = storeOf(charges);
  const told: StartProgress[] = [];
  const counts = await restoredCounts(store, now, (progress) => told.push(progress));
  store.close();
  return { told, counts };
}

test('every charge of the last day and every fill counts, in windows of users and of the customer · CQ-8', async () => {
  const charges = mixedCharges(9_001);
  const { counts } = await restored(charges);
  const expected = createQuotaCounts();
  for (const charge of charges) expected.restore(charge);
  expected.fill({ at: now, window: 'customer-recipients-day', user: null, amount: 5 });
  expect(counts.customer(now).every(({ used }) => used > 5)).toBe(true);
  for (const at of [now, now + 1, now + dayMs / 3]) {
    expect(counts.customer(at)).toEqual(expected.customer(at));
    for (const user of users)
      if (user !== null) expect(counts.user(user, at)).toEqual(expected.user(user, at));
    for (const user of users) {
      const demand = { user, recipients: [...recipients, ...(charges[8_000]?.recipients ?? [])] };
      expect(counts.counts(demand, at)).toEqual(expected.counts(demand, at));
    }
  }
});

test('a long count tells how far it has come, up to the end', async () => {
  const total = 200_001;
  const { told, counts } = await restored(
    Array.from({ length: total }, (_, charge) => ({ at: now - total + charge, user: anna, recipients })),
  );
  expect(counts.customer(now).map(({ used }) => used)).toEqual([total, total + 5]);
  expect(told.length).toBeGreaterThan(10);
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  expect(told.at(-1)).toEqual({ step: 'counting-charges', done: total, total });
});

test('a short one tells nothing', async () => {
  expect((await restored(mixedCharges(5_000))).told).toEqual([]);
});

test.each([
  ['a time that is none', 'yesterday', 'a@example.org'],
  ['no recipient', now, ''],
  ['another charge among its recipients', now, `a@example.org\x1e${now}\x1f\x1fb@example.org`],
])('a damaged charge, with %s, is refused and not counted as another', async (_, at, text) => {
  const { store, database } = storeOf(mixedCharges(10));
  put(database, at, anna, text);
  await expect(restoredCounts(store, now, () => undefined)).rejects.toThrow(/charge without its columns/);
  store.close();
});
