/** Quota refusals in the order and with the words of the relay (UQ, CQ). */
import { describe, expect, test } from 'vitest';
import type { QuotaWindow, WindowCount } from '../../relay-core/quota/types.ts';
import { atData, configuration, sentences, verdict } from './organisation-of-tests.ts';

const anna = configuration().organisation.users[0]?.key ?? null;

function count(window: QuotaWindow, used: number, wanted = 1, reserved = 0): WindowCount {
  const user = window.startsWith('user') ? anna : null;
  return { window, user, used, reserved, simulated: 0, wanted, nextFreeAt: null };
}

/** All four windows in the order CQ-7 asks them, each at the given use. */
function counts(used: Partial<Record<QuotaWindow, number>>): WindowCount[] {
  const order: QuotaWindow[] = [
    'customer-recipients-ten-minutes',
    'customer-recipients-day',
    'user-messages-day',
    'user-unique-recipients-day',
  ];
  return order.map((window) => count(window, used[window] ?? 0));
}

const asked = (used: Partial<Record<QuotaWindow, number>>) => ({
  from: 'anna@example.com',
  counts: counts(used),
});

describe('over a limit', () => {
  test('the user’s messages: 550 5.4.5 · UQ-1 · UQ-3', () => {
    const decision = atData(asked({ 'user-messages-day': 10_000 }));
    expect(verdict(decision)).toBe('user-day · UQ-1');
    expect(sentences(decision, 'UQ-1')).toEqual([
      'anna@example.com has sent 10,000 messages in the last 24 hours; 1 more would pass the limit of 10,000 (set by the g-suite profile).',
    ]);
  });
  test('the user’s unique recipients: 550 5.4.5 · UQ-2 · UQ-3', () => {
    expect(verdict(atData(asked({ 'user-unique-recipients-day': 13_000 })))).toBe('user-day · UQ-2');
  });
  test('the customer’s day: 550 5.7.1 · CQ-1', () => {
    expect(verdict(atData(asked({ 'customer-recipients-day': 13_000 })))).toBe('customer-day · CQ-1');
  });
  test('the customer’s ten minutes: 450 4.2.1 · CQ-2', () => {
    expect(verdict(atData(asked({ 'customer-recipients-ten-minutes': 900 })))).toBe('customer-peak · CQ-2');
  });
  test('the last place is free to take, the next is not · CQ-1', () => {
    expect(verdict(atData(asked({ 'customer-recipients-day': 12_999 })))).toBe('accepted');
  });
  test('places held by open transactions are taken · CQ-8', () => {
    const held = [count('customer-recipients-ten-minutes', 890, 1, 10)];
    expect(verdict(atData({ from: 'anna@example.com', counts: held }))).toBe('customer-peak · CQ-2');
  });
});

describe('the trace says of each window', () => {
  const free = Date.UTC(2026, 10, 24, 14, 3, 11, 200);
  const messages = (used: number, more: Partial<WindowCount> = {}) => [
    { ...count('user-messages-day', used), ...more },
  ];
  test('what is used with this transaction, the limit and its source, how many more like it fit · UQ-1', () => {
    const unique = [count('user-unique-recipients-day', 12_990, 3)];
    const sentence = sentences(atData({ from: 'anna@example.com', counts: unique }), 'UQ-2');
    expect(sentence).toEqual([
      'anna@example.com: 12,993 of 13,000 unique recipients in 24 hours with this transaction (130 × 100 licences); 2 more like it fit.',
    ]);
  });
  test('what is held, what was filled in by hand, and when the next place frees up · CQ-8 · CQ-9', () => {
    const counts = messages(9_000, { reserved: 2, simulated: 8_990, nextFreeAt: free });
    expect(sentences(atData({ from: 'anna@example.com', counts }), 'UQ-1')).toEqual([
      'anna@example.com: 9,003 of 10,000 messages in 24 hours with this transaction (set by the g-suite profile), 2 of them held by open transactions, 8,990 of them filled in by hand; 997 more like it fit; the next place frees up at 2026-11-24 14:03:12 UTC.',
    ]);
  });
  test('on a refusal too, so that it says how long to wait · UQ-3', () => {
    const counts = messages(10_000, { simulated: 9_999, nextFreeAt: free });
    expect(sentences(atData({ from: 'anna@example.com', counts }), 'UQ-1')).toEqual([
      'anna@example.com has sent 10,000 messages in the last 24 hours, 9,999 of them filled in by hand; 1 more would pass the limit of 10,000 (set by the g-suite profile). The next place frees up at 2026-11-24 14:03:12 UTC.',
    ]);
  });
});

