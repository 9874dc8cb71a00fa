/** Courses: what is kept of each transaction to ask again how it would end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { coursesOfRecords } from '../../relay-core/store/courses-of-records.ts';
import { openStore } from '../../relay-core/store/store.ts';
import type { Store, TransactionRecord } from '../../relay-core/store/types.ts';
import { acceptedTransaction, refusedTransaction, sessionRecord, startOfRecords } from './records.ts';

let directory = '';
let store: Store;
const file = () => join(directory, 'bench.sqlite');
const session = sessionRecord('c31sm1401185itd.5');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-courses-'));
  store = openStore(file(), { synchronous: 'normal' });
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

const { transaction, accepted } = acceptedTransaction(session, 1);
const tls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

function rejected(changes: Partial<TransactionRecord>, rule: string): TransactionRecord {
  return { ...transaction, ...changes, decision: { ...transaction.decision, outcome: 'rejected', rule } };
}

function mailLine(from: string, parameters: string): Partial<TransactionRecord> {
  const [first, ...others] = transaction.dialogue;
  if (first === undefined) throw new Error('the record has lines');
  return {
    envelope: { before: { from, to: ['a@x.org'] }, after: { from, to: ['a@x.org'] } },
    dialogue: [{ ...first, text: `MAIL FROM:<${from}>${parameters}` }, ...others],
  };
}

/** One of every kind. */
const records: readonly TransactionRecord[] = [
  transaction,
  { ...transaction, client: { ...transaction.client, tls, authenticatedAs: 'anna@example.com' } },
  { ...transaction, ...mailLine('anna@example.com', ' BODY=8BITMIME size=4000 AUTH=<>') },
  { ...transaction, ...mailLine('"a> SIZE=1"@example.com', ' SIZE=99999999999999999999') },
  { ...transaction, ...mailLine('', '') },
  {
    ...transaction,
    envelope: { ...transaction.envelope, after: { from: 'postmaster@example.com', to: ['a@x.org'] } },
    recipients: [
      { address: 'a@x.org', reply: '250 2.1.5 OK' },
      { address: 'b', reply: '553-5.1.2 We\n553 5.1.2 were' },
      { address: 'c@x.org', reply: '452-4.5.3 Your message\n452 4.5.3 has too many' },
      { address: 'd@x.org', reply: '550 5.5.3 Too many recipients for this sender' },
    ],
  },
  rejected({ recipients: [], quota: [], message: null }, 'PRT-4'),
  rejected({ recipients: [{ address: '', reply: '555 5.5.2' }], quota: [], message: null }, 'RFC-5321'),
  refusedTransaction(session, 9, 'UQ-1'),
  rejected({}, 'FIL-1'),
  { ...transaction, decision: { ...transaction.decision, outcome: 'abandoned', rule: null, reply: null } },
];

async function keepAll(): Promise<void> {
  for (const record of records)
    await store.keepTransaction(session, record, record.decision.outcome === 'accepted' ? accepted : null);
}

test('hold who spoke, what was asked and how it ended, oldest first', async () => {
  await keepAll();
  const { total, lastOfEarlierLedger, inOrder } = store.courses();
  const courses = [...inOrder];
  expect({ total, lastOfEarlierLedger }).toEqual({ total: records.length, lastOfEarlierLedger: 0 });
  expect(courses.map(({ number }) => number)).toEqual(records.map((_, index) => index + 1));
  expect(courses[0]).toEqual({
    number: 1,
    finishedAt: startOfRecords + 1,
    client: {
      address: '203.0.113.7',
      heloName: 'mail.example.com',
      portRole: 'relay',
      tls: null,
      authenticatedAs: null,
    },
    reversePath: 'anna@example.com',
    reversePathAfter: 'anna@example.com',
    recipients: ['recipient1@example.org'],
    answers: null,
    declaredBytes: null,
    messageBytes: 1024,
    ending: { outcome: 'accepted' },
  });
  expect(courses[1]?.client).toMatchObject({ tls, authenticatedAs: 'anna@example.com' });
  expect(courses.map(({ declaredBytes }) => declaredBytes)).toEqual([
    ...[null, null, 4000, Number.MAX_SAFE_INTEGER],
    ...records.slice(4).map(() => null),
  ]);
  expect(courses[5]).toMatchObject({
    reversePathAfter: 'postmaster@example.com',
    recipients: ['a@x.org', 'b', 'c@x.org', 'd@x.org'],
    answers: ['accepted', 'malformed', 'refused', 'refused'],
  });
  expect(courses.slice(6).map(({ ending }) => ending)).toEqual([
    { outcome: 'rejected', stage: 'mail', rule: 'PRT-4' },
    { outcome: 'rejected', stage: 'rcpt', rule: 'RFC-5321' },
    { outcome: 'rejected', stage: 'data', rule: 'UQ-1' },
    { outcome: 'rejected', stage: 'end-of-data', rule: 'FIL-1' },
    { outcome: 'abandoned' },
  ]);
  expect(courses[7]).toMatchObject({ recipients: [''], answers: ['malformed'] });
});

test('are the same where they are made of records that an earlier version kept', async () => {
  await keepAll();
  const written = [...store.courses().inOrder];
  store.close();
  const database = new DatabaseSync(file());
  database.exec(`DELETE FROM courses; ${coursesOfRecords}`);
  database.close();
  store = openStore(file(), { synchronous: 'normal' });
  expect([...store.courses().inOrder]).toEqual(written);
});

test('of one client have one client object, and rows beyond one reading follow', async () => {
  await Promise.all(
    Array.from({ length: 2_500 }, (_, number) =>
      store.keepTransaction(session, acceptedTransaction(session, number).transaction, null),
    ),
  );
  const courses = [...store.courses().inOrder];
  expect(courses).toHaveLength(2_500);
  expect(new Set(courses.map(({ client }) => client)).size).toBe(1);
});

test('stand as they did when they were asked for, and a transaction is found by its number', async () => {
  await keepAll();
  const { inOrder } = store.courses();
  await keepAll();
  expect([...inOrder]).toHaveLength(records.length);
  expect(store.transactionNumbered(9)?.id).toBe(records[8]?.id);
  expect(store.transactionNumbered(99)).toBeNull();
});
