/** Charges read on a thread of their own, where there are many. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { LedgerEntry } from '../../relay-core/quota/types.ts';
import { chargesFromThread } from '../../relay-core/store/charges-thread.ts';
import { sqliteCode, sqliteCodeOf } from '../../relay-core/store/error.ts';
import { openStore } from '../../relay-core/store/store.ts';
import { damageTable } from './damage.ts';
import { chargesIn } from './records.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-charges-'));
  file = join(directory, 'store.sqlite');
  openStore(file, { synchronous: 'normal' }).close();
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Of users and of senders who are none, to one recipient and to several, repeats and letters beyond ASCII included. */
const charge = (number: number): LedgerEntry => ({
  at: 1_000_000 + number,
  user: number % 3 === 0 ? null : addressKey(`user${number % 50}@example.com`),
  recipients: Array.from({ length: 1 + (number % 4) }, (_, position) =>
    addressKey(`empfänger${number + (position % 2)}@example.org`),
  ),
});

function put(count: number): readonly LedgerEntry[] {
  const charges = Array.from({ length: count }, (_, number) => charge(number));
  const database = new DatabaseSync(file);
  const insert = database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)');
  database.exec('BEGIN');
  for (const { at, user, recipients } of charges) insert.run(at, user, recipients.join('\n'));
  database.exec('COMMIT');
  database.close();
  return charges;
}

const fromThread = (behind: number) => chargesIn({ charges: () => chargesFromThread(file, behind) }, 0);

test.each([0, 1, 4_999, 5_000, 12_345])(
  '%i charges come as they were kept, in their order',
  async (count) => {
    const charges = put(count);
    expect(await fromThread(0)).toEqual(charges);
    expect(await fromThread(4_990)).toEqual(charges.slice(4_990));
  },
);

test('a store with many gives those after a time, as one with few does', async () => {
  const charges = put(100_500);
  const store = openStore(file, { synchronous: 'normal' });
  try {
    expect(await chargesIn(store, 1_000_099)).toEqual(charges.slice(100));
    expect(await chargesIn(store, 1_100_000)).toEqual(charges.slice(100_001));
  } finally {
    store.close();
  }
});

test('whoever stops in the middle ends the thread', async () => {
  put(20_000);
  const started: Worker[] = [];
  const onWorker = (worker: Worker) => started.push(worker);
  process.on('worker', onWorker);
  try {
    for await (const batch of chargesFromThread(file, 0)) {
      expect(batch).not.toEqual([]);
      break;
    }
  } finally {
    process.off('worker', onWorker);
  }
  const ended = -1;
  expect(new Set(started.map(({ threadId }) => threadId))).toEqual(new Set([ended]));
});

test('a table that is damaged gives the error of SQLite', async () => {
  put(20_000);
  damageTable(file, 'charges');
  const reading = fromThread(0).catch((error: unknown) => sqliteCodeOf(error));
  expect(await reading).toBe(sqliteCode.corrupt);
});
