/** What records say of the quota windows: before and after each charge, one going on where the other ended (CQ-8). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuotaWindow } from '../../relay-core/contract/index.ts';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { Conversation, TestRelay } from './relay-of-tests.ts';
import { testRelay } from './relay-of-tests.ts';

const day = 'customer-recipients-day';
const peak = 'customer-recipients-ten-minutes';
const messages = 'user-messages-day';
const unique = 'user-unique-recipients-day';

/** A connection behind DATA. */
function behindData(relay: TestRelay, from: string, ...to: string[]): Conversation {
  const client = relay.connect();
  client.mail(from);
  for (const each of to) client.rcpt(each);
  expect(client.data()).toMatch(/^354/);
  return client;
}

/** A window's figures in the records of accepted messages, in the order of their charges: "0→2". */
const figures = ({ kept }: TestRelay, window: QuotaWindow) =>
  kept
    .filter(({ decision }) => decision.outcome === 'accepted')
    .flatMap(({ quota }) => quota.filter((change) => change.window === window))
    .map(({ before, after }) => `${before}→${after}`);

const used = (relay: TestRelay, window: QuotaWindow) => {
  const now = relay.clock.now;
  const anna = addressKey('anna@example.com');
  return [...relay.counts.customer(now), ...relay.counts.user(anna, now)].find(
    (state) => state.window === window,
  )?.used;
};

/** A store that answers when told. */
function slowDisk(relay: TestRelay): () => void {
  let go = () => {};
  relay.disk = new Promise((resolve) => {
    go = resolve;
  });
  return go;
}

const two = ['a@elsewhere.org', 'b@elsewhere.org'];

describe('two transactions that are open at once', () => {
  test.each([
    ['in the order of their DATA', ['0→2', '2→3'], ['0→1', '1→2']],
    ['the other way round', ['0→1', '1→3'], ['0→1', '1→2']],
  ])('each go on where the other ended, finished %s · CQ-8', async (order, ofDay, ofMessages) => {
    const relay = testRelay();
    const clients = [
      behindData(relay, 'anna@example.com', ...two),
      behindData(relay, 'anna@example.com', 'c@elsewhere.org'),
    ];
    for (const client of order.startsWith('in') ? clients : clients.reverse()) await client.message();
    expect(figures(relay, day)).toEqual(ofDay);
    expect(figures(relay, peak)).toEqual(ofDay);
    expect(figures(relay, unique)).toEqual(ofDay);
    expect(figures(relay, messages)).toEqual(ofMessages);
  });
  test('do so while both are being stored, neither of them charged yet · CQ-8', async () => {
    const relay = testRelay();
    const clients = [
      behindData(relay, 'anna@example.com', ...two),
      behindData(relay, 'anna@example.com', 'c@elsewhere.org'),
    ];
    const go = slowDisk(relay);
    const replies = clients.map((client) => client.message());
    await new Promise(setImmediate);
    expect(used(relay, day)).toBe(0);
    go();
    for (const reply of replies) expect(await reply).toMatch(/^250/);
    expect(figures(relay, day)).toEqual(['0→2', '2→3']);
    expect(figures(relay, messages)).toEqual(['0→1', '1→2']);
    expect(figures(relay, unique)).toEqual(['0→2', '2→3']);
    expect(used(relay, day)).toBe(3);
  });
  test('of one user to one recipient, stored at once: it is unique in the first · UQ-5', async () => {
    const relay = testRelay();
    const clients = [1, 2].map(() => behindData(relay, 'anna@example.com', 'a@elsewhere.org'));
    const go = slowDisk(relay);
    const replies = clients.map((client) => client.message());
    await new Promise(setImmediate);
    go();
    await Promise.all(replies);
    expect(figures(relay, unique)).toEqual(['0→1', '1→1']);
  });
  test('of different users have windows of their own, and the customer’s together · UQ-4 · CQ-4', async () => {
    const relay = testRelay();
    const clients = ['anna@example.com', 'bo@example.net'].map((from) => behindData(relay, from, ...two));
    const go = slowDisk(relay);
    const replies = clients.map((client) => client.message());
    await new Promise(setImmediate);
    go();
    await Promise.all(replies);
    expect(figures(relay, day)).toEqual(['0→2', '2→4']);
    expect(figures(relay, messages)).toEqual(['0→1', '0→1']);
    expect(figures(relay, unique)).toEqual(['0→2', '0→2']);
  });
});

