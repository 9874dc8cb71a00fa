/** Windows filled in by hand: the refusal at once, one window and no other, rolled out like any use, taken out again whole. */
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../relay-core/engine.ts';
import { stateOf } from '../../relay-core/filling.ts';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { QuotaWindow } from '../../relay-core/quota/types.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { connectRaw } from '../smtp/raw-client.ts';
import { lastReply, testBench, toElsewhere } from './engine-of-tests.ts';

const anna = addressKey('anna@example.com');

function standing(engine: Engine): Record<QuotaWindow, readonly [used: number, simulated: number]> {
  const of = (window: QuotaWindow) => {
    const user = window.startsWith('user') ? anna : null;
    const { used, simulated } = stateOf(engine.counts, window, user, engine.clock.now());
    return [used, simulated] as const;
  };
  return {
    'user-messages-day': of('user-messages-day'),
    'user-unique-recipients-day': of('user-unique-recipients-day'),
    'customer-recipients-day': of('customer-recipients-day'),
    'customer-recipients-ten-minutes': of('customer-recipients-ten-minutes'),
  };
}

const untouched = {
  'user-messages-day': [0, 0],
  'user-unique-recipients-day': [0, 0],
  'customer-recipients-day': [0, 0],
  'customer-recipients-ten-minutes': [0, 0],
};

describe('a fill', () => {
  test('of 10,000 messages shows 550 5.4.5 to the next message, over SMTP · UQ-1 · UQ-3', async () => {
    const engine = await (await testBench()).start();
    engine.fillWindow({ window: 'user-messages-day', user: 'anna@example.com', used: 10_000 });
    const { port } = engine.status().listeners.find(({ role }) => role === 'relay') ?? { port: 0 };
    const client = await connectRaw({ port });
    await client.reply();
    await client.command('EHLO mail.example.com');
    expect(await client.command('MAIL FROM:<anna@example.com>')).toMatch(/^250 /);
    expect(await client.command('RCPT TO:<someone@elsewhere.org>')).toMatch(/^250 /);
    expect(await client.command('DATA')).toMatch(/^550-5\.4\.5 Daily SMTP relay limit exceeded for user\./);
    client.destroy();
  });
  test('says in the trace that it was filled in, and when the next place frees up', async () => {
    const engine = await (await testBench()).start();
    const at = engine.clock.now();
    engine.fillWindow({ window: 'user-messages-day', user: 'anna@example.com', used: 10_000 });
    const { transactionId } = await engine.send(toElsewhere);
    const { decision } = engine.store.transaction(transactionId ?? '') ?? { decision: null };
    expect(decision?.rule).toBe('UQ-1');
    const text = decision?.trace.at(-1)?.text ?? '';
    expect(text).toContain('10,000 of them filled in by hand');
    expect(text).toContain(`The next place frees up at ${new Date(at + dayMs).toISOString().slice(0, 10)} `);
  });
  test.each([
    ['user-messages-day', 'anna@example.com', 9_000],
    ['user-unique-recipients-day', 'a.svensson@example.com', 12_000],
    ['customer-recipients-day', undefined, 13_000],
    ['customer-recipients-ten-minutes', undefined, 900],
  ] as const)('of %s touches that window only', async (window, user, used) => {
    const engine = await (await testBench()).start();
    const answer = engine.fillWindow({ window, used, ...(user === undefined ? {} : { user }) });
    expect(answer).toMatchObject({ outcome: 'filled', state: { window, used, simulated: used } });
    expect(standing(engine)).toEqual({ ...untouched, [window]: [used, used] });
  });
  test('adds to what was sent, up to the use that is asked for', async () => {
    const engine = await (await testBench()).start();
    await engine.send(toElsewhere);
    await engine.send(toElsewhere);
    engine.fillWindow({ window: 'user-messages-day', user: 'anna@example.com', used: 10 });
    expect(standing(engine)).toEqual({
      'user-messages-day': [10, 8],
      'user-unique-recipients-day': [1, 0],
      'customer-recipients-day': [2, 0],
      'customer-recipients-ten-minutes': [2, 0],
    });
  });
  test('rolls out with its window, to the millisecond · CQ-9', async () => {
    const engine = await (await testBench()).start();
    engine.fillWindow({ window: 'customer-recipients-day', used: 13_000 });
    const { nextFreeAt } = stateOf(engine.counts, 'customer-recipients-day', null, engine.clock.now());
    const { transactionId } = await engine.send(toElsewhere);
    expect(engine.store.transaction(transactionId ?? '')?.decision.rule).toBe('CQ-1');
    engine.clockControl.moveTo(nextFreeAt ?? 0);
    expect(standing(engine)['customer-recipients-day']).toEqual([0, 0]);
    expect(lastReply(await engine.send(toElsewhere))).toMatch(/^250 /);
  });
  test('is kept over a restart, and taken out whole: what was sent stays', async () => {
    const bench = await testBench();
    const first = await bench.start();
    await first.send(toElsewhere);
    first.fillWindow({ window: 'user-messages-day', user: 'anna@example.com', used: 500 });
    first.fillWindow({ window: 'user-messages-day', user: 'anna@example.com', used: 600 });
    first.fillWindow({ window: 'customer-recipients-day', used: 700 });
    const before = standing(first);
    await first.close();
    const second = await bench.start();
    expect(standing(second)).toEqual(before);
    expect(second.removeFills()).toEqual({ outcome: 'removed', removed: 3 });
    const sent = {
      'user-messages-day': [1, 0],
      'user-unique-recipients-day': [1, 0],
      'customer-recipients-day': [1, 0],
      'customer-recipients-ten-minutes': [1, 0],
    };
    expect(standing(second)).toEqual(sent);
    await second.close();
    expect(standing(await bench.start())).toEqual(sent);
  });
});

describe('a fill is refused, and nothing changes,', () => {
  test.each([
    [
      'above the limit',
      { window: 'user-messages-day', user: 'anna@example.com', used: 10_001 },
      'used',
      /limit of user-messages-day is 10,000/,
    ],
    [
      'for a user’s window without a user',
      { window: 'user-messages-day', used: 1 },
      'user',
      /belongs to a user/,
    ],
    [
      'for the customer’s window with a user',
      { window: 'customer-recipients-day', user: 'anna@example.com', used: 1 },
      'user',
      /no user's/,
    ],
    [
      'for somebody who is no registered user',
      { window: 'user-messages-day', user: 'nobody@example.com', used: 1 },
      'user',
      /no registered user/,
    ],
  ] as const)('%s', async (_, request, path, message) => {
    const engine = await (await testBench()).start();
    expect(engine.fillWindow(request)).toMatchObject({
      outcome: 'refused',
      path,
      message: expect.stringMatching(message),
    });
    expect(standing(engine)).toEqual(untouched);
  });
  test('below what is used', async () => {
    const engine = await (await testBench()).start();
    engine.fillWindow({ window: 'customer-recipients-day', used: 50 });
    expect(engine.fillWindow({ window: 'customer-recipients-day', used: 49 })).toMatchObject({
      outcome: 'refused',
      path: 'used',
      message: expect.stringMatching(/^50 are used .* more than 49/),
      hint: expect.stringMatching(/DELETE/),
    });
    expect(standing(engine)['customer-recipients-day']).toEqual([50, 50]);
  });
});
