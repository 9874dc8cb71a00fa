/** Which window stops a transaction, how many like it still fit, and that a race for the last places takes exactly these. */
import { describe, expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { exceededWindow, howManyFit } from '../../relay-core/quota/exceeded.ts';
import { quotaLimits } from '../../relay-core/quota/limits.ts';
import type { QuotaDemand, QuotaWindow, WindowCount } from '../../relay-core/quota/types.ts';

const anna = addressKey('anna@example.com');
const now = Date.UTC(2024, 0, 1);
const limitsOf = (overrides: Parameters<typeof quotaLimits>[2]) =>
  quotaLimits({ licences: 100, billing: 'paid' }, 'g-suite', overrides);
const demand = (...recipients: string[]): QuotaDemand => ({
  user: anna,
  recipients: recipients.map(addressKey),
});

function exceededBy(window: QuotaWindow | null, overrides: Parameters<typeof quotaLimits>[2]): void {
  const counts = createQuotaCounts();
  counts.charge(counts.reserve(demand('a@example.org'), now), now);
  const asked = counts.counts(demand('b@example.org'), now);
  expect(exceededWindow(asked, limitsOf(overrides))?.window ?? null).toBe(window);
}

describe('a transaction', () => {
  test('passes while used, held and wanted together stay within the limit', () => {
    exceededBy(null, { userMessagesPerDay: 2, customerRecipientsPerDay: 2 });
  });

  test('is stopped by the customer’s peak first, then its day, then the user’s windows · CQ-6 CQ-7', () => {
    const user = { userMessagesPerDay: 1, userUniqueRecipientsPerDay: 1 };
    const day = { ...user, customerRecipientsPerDay: 1 };
    exceededBy('customer-recipients-ten-minutes', { ...day, customerRecipientsPerTenMinutes: 1 });
    exceededBy('customer-recipients-day', day);
    exceededBy('user-messages-day', user);
    exceededBy('user-unique-recipients-day', { userUniqueRecipientsPerDay: 1 });
  });

  test('is stopped all or nothing, the places that are left included · CQ-8', () => {
    const counts = createQuotaCounts();
    const limits = limitsOf({ customerRecipientsPerDay: 2 });
    const three = demand('a@example.org', 'b@example.org', 'c@example.org');
    expect(exceededWindow(counts.counts(three, now), limits)?.window).toBe('customer-recipients-day');
    expect(exceededWindow(counts.counts(demand('a@example.org', 'b@example.org'), now), limits)).toBeNull();
  });
});

test('fifty connections that race for the last ten places take exactly ten · CQ-8', () => {
  const counts = createQuotaCounts();
  const limits = limitsOf({ customerRecipientsPerDay: 10 });
  const reservations = Array.from({ length: 50 }, (_, connection) => {
    const asked = demand(`recipient${connection}@example.org`);
    return exceededWindow(counts.counts(asked, now), limits) === null ? counts.reserve(asked, now) : null;
  }).filter((reservation) => reservation !== null);
  expect(reservations).toHaveLength(10);
  for (const [index, reservation] of reservations.entries()) {
    if (index % 2 === 0) counts.charge(reservation, now);
    else counts.release(reservation);
  }
  const day = counts.customer(now).find(({ window }) => window === 'customer-recipients-day');
  expect(day).toMatchObject({ used: 5, reserved: 0 });
});

test('two connections that hold the same new recipient hold one place, until both let go · UQ-5 CQ-8', () => {
  const counts = createQuotaCounts();
  const unique = () => counts.user(anna, now).find(({ window }) => window === 'user-unique-recipients-day');
  const first = counts.reserve(demand('a@example.org'), now);
  const second = counts.reserve(demand('a@example.org'), now);
  expect(unique()).toMatchObject({ used: 0, reserved: 1 });
  counts.release(first);
  counts.release(first);
  expect(unique()).toMatchObject({ used: 0, reserved: 1 });
  counts.charge(second, now);
  expect(unique()).toMatchObject({ used: 1, reserved: 0 });
  expect(() => counts.charge(second, now)).toThrow();
});

test('a thousand messages to A and a thousand to B are 2 for the user and 2,000 for the customer · UQ-5 CQ-3', () => {
  const counts = createQuotaCounts();
  for (let message = 0; message < 1_000; message += 1) {
    for (const recipient of ['a@example.org', 'b@example.org']) {
      counts.charge(counts.reserve(demand(recipient), now + message), now + message);
    }
  }
  const used = [...counts.customer(now + 1_000), ...counts.user(anna, now + 1_000)].map(
    (state) => state.used,
  );
  expect(used).toEqual([2_000, 2_000, 2_000, 2]);
});

test('how many transactions of a size still fit is counted by window', () => {
  const day = createQuotaCounts()
    .counts(demand('a@example.org'), now)
    .find(({ window }) => window === 'customer-recipients-day');
  if (day === undefined) throw new Error('no count of the customer’s day');
  const count: WindowCount = { ...day, used: 12_000, reserved: 10, wanted: 100 };
  expect(howManyFit(count, limitsOf({}))).toBe(9);
  expect(howManyFit({ ...count, used: 14_000 }, limitsOf({}))).toBe(0);
  expect(howManyFit({ ...count, wanted: 0 }, limitsOf({}))).toBeNull();
});