describe('a message that alone is more than a limit', () => {
  const many = (length: number) => Array.from({ length }, (_, index) => `r${index}@elsewhere.org`);
  const free = Date.UTC(2026, 10, 24, 14, 3, 11, 200);
  const told = (window: QuotaWindow, to: readonly string[], used: number, wanted = to.length) =>
    atData({
      from: 'anna@example.com',
      to,
      counts: [{ ...count(window, used, wanted), nextFreeAt: used === 0 ? null : free }],
    }).trace.at(-1)?.text;

  test('can never pass, and is told so instead of when a place frees up · CQ-2', () => {
    expect(told('customer-recipients-ten-minutes', many(1_000), 450)).toBe(
      '1,000 recipients in one message can never pass: Example AB has a limit of 900 in 10 minutes (9 × 100 licences), however long the client waits.',
    );
    expect(told('customer-recipients-ten-minutes', many(900), 450)).toContain('The next place frees up at');
  });
  test('of the customer’s day as well · CQ-1', () => {
    expect(told('customer-recipients-day', many(13_001), 0)).toContain('13,001 recipients in one message');
  });
  test('of a user’s unique recipients by how many differ, those written to already among them · UQ-2', () => {
    expect(told('user-unique-recipients-day', many(13_001), 13_000, 1)).toBe(
      '13,001 unique recipients in one message can never pass: anna@example.com has a limit of 13,000 in 24 hours (130 × 100 licences), however long the client waits.',
    );
    const twice = [...many(13_000), 'r0@elsewhere.org'];
    expect(told('user-unique-recipients-day', twice, 1, 13_000)).toContain('The next place frees up at');
  });
  test('and never of a user’s messages, of which it is one · UQ-1', () => {
    expect(told('user-messages-day', many(20_000), 10_000, 1)).toContain('The next place frees up at');
  });
});

describe('over several limits at once', () => {
  const all = {
    'customer-recipients-ten-minutes': 900,
    'customer-recipients-day': 13_000,
    'user-messages-day': 10_000,
  };
  test('the customer’s peak is told first, then its day, then the user · CQ-7', () => {
    expect(verdict(atData(asked(all)))).toBe('customer-peak · CQ-2');
    expect(verdict(atData(asked({ ...all, 'customer-recipients-ten-minutes': 0 })))).toBe(
      'customer-day · CQ-1',
    );
  });
  test('the customer’s limit stops every sender with the customer’s error · CQ-6', () => {
    expect(verdict(atData(asked({ ...all, 'customer-recipients-ten-minutes': 0 })))).toBe(
      'customer-day · CQ-1',
    );
  });
});

test('quotas are asked after policy: a denied sender is denied whatever the counts · CQ-10', () => {
  const decision = atData({
    from: 'printer@example.com',
    counts: counts({ 'customer-recipients-day': 13_000 }),
  });
  expect(verdict(decision)).toBe('sending-denied · SND-1');
});

test('limits grow with licences, and unpaid customers have lower ones · CQ-5 · ORG-2 · ORG-3', () => {
  const limitOf = (licences: number, billing: 'paid' | 'unpaid') =>
    configuration({ customer: { name: 'X', primaryDomain: 'example.com', licences, billing } }).quotaLimits[
      'customer-recipients-day'
    ].value;
  expect(limitOf(100, 'paid')).toBe(13_000);
  expect(limitOf(40_000, 'paid')).toBe(4_600_000);
  expect(limitOf(100, 'unpaid')).toBe(100);
});
