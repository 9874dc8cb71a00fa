/** What the store promises: what is answered is on disk, is read back as it was, and is found by what people ask for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { openStore } from '../../relay-core/store/store.ts';
import type { SessionRecord, Store, TransactionRecord } from '../../relay-core/store/types.ts';
import { asText } from '../quota/charges-as-text.ts';
import { acceptedTransaction, refusedTransaction, sessionRecord, startOfRecords } from './records.ts';

let directory = '';
let store: Store;
const open = () => openStore(join(directory, 'bench.sqlite'), { synchronous: 'normal' });
const session = sessionRecord('c31sm1401185itd.5');

async function keepAccepted(count: number, from = 0): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => {
    const { transaction, accepted } = acceptedTransaction(session, from + index);
    return store.keepTransaction(session, transaction, accepted);
  });
  for (const kept of await Promise.all(all)) expect(kept).toEqual({ outcome: 'kept' });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-store-'));
  store = open();
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

test('an accepted transaction is read back whole, also by the next process', async () => {
  const { transaction, accepted } = acceptedTransaction(session, 1);
  expect(await store.keepTransaction(session, transaction, accepted)).toEqual({ outcome: 'kept' });
  expect(store.transaction(transaction.id)).toEqual(transaction);
  store.close();
  store = open();
  expect(store.transaction(transaction.id)).toEqual(transaction);
  expect(store.session(session.id)).toEqual(session);
  expect(store.transactionCount()).toBe(1);
  expect(store.latestTransactionId()).toBe(transaction.id);
});

test('what was given is read once the store has settled', async () => {
  const { transaction, accepted } = acceptedTransaction(session, 1);
  void store.keepTransaction(session, transaction, accepted);
  await store.settled();
  expect(store.transaction(transaction.id)?.id).toBe(transaction.id);
});

test('message content is kept to the byte, and read in pieces', async () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  const { transaction, accepted } = acceptedTransaction(session, 1, { content });
  await store.keepTransaction(session, transaction, accepted);
  expect(store.message(transaction.id, 0, 200_000)).toEqual({ content, size: 100_000 });
  expect(store.message(transaction.id, 65_536, 10)?.content).toEqual(content.subarray(65_536, 65_546));
  expect(store.message(transaction.id, 100_000, 10)?.content).toEqual(new Uint8Array());
  const refused = refusedTransaction(session, 2, 'UQ-1');
  await store.keepTransaction(session, refused, null);
  expect(store.message(refused.id, 0, 10)).toBeNull();
  expect(store.message('nobody-1', 0, 10)).toBeNull();
});

test('a session is kept with its first transaction and again when it closes', async () => {
  await keepAccepted(2);
  expect(store.session(session.id)?.finishedAt).toBeNull();
  const closed: SessionRecord = {
    ...session,
    finishedAt: startOfRecords + 5_000,
    dialogueOmitted: 3,
    findings: [
      { rule: 'HEL-2', severity: 'warning', text: 'One connection for each message.', fix: 'Reuse it.' },
    ],
  };
  expect(await store.keepSession(closed)).toEqual({ outcome: 'kept' });
  expect(store.session(session.id)).toEqual(closed);
  await keepAccepted(1, 2);
  expect(store.session(session.id)).toEqual(closed);
});

test('a session without a transaction is kept when it closes; one that nobody had is null', async () => {
  const alone = sessionRecord('h13sm106940wrr.3', { finishedAt: startOfRecords + 1 });
  await store.keepSession(alone);
  expect(store.session(alone.id)).toEqual(alone);
  expect(store.session('h13sm106940wrr.4')).toBeNull();
});

test('the transactions of one session come in their order, and none of a session with a longer id', async () => {
  const longer = sessionRecord(`${session.id}0`);
  await keepAccepted(300);
  const { transaction, accepted } = acceptedTransaction(longer, 1);
  await store.keepTransaction(longer, transaction, accepted);
  await keepAccepted(300, 300);
  const all = Array.from({ length: 600 }, (_, number) => `${session.id}-${number}`);
  for (const limit of [1, 500, 600, 700]) {
    const { items, total, last } = store.transactionsOfSession(session.id, limit);
    expect(items.map(({ id }) => id)).toEqual(all.slice(0, limit));
    expect([total, last?.id]).toEqual([600, `${session.id}-599`]);
  }
  expect(store.transactionsOfSession('h13sm106940wrr.4', 500)).toEqual({ items: [], total: 0, last: null });
});

test('every id is found again, whether its index is written, in memory or lost with the process', async () => {
  await keepAccepted(700);
  const find = () =>
    [0, 255, 256, 300, 699].map((number) => store.transaction(`${session.id}-${number}`)?.id);
  const all = [0, 255, 256, 300, 699].map((number) => `${session.id}-${number}`);
  expect(find()).toEqual(all);
  store.close();
  store = open();
  expect(find()).toEqual(all);
  await keepAccepted(10, 700);
  expect(store.transaction(`${session.id}-705`)?.id).toBe(`${session.id}-705`);
});

describe('lists', () => {
  const numbers = (items: readonly TransactionRecord[]) =>
    items.map(({ id }) => Number(id.split('-').at(-1)));

  test('go newest first, page by page, each transaction once', async () => {
    await keepAccepted(25);
    const seen: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = store.transactions({ limit: 10, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...numbers(page.items));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 24 - index));
  });

  test('stay as they were begun while new transactions come', async () => {
    await keepAccepted(10);
    const { nextCursor } = store.transactions({ limit: 5 });
    await keepAccepted(10, 10);
    expect(numbers(store.transactions({ limit: 5, cursor: nextCursor ?? '' }).items)).toEqual([
      4, 3, 2, 1, 0,
    ]);
  });

  test('can be of one outcome', async () => {
    await keepAccepted(5);
    await store.keepTransaction(session, refusedTransaction(session, 5, 'CQ-1'), null);
    const abandoned = refusedTransaction(session, 6, 'CQ-1');
    const decision = { ...abandoned.decision, outcome: 'abandoned' as const, rule: null, reply: null };
    await store.keepTransaction(session, { ...abandoned, decision }, null);
    expect(numbers(store.transactions({ limit: 9, outcome: 'accepted' }).items)).toEqual([4, 3, 2, 1, 0]);
    expect(numbers(store.transactions({ limit: 9, outcome: 'rejected' }).items)).toEqual([5]);
    expect(numbers(store.transactions({ limit: 9, outcome: 'abandoned' }).items)).toEqual([6]);
  });

  test('find text in addresses, HELO name, rule, code, subject and ids, without regard to case', async () => {
    await keepAccepted(3);
    await store.keepTransaction(session, refusedTransaction(session, 3, 'UQ-1'), null);
    const found = (search: string) => numbers(store.transactions({ limit: 9, search }).items);
    expect(found('RECIPIENT1@')).toEqual([1]);
    expect(found('mail.EXAMPLE.com')).toEqual([3, 2, 1, 0]);
    expect(found('203.0.113.7')).toEqual([3, 2, 1, 0]);
    expect(found('uq-1')).toEqual([3]);
    expect(found('550 5.4.5')).toEqual([3]);
    expect(found('message 2')).toEqual([2]);
    expect(found('<2@mail.example.com>')).toEqual([2]);
    expect(found(session.id)).toEqual([3, 2, 1, 0]);
    expect(store.transactions({ limit: 9, search: 'message', outcome: 'rejected' }).items).toEqual([]);
  });

  test('take % and _ in a search as they are', async () => {
    const { transaction, accepted } = acceptedTransaction(session, 1, { recipient: 'a_50%@example.org' });
    await store.keepTransaction(session, transaction, accepted);
    await keepAccepted(1, 2);
    expect(numbers(store.transactions({ limit: 9, search: '_50%' }).items)).toEqual([1]);
    expect(numbers(store.transactions({ limit: 9, search: '%' }).items)).toEqual([1]);
  });
});

describe('charges', () => {
  test('come in the order of their time, those later than a time only', async () => {
    await keepAccepted(40);
    const after = [...store.chargesBehind(store.lastChargeUntil(startOfRecords + 29))];
    expect(after.map(({ at }) => at - startOfRecords)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(after[0]).toEqual({
      at: startOfRecords + 30,
      user: addressKey('anna@example.com'),
      recipients: [addressKey('recipient30@example.org')],
    });
    expect([...store.chargesBehind(0)]).toHaveLength(40);
    expect([...store.chargesBehind(store.lastChargeUntil(startOfRecords + 39))]).toEqual([]);
  });

  test('are handed over at a start as text, those later than a time only', async () => {
    await keepAccepted(40);
    const expected = [...store.chargesBehind(store.lastChargeUntil(startOfRecords + 29))];
    expect([...store.chargesAsText(startOfRecords + 29)]).toEqual([{ charges: 10, text: asText(expected) }]);
    expect([...store.chargesAsText(startOfRecords + 39)]).toEqual([]);
  });

  test('name every recipient, repeats included, and no user where the sender is none · CQ-3 UQ-4', async () => {
    const { transaction, accepted } = acceptedTransaction(session, 1);
    const recipients = ['a@example.org', 'b@example.org', 'a@example.org'].map(addressKey);
    await store.keepTransaction(session, transaction, {
      ...accepted,
      charge: { at: startOfRecords, user: null, recipients },
    });
    expect([...store.chargesBehind(0)]).toEqual([{ at: startOfRecords, user: null, recipients }]);
  });

  test('come with accepted messages only: a refusal uses up nothing · CQ-8', async () => {
    await store.keepTransaction(session, refusedTransaction(session, 1, 'UQ-1'), null);
    expect([...store.chargesBehind(0)]).toEqual([]);
  });
});

test('refusals by a quota are summed by window, user and step', async () => {
  const keep = (number: number, rule: 'UQ-1' | 'CQ-1', at: number) =>
    store.keepTransaction(session, { ...refusedTransaction(session, number, rule), finishedAt: at }, null);
  await keep(1, 'UQ-1', startOfRecords);
  await keep(2, 'UQ-1', startOfRecords + 10);
  await keep(3, 'UQ-1', startOfRecords + 59_999);
  await keep(4, 'UQ-1', startOfRecords + 130_000);
  await keep(5, 'CQ-1', startOfRecords + 10);
  const refusals = (window: 'user-messages-day' | 'customer-recipients-day', user: string | null) =>
    store.quotaRefusals(window, user, startOfRecords, 60_000);
  expect(refusals('user-messages-day', 'anna@example.com')).toEqual([
    { at: startOfRecords + 59_999, refused: 2 },
    { at: startOfRecords + 130_000, refused: 1 },
  ]);
  expect(refusals('user-messages-day', 'bo@example.net')).toEqual([]);
  expect(refusals('customer-recipients-day', null)).toEqual([{ at: startOfRecords + 10, refused: 1 }]);
});

test('a session that closes goes with the next message, or by itself soon after', async () => {
  const { transaction, accepted } = acceptedTransaction(session, 1);
  const order: string[] = [];
  const closing = store.keepSession(session).then(() => order.push('session'));
  await store.keepTransaction(session, transaction, accepted).then(() => order.push('message'));
  await closing;
  expect(order).toEqual(['session', 'message']);
  expect(await store.keepSession({ ...session, finishedAt: startOfRecords + 5 })).toEqual({
    outcome: 'kept',
  });
  expect(store.session(session.id)).toMatchObject({ finishedAt: startOfRecords + 5 });
});

test('a closed store keeps what waited, and says so when more comes', async () => {
  const { transaction, accepted } = acceptedTransaction(session, 1);
  const waiting = store.keepTransaction(session, transaction, accepted);
  store.close();
  expect(await waiting).toEqual({ outcome: 'kept' });
  expect(await store.keepSession(session)).toEqual({ outcome: 'failed', detail: 'The store is closed.' });
  store = open();
  expect(store.transactionCount()).toBe(1);
});
