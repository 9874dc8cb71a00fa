/** The limits of a customer, by licences, billing, profile and bench file, as reply-texts.md and CQ-5 give them. */
import { describe, expect, test } from 'vitest';
import { quotaLimits } from '../../relay-core/quota/limits.ts';
import type { QuotaLimits } from '../../relay-core/quota/types.ts';

const values = (limits: QuotaLimits) => [
  limits['customer-recipients-ten-minutes'].value,
  limits['customer-recipients-day'].value,
  limits['user-messages-day'].value,
  limits['user-unique-recipients-day'].value,
];
const paid = (licences: number) => ({ licences, billing: 'paid' as const });

describe('in the g-suite profile', () => {
  test('limits grow with the licences · UQ-1 UQ-2 CQ-1 CQ-2', () => {
    const limits = quotaLimits(paid(100), 'g-suite', {});
    expect(values(limits)).toEqual([900, 13_000, 10_000, 13_000]);
    expect(limits['customer-recipients-day'].source).toEqual({
      kind: 'licences',
      text: '130 × 100 licences',
    });
    expect(limits['customer-recipients-ten-minutes'].source.text).toBe('9 × 100 licences');
    expect(limits['user-messages-day'].source).toEqual({
      kind: 'profile',
      text: 'set by the g-suite profile',
    });
  });

  test('the customer’s day is capped from 35,385 licences on, its ten minutes at 319,444 · CQ-1 CQ-2', () => {
    expect(values(quotaLimits(paid(35_384), 'g-suite', {}))).toEqual([318_456, 4_599_920, 10_000, 4_599_920]);
    const limits = quotaLimits(paid(35_500), 'g-suite', {});
    expect(values(limits)).toEqual([319_444, 4_600_000, 10_000, 4_615_000]);
    expect(limits['customer-recipients-day'].source).toEqual({
      kind: 'cap',
      text: 'the cap; 130 × 35,500 licences would be more',
    });
    expect(quotaLimits(paid(35_385), 'g-suite', {})['customer-recipients-day'].value).toBe(4_600_000);
  });
});

test('in the workspace profile limits do not depend on licences', () => {
  expect(values(quotaLimits(paid(1), 'workspace', {}))).toEqual([319_444, 4_600_000, 10_000, 10_000]);
});

describe('an unpaid customer', () => {
  test('gets 100 a day and 50 in ten minutes, on trial too, and its users the same 100 · CQ-5', () => {
    const unpaid = quotaLimits({ licences: 100, billing: 'unpaid' }, 'g-suite', {});
    expect(values(unpaid)).toEqual([50, 100, 100, 100]);
    expect(unpaid['customer-recipients-day'].source).toEqual({
      kind: 'unpaid',
      text: 'what unpaid customers get',
    });
    expect(unpaid['user-messages-day'].source.text).toBe('what unpaid customers get, assumed');
    const trial = quotaLimits({ licences: 100, billing: 'trial' }, 'workspace', {});
    expect(values(trial)).toEqual([50, 100, 100, 100]);
    expect(trial['customer-recipients-ten-minutes'].source.text).toBe('what trial customers get, assumed');
  });

  test('gets what the formula gives where that is lower · CQ-5', () => {
    const limits = quotaLimits({ licences: 5, billing: 'unpaid' }, 'g-suite', {});
    expect(values(limits)).toEqual([45, 100, 100, 100]);
    expect(limits['customer-recipients-ten-minutes'].source.kind).toBe('licences');
  });
});

test('a value in the bench file beats everything, higher or lower · CQ-5', () => {
  const limits = quotaLimits({ licences: 5, billing: 'unpaid' }, 'g-suite', {
    userMessagesPerDay: 2,
    userUniqueRecipientsPerDay: 3,
    customerRecipientsPerDay: 5_000_000,
    customerRecipientsPerTenMinutes: 7,
  });
  expect(values(limits)).toEqual([7, 5_000_000, 2, 3]);
  expect(limits['user-messages-day'].source).toEqual({ kind: 'override', text: 'set in the bench file' });
});
