/** The writer's thread: what goes over to it arrives whole, what cannot be kept comes back, and nothing waits for the disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../relay-core/store/store.ts';
import { acceptedTransaction, refusedTransaction, sessionRecord } from './records.ts';

let directory = '';
let file = '';
const session = sessionRecord('c31sm1401185itd.5');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-writer-'));
  file = join(directory, 'bench.sqlite');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open() {
  const store = openStore(file, { synchronous: 'full' });
  onTestFinished(() => store.close());
  return store;
}

test('contents of one batch arrive each to the byte: empty ones, views into a larger buffer, none', async () => {
  const store = open();
  const pool = Uint8Array.from({ length: 5_000 }, (_, index) => index % 251);
  const contents = [new Uint8Array(), pool.subarray(100, 4_100), Uint8Array.of(13, 10), pool];
  const kept = contents.map((content, number) => {
    const { transaction, accepted } = acceptedTransaction(session, number, { content });
    return store.keepTransaction(session, transaction, accepted);
  });
  const refused = refusedTransaction(session, 9, 'UQ-1');
  kept.splice(2, 0, store.keepTransaction(session, refused, null));
  expect(new Set((await Promise.all(kept)).map(({ outcome }) => outcome))).toEqual(new Set(['kept']));
  for (const [number, content] of contents.entries())
    expect(store.message(`${session.id}-${number}`, 0, 10_000)?.content).toEqual(content);
  expect(store.message(refused.id, 0, 10)).toBeNull();
  expect(pool[4_099]).toBe(4_099 % 251);
});

test('the event loop turns while a commit waits for the disk', async () => {
  const store = open();
  // Holds the file's write lock, as a disk that does not answer would hold the commit.
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const { transaction, accepted } = acceptedTransaction(session, 1);
  let isKept = false;
  const keeping = store.keepTransaction(session, transaction, accepted).then((kept) => {
    isKept = kept.outcome === 'kept';
  });
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  expect([isKept, store.transactionCount()]).toEqual([false, 0]);
  other.exec('ROLLBACK');
  other.close();
  await keeping;
  expect([isKept, store.transactionCount()]).toEqual([true, 1]);
});

test('what cannot be kept is answered with the reason, what stands beside it is kept', async () => {
  const store = open();
  const taken = new DatabaseSync(file);
  taken.exec(`CREATE TRIGGER refuse BEFORE INSERT ON transactions WHEN new.rule = 'UQ-2'
    BEGIN SELECT raise(ABORT, 'not this one'); END`);
  taken.close();
  const keep = (number: number, rule: 'UQ-1' | 'UQ-2') =>
    store.keepTransaction(session, refusedTransaction(session, number, rule), null);
  expect(await Promise.all([keep(1, 'UQ-1'), keep(2, 'UQ-2'), keep(3, 'UQ-1')])).toEqual([
    { outcome: 'kept' },
    { outcome: 'failed', detail: 'not this one' },
    { outcome: 'kept' },
  ]);
  expect(store.transactions({ limit: 9 }).items.map(({ id }) => id)).toEqual([
    `${session.id}-3`,
    `${session.id}-1`,
  ]);
});

test('closing keeps what was given, and is done once', async () => {
  const store = open();
  const { transaction, accepted } = acceptedTransaction(session, 1);
  const keeping = store.keepTransaction(session, transaction, accepted);
  const ending = store.keepSession({ ...session, finishedAt: session.startedAt + 5 });
  store.close();
  store.close();
  expect([await keeping, await ending]).toEqual([{ outcome: 'kept' }, { outcome: 'kept' }]);
  const again = open();
  expect(again.transactionCount()).toBe(1);
  expect(again.session(session.id)?.finishedAt).toBe(session.startedAt + 5);
});

test('how safely it writes can be changed while it runs', async () => {
  const store = open();
  store.setSynchronous('normal');
  const { transaction, accepted } = acceptedTransaction(session, 1);
  expect(await store.keepTransaction(session, transaction, accepted)).toEqual({ outcome: 'kept' });
});
