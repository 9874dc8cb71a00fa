/**
 * The quota limits of a customer: from its licences and billing, the profile and the bench file (UQ-1, UQ-2, CQ-1, CQ-2,
 * CQ-5), each with a phrase that says where it comes from. Knows nothing of what is used.
 */
import type { Billing } from '../organisation/types.ts';
import { type LimitRule, type ProfileName, profiles } from './profiles.ts';
import type { Limit, QuotaLimits, QuotaWindow } from './types.ts';

/** The keys under `limits` in the bench file that are quota limits. */
export interface LimitOverrides {
  readonly userMessagesPerDay?: number | undefined;
  readonly userUniqueRecipientsPerDay?: number | undefined;
  readonly customerRecipientsPerDay?: number | undefined;
  readonly customerRecipientsPerTenMinutes?: number | undefined;
}

export interface LimitedCustomer {
  readonly licences: number;
  readonly billing: Billing;
}

/** Under which key of the bench file a window's limit is set by hand. */
export const overrideKey: Readonly<Record<QuotaWindow, keyof LimitOverrides>> = {
  'user-messages-day': 'userMessagesPerDay',
  'user-unique-recipients-day': 'userUniqueRecipientsPerDay',
  'customer-recipients-day': 'customerRecipientsPerDay',
  'customer-recipients-ten-minutes': 'customerRecipientsPerTenMinutes',
};

/** The limits in force. A value in the bench file beats all; unpaid and trial customers get the lower of two (CQ-5). */
export function quotaLimits(
  customer: LimitedCustomer,
  profile: ProfileName,
  overrides: LimitOverrides,
): QuotaLimits {
  const limit = (window: QuotaWindow) => limitOf(window, customer, profile, overrides);
  return {
    'user-messages-day': limit('user-messages-day'),
    'user-unique-recipients-day': limit('user-unique-recipients-day'),
    'customer-recipients-day': limit('customer-recipients-day'),
    'customer-recipients-ten-minutes': limit('customer-recipients-ten-minutes'),
  };
}

/** Whether a limit in force is our assumption: those of trial customers, and of an unpaid customer's users (CQ-5). */
export function isAssumedLimit(
  window: QuotaWindow,
  { source }: Limit,
  billing: Billing,
  profile: ProfileName,
): boolean {
  return (
    source.kind === 'unpaid' &&
    billing !== 'paid' &&
    profiles[profile].lowerLimits[billing][window].basis === 'assumed'
  );
}

function limitOf(
  window: QuotaWindow,
  { licences, billing }: LimitedCustomer,
  profile: ProfileName,
  overrides: LimitOverrides,
): Limit {
  const override = overrides[overrideKey[window]];
  if (override !== undefined) {
    return { value: override, source: { kind: 'override', text: 'set in the bench file' } };
  }
  const paid = paidLimit(profiles[profile].limits[window], licences, profile);
  if (billing === 'paid') return paid;
  const { value, basis } = profiles[profile].lowerLimits[billing][window];
  if (paid.value <= value) return paid;
  const assumed = basis === 'assumed' ? ', assumed' : '';
  return { value, source: { kind: 'unpaid', text: `what ${billing} customers get${assumed}` } };
}

function paidLimit(rule: LimitRule, licences: number, profile: ProfileName): Limit {
  if (rule.kind === 'fixed') {
    const { value } = rule.limit;
    return { value, source: { kind: 'profile', text: `set by the ${profile} profile` } };
  }
  const byLicences = rule.rate.value * licences;
  const formula = `${rule.rate.value} × ${inWords(licences)} licences`;
  if (rule.cap !== null && byLicences > rule.cap.value) {
    return { value: rule.cap.value, source: { kind: 'cap', text: `the cap; ${formula} would be more` } };
  }
  return { value: byLicences, source: { kind: 'licences', text: formula } };
}

function inWords(value: number): string {
  return value.toLocaleString('en');
}