test('there is no moment at which a message that was stored counts nowhere: neither as under way nor as charged', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const relay = testRelay();
    const clients = [1, 2].map((each) => behindData(relay, 'anna@example.com', `${each}@elsewhere.org`));
    const go = slowDisk(relay);
    const first = clients[0]?.message();
    await new Promise(setImmediate);
    go();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await Promise.all([first, clients[1]?.message()]);
    expect(figures(relay, day)).toEqual(['0→1', '1→2']);
  }
});
test('a recipient that was counted while the message was under way is not new at its charge · UQ-5', async () => {
  const relay = testRelay();
  const slow = behindData(relay, 'anna@example.com', 'a@elsewhere.org');
  await relay.connect().send('anna@example.com', 'a@elsewhere.org');
  await slow.message();
  expect(figures(relay, unique).at(-1)).toBe('1→1');
});
test('windows that roll between DATA and the end are counted at the charge · CQ-9', async () => {
  const relay = testRelay();
  await relay.connect().send('anna@example.com', 'a@elsewhere.org');
  const slow = behindData(relay, 'anna@example.com', 'a@elsewhere.org');
  relay.clock.now += 24 * 60 * 60 * 1000;
  await slow.message();
  for (const window of [day, peak, messages, unique] as const)
    expect(figures(relay, window).at(-1)).toBe('0→1');
});
test('a message that has been stored for ten minutes of a fast clock is out of the shorter window · CQ-9', async () => {
  const relay = testRelay();
  const clients = [1, 2].map((each) => behindData(relay, 'anna@example.com', `${each}@elsewhere.org`));
  const go = slowDisk(relay);
  const replies = [clients[0]?.message()];
  await new Promise(setImmediate);
  relay.clock.now += 600_000;
  replies.push(clients[1]?.message());
  await new Promise(setImmediate);
  go();
  await Promise.all(replies);
  expect(figures(relay, peak)).toEqual(['0→1', '0→1']);
  expect(figures(relay, day)).toEqual(['0→1', '1→2']);
});

describe('windows that are emptied', () => {
  test('between DATA and the end of the message begin at 0 with it', async () => {
    const relay = testRelay();
    await relay.connect().send('anna@example.com', 'a@elsewhere.org');
    const slow = behindData(relay, 'anna@example.com', 'a@elsewhere.org');
    relay.counts.startOver();
    await slow.message();
    for (const window of [day, messages, unique] as const) expect(figures(relay, window).at(-1)).toBe('0→1');
    expect(used(relay, day)).toBe(1);
  });
  test('while a message is being stored begin at 0 with the next one', async () => {
    const relay = testRelay();
    const clients = [1, 2].map((each) => behindData(relay, 'anna@example.com', `${each}@elsewhere.org`));
    const go = slowDisk(relay);
    const replies = [clients[0]?.message()];
    await new Promise(setImmediate);
    relay.counts.startOver();
    replies.push(clients[1]?.message());
    await new Promise(setImmediate);
    go();
    await Promise.all(replies);
    expect(figures(relay, day)).toEqual(['0→1', '0→1']);
    expect(used(relay, day)).toBe(1);
  });
});

test('a message that could not be stored counts in nobody’s figures from then on', async () => {
  const relay = testRelay();
  relay.answers = [{ outcome: 'full', detail: 'database or disk is full' }];
  expect(await relay.connect().send('anna@example.com', ...two)).toMatch(/^452/);
  await relay.connect().send('anna@example.com', 'c@elsewhere.org');
  expect(figures(relay, day)).toEqual(['0→1']);
  expect(relay.kept[0]?.quota[1]).toMatchObject({ before: 0, after: 0 });
});

test('whatever is open and stored at once, records are a chain that ends where the window stands · CQ-8', async () => {
  const step = fc.record({ client: fc.nat(3), recipients: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(3), async (steps, flushEvery) => {
      const relay = testRelay();
      const open = new Map<number, Conversation>();
      const replies: Promise<string>[] = [];
      let go = slowDisk(relay);
      let recipient = 0;
      for (const [index, { client, recipients }] of steps.entries()) {
        const known = open.get(client);
        if (known === undefined) {
          const to = Array.from({ length: recipients }, () => `${recipient++}@elsewhere.org`);
          open.set(client, behindData(relay, 'anna@example.com', ...to));
        } else {
          open.delete(client);
          replies.push(known.message());
          await new Promise(setImmediate);
        }
        if (index % (flushEvery + 1) === 0) {
          go();
          await Promise.all(replies);
          go = slowDisk(relay);
        }
      }
      go();
      await Promise.all(replies);
      for (const window of [day, peak, messages, unique] as const) {
        const ends = figures(relay, window).map((each) => each.split('→').map(Number));
        expect(ends.map(([before]) => before)).toEqual([0, ...ends.map(([, after]) => after)].slice(0, -1));
        expect(ends.at(-1)?.[1] ?? 0).toBe(used(relay, window));
      }
    }),
    { numRuns: 60 },
  );
});
