/** Stores of earlier versions: what was kept is there after they are opened by this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../relay-core/store/store.ts';
import { acceptedTransaction, refusedTransaction, sessionRecord } from './records.ts';

let directory = '';
const file = () => join(directory, 'bench.sqlite');
const session = sessionRecord('c31sm1401185itd.5');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-migrations-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Takes a store back to the tables in which messages stood apart from their transactions, and a search had an index. */
function toSeparateMessages(): void {
  const database = new DatabaseSync(file());
  database.exec(`
    CREATE TABLE messages (number INTEGER PRIMARY KEY, content BLOB NOT NULL);
    INSERT INTO messages SELECT number, content FROM transactions WHERE content IS NOT NULL;
    ALTER TABLE transactions DROP COLUMN content;
    ALTER TABLE transactions ADD COLUMN search TEXT NOT NULL DEFAULT '';
    UPDATE transactions SET search = courses.search FROM courses WHERE courses.number = transactions.number;
    ALTER TABLE courses DROP COLUMN search;
    CREATE INDEX transactions_search ON transactions (number, outcome, search);
    ALTER TABLE ledger DROP COLUMN clock_after;
    PRAGMA user_version = 6;`);
  database.close();
}

/** Takes a store back to the ledger that did not say whether the clock was stopped in order. */
function toClockThatMayHaveRunOn(): void {
  const database = new DatabaseSync(file());
  database.exec('ALTER TABLE ledger DROP COLUMN clock_after; PRAGMA user_version = 7;');
  database.close();
}

test('messages that stood in a table of their own are found with their transactions, and by a search', async () => {
  const { transaction, accepted } = acceptedTransaction(session, 1);
  const refusal = refusedTransaction(session, 2, 'UQ-1');
  const before = openStore(file(), { synchronous: 'normal' });
  await before.keepTransaction(session, transaction, accepted);
  await before.keepTransaction(session, refusal, null);
  before.close();
  toSeparateMessages();

  const after = openStore(file(), { synchronous: 'normal' });
  const { length } = accepted.content;
  const kept = after.message(transaction.id, 0, length);
  expect(Buffer.from(kept?.content ?? [])).toEqual(Buffer.from(accepted.content));
  expect(kept?.size).toBe(length);
  expect(after.message(refusal.id, 0, 100)).toBeNull();
  expect(after.transaction(refusal.id)).toEqual(refusal);
  const found = after.transactions({ limit: 10, search: transaction.message?.subject ?? '' });
  expect(found.items.map(({ id }) => id)).toEqual([transaction.id]);
  after.close();
});

test('a clock’s setting that does not say how it went on is there, and may have run on', () => {
  const setting = { mode: 'simulated', speed: 60, offsetMs: 5_000, setAt: 1_000, after: 'stopped' } as const;
  const before = openStore(file(), { synchronous: 'normal' });
  before.keepClock(setting);
  expect(before.clockSetting()).toEqual(setting);
  before.close();
  toClockThatMayHaveRunOn();

  const after = openStore(file(), { synchronous: 'normal' });
  expect(after.clockSetting()).toEqual({ ...setting, after: 'ran-on' });
  after.close();
});
