/** What the store does when it cannot keep something, or cannot be opened: it says so, loses nothing and goes on. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../relay-core/store/database.ts';
import { StoreError } from '../../relay-core/store/error.ts';
import { migrations } from '../../relay-core/store/migrations.ts';
import { createStoreOver, openStore } from '../../relay-core/store/store.ts';
import { acceptedTransaction, refusedTransaction, sessionRecord } from './records.ts';

let directory = '';
let file = '';
const session = sessionRecord('c31sm1401185itd.5');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-store-'));
  file = join(directory, 'bench.sqlite');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function problemOfOpening(path: string): StoreError {
  try {
    openStore(path, { synchronous: 'normal' }).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

test('a record that cannot be made into a row is an answer, and no exception', async () => {
  const store = openStore(file, { synchronous: 'normal' });
  const transaction = refusedTransaction(session, 1, 'CQ-1');
  const tooLarge = {
    get: () => {
      throw new RangeError('Invalid string length');
    },
  };
  const failed = { outcome: 'failed', detail: 'Invalid string length' };
  const unfitTransaction = Object.defineProperty({ ...transaction }, 'recipients', tooLarge);
  expect(await store.keepTransaction(session, unfitTransaction, null)).toEqual(failed);
  const unfitSession = Object.defineProperty({ ...session }, 'findings', tooLarge);
  expect(await store.keepSession(unfitSession)).toEqual(failed);
  expect(await store.keepTransaction(session, transaction, null)).toEqual({ outcome: 'kept' });
  store.close();
});

describe('a full disk', () => {
  test('is answered as full for what does not fit; what was kept stays, and later work goes on', async () => {
    const database = openDatabase(file);
    const store = createStoreOver(database);
    database.exec('PRAGMA max_page_count = 60');
    const keptIds: string[] = [];
    let full = 0;
    for (let number = 0; number < 200; number += 1) {
      const { transaction, accepted } = acceptedTransaction(session, number);
      const kept = await store.keepTransaction(session, transaction, accepted);
      if (kept.outcome === 'kept') keptIds.push(transaction.id);
      if (kept.outcome === 'full') full += 1;
    }
    expect(keptIds.length).toBeGreaterThan(5);
    expect(full).toBeGreaterThan(100);
    expect(keptIds.length + full).toBe(200);
    const readable = store.transactions({ limit: 500 }).items.map(({ id }) => id);
    expect(readable).toEqual(keptIds.toReversed());
    expect([...store.chargesBehind(0)]).toHaveLength(keptIds.length);

    database.exec('PRAGMA max_page_count = 100000');
    const { transaction, accepted } = acceptedTransaction(session, 1_000);
    expect(await store.keepTransaction(session, transaction, accepted)).toEqual({ outcome: 'kept' });
    store.close();

    const again = openStore(file, { synchronous: 'normal' });
    expect(again.transactionCount()).toBe(keptIds.length + 1);
    expect(again.session(session.id)).toEqual(session);
    again.close();
  });

  test('refuses the message that is too large, not those beside it in the same commit', async () => {
    const database = openDatabase(file);
    const store = createStoreOver(database);
    database.exec('PRAGMA max_page_count = 60');
    const keep = (number: number, bytes: number) => {
      const { transaction, accepted } = acceptedTransaction(session, number, {
        content: new Uint8Array(bytes),
      });
      return store.keepTransaction(session, transaction, accepted);
    };
    const answers = await Promise.all([keep(1, 1_000), keep(2, 1_000_000), keep(3, 1_000)]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['kept', 'full', 'kept']);
    expect(store.transactions({ limit: 9 }).items.map(({ id }) => id)).toEqual([
      `${session.id}-3`,
      `${session.id}-1`,
    ]);
    expect(store.session(session.id)).toEqual(session);
    store.close();
  });

  test('at the first transaction of a session leaves no trace of the session either', async () => {
    const database = openDatabase(file);
    const store = createStoreOver(database);
    database.exec('PRAGMA max_page_count = 60');
    const { transaction, accepted } = acceptedTransaction(session, 1, { content: new Uint8Array(1_000_000) });
    expect((await store.keepTransaction(session, transaction, accepted)).outcome).toBe('full');
    expect(store.session(session.id)).toBeNull();
    await store.keepTransaction(session, refusedTransaction(session, 2, 'UQ-1'), null);
    expect(store.session(session.id)).toEqual(session);
    store.close();
  });
});

test('a write that the database refuses is answered as failed, with the reason', async () => {
  const database = openDatabase(file);
  const store = createStoreOver(database);
  database.exec('PRAGMA query_only = 1');
  const { transaction, accepted } = acceptedTransaction(session, 1);
  const kept = await store.keepTransaction(session, transaction, accepted);
  expect(kept).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('readonly') });
  database.exec('PRAGMA query_only = 0');
  expect(await store.keepTransaction(session, transaction, accepted)).toEqual({ outcome: 'kept' });
  store.close();
});

describe('opening', () => {
  test('a file that another engine uses says so, and works once that one is gone', () => {
    const first = openStore(file, { synchronous: 'normal' });
    expect(problemOfOpening(file)).toMatchObject({
      problem: 'locked',
      file,
      message: `Another engine is using ${file}.`,
      hint: expect.stringContaining('data directory'),
    });
    first.close();
    openStore(file, { synchronous: 'full' }).close();
  });

  test('a file with a table that is not as it was leaves nothing open', () => {
    openStore(file, { synchronous: 'normal' }).close();
    const change = (sql: string) => {
      const database = new DatabaseSync(file);
      database.exec(sql);
      database.close();
    };
    change('CREATE TABLE aside AS SELECT * FROM ledger; DELETE FROM ledger');
    expect(problemOfOpening(file)).toMatchObject({ problem: 'unavailable', file });
    expect(readdirSync(directory).toSorted()).toEqual(['bench.sqlite', 'bench.sqlite-lock']);
    change('INSERT INTO ledger SELECT * FROM aside');
    openStore(file, { synchronous: 'normal' }).close();
  });

  test('a file of a newer version leaves it as it is', () => {
    openStore(file, { synchronous: 'normal' }).close();
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    expect(problemOfOpening(file).problem).toBe('newer');
    const after = new DatabaseSync(file);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length + 1 });
    after.close();
  });

  test('a file that is no database, or of another program, is reported and not touched', () => {
    writeFileSync(file, 'These are not the tables you are looking for.'.repeat(100));
    expect(problemOfOpening(file).problem).toBe('damaged');
    const other = join(directory, 'other.sqlite');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE theirs (number INTEGER)');
    database.close();
    expect(problemOfOpening(other)).toMatchObject({
      problem: 'damaged',
      message: expect.stringContaining('another program'),
    });
  });

  test('a file in a directory that is not there is reported with what to check', () => {
    expect(problemOfOpening(join(directory, 'nowhere', 'bench.sqlite'))).toMatchObject({
      problem: 'unavailable',
      hint: expect.stringContaining('directory'),
    });
  });

  test('with FULL, and changing it later, keeps as before', async () => {
    const store = openStore(file, { synchronous: 'full' });
    store.setSynchronous('normal');
    const { transaction, accepted } = acceptedTransaction(session, 1);
    expect(await store.keepTransaction(session, transaction, accepted)).toEqual({ outcome: 'kept' });
    store.close();
  });
});
