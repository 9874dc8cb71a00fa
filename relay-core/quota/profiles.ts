/**
 * What the two profiles differ in besides wording: every number and switch a named value with its unit and its source
 * (reply-texts.md, "Limits, by profile"). `g-suite` is the source page, `workspace` the service of today.
 */
import type { RuleBasis } from '../contract/words.ts';
import type { Billing } from '../organisation/types.ts';
import type { QuotaWindow } from './types.ts';

export type ProfileName = 'g-suite' | 'workspace';

/** A value, what it counts, the rule it belongs to and how well it is founded. */
export interface Named<Value> {
  readonly value: Value;
  readonly unit: string;
  readonly rule: string;
  readonly basis: RuleBasis;
}

/** How a window's limit comes about for a paying customer. */
export type LimitRule =
  | { readonly kind: 'fixed'; readonly limit: Named<number> }
  | { readonly kind: 'per-licence'; readonly rate: Named<number>; readonly cap: Named<number> | null };

/** The billing states with lower limits (ORG-3). */
export type LowerBilling = Exclude<Billing, 'paid'>;

export interface Profile {
  readonly limits: Readonly<Record<QuotaWindow, LimitRule>>;
  /** The most a customer gets that has paid no invoice yet, or is on trial (CQ-5). */
  readonly lowerLimits: Readonly<Record<LowerBilling, Readonly<Record<QuotaWindow, Named<number>>>>>;
  /** The ceiling of ENV-4. */
  readonly recipientsPerTransaction: Named<number>;
  /** Announced by EHLO, counted as sent. */
  readonly messageBytes: Named<number>;
  readonly submissionPortsNeedAuth: Named<boolean>;
  /** How long a registered sender of much spam is suspended from sending; null where it is not (ABU-2). */
  readonly spamSuspensionMs: Named<number | null>;
  /** Thresholds of HEL-3: for each generic name, and for each client address. */
  readonly genericHeloPerMinute: Named<number>;
  readonly connectionsPerMinute: Named<number>;
  readonly connectionsAtOnce: Named<number>;
}

const perDay = { unit: 'recipients in 24 hours', basis: 'doc' } as const;
const perTenMinutes = { unit: 'recipients in 10 minutes', basis: 'doc' } as const;

const userMessages = { value: 10_000, unit: 'messages in 24 hours', rule: 'UQ-1', basis: 'doc' } as const;
const customerDayCap = { value: 4_600_000, rule: 'CQ-1', ...perDay };
/** ⌊4,600,000 × 10 / 144⌋: ten times the average share of ten minutes. */
const customerTenMinutesCap = { value: 319_444, rule: 'CQ-2', ...perTenMinutes };

const unpaidLimits: Profile['lowerLimits']['unpaid'] = {
  'customer-recipients-day': { value: 100, rule: 'CQ-5', ...perDay },
  'customer-recipients-ten-minutes': { value: 50, rule: 'CQ-5', ...perTenMinutes },
  'user-messages-day': { value: 100, unit: 'messages in 24 hours', rule: 'CQ-5', basis: 'assumed' },
  'user-unique-recipients-day': {
    value: 100,
    unit: 'unique recipients in 24 hours',
    rule: 'CQ-5',
    basis: 'assumed',
  },
};

/** "Limits are lower too": how much lower is not said, so all of it is assumed (CQ-5). */
const trialLimits: Profile['lowerLimits']['trial'] = {
  'customer-recipients-day': { ...unpaidLimits['customer-recipients-day'], basis: 'assumed' },
  'customer-recipients-ten-minutes': { ...unpaidLimits['customer-recipients-ten-minutes'], basis: 'assumed' },
  'user-messages-day': unpaidLimits['user-messages-day'],
  'user-unique-recipients-day': unpaidLimits['user-unique-recipients-day'],
};

const lowerLimits: Profile['lowerLimits'] = { unpaid: unpaidLimits, trial: trialLimits };

const connectionThresholds = {
  genericHeloPerMinute: { value: 20, unit: 'connections a minute', rule: 'HEL-3', basis: 'ours' },
  connectionsPerMinute: { value: 600, unit: 'connections a minute', rule: 'HEL-3', basis: 'ours' },
  connectionsAtOnce: { value: 100, unit: 'connections', rule: 'HEL-3', basis: 'ours' },
} as const;

const messageBytes: Named<number> = { value: 35_882_577, unit: 'bytes', rule: 'RFC-1870', basis: 'ours' };

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  'g-suite': {
    limits: {
      'user-messages-day': { kind: 'fixed', limit: userMessages },
      'user-unique-recipients-day': {
        kind: 'per-licence',
        rate: { value: 130, unit: 'unique recipients per licence in 24 hours', rule: 'UQ-2', basis: 'doc' },
        cap: null,
      },
      'customer-recipients-day': {
        kind: 'per-licence',
        rate: { value: 130, unit: 'recipients per licence in 24 hours', rule: 'CQ-1', basis: 'doc' },
        cap: customerDayCap,
      },
      'customer-recipients-ten-minutes': {
        kind: 'per-licence',
        rate: { value: 9, unit: 'recipients per licence in 10 minutes', rule: 'CQ-2', basis: 'doc' },
        cap: customerTenMinutesCap,
      },
    },
    lowerLimits,
    recipientsPerTransaction: { value: 1_000, unit: 'recipients', rule: 'ENV-4', basis: 'ours' },
    messageBytes,
    spamSuspensionMs: { value: null, unit: 'milliseconds', rule: 'ABU-2', basis: 'log' },
    ...connectionThresholds,
    submissionPortsNeedAuth: { value: true, unit: 'switch', rule: 'AUT-4', basis: 'doc' },
  },
  workspace: {
    limits: {
      'user-messages-day': { kind: 'fixed', limit: userMessages },
      'user-unique-recipients-day': {
        kind: 'fixed',
        limit: { value: 10_000, unit: 'unique recipients in 24 hours', rule: 'UQ-2', basis: 'doc' },
      },
      'customer-recipients-day': { kind: 'fixed', limit: customerDayCap },
      'customer-recipients-ten-minutes': { kind: 'fixed', limit: customerTenMinutesCap },
    },
    lowerLimits,
    recipientsPerTransaction: { value: 100, unit: 'recipients', rule: 'ENV-4', basis: 'doc' },
    messageBytes,
    spamSuspensionMs: { value: 24 * 60 * 60 * 1000, unit: 'milliseconds', rule: 'ABU-2', basis: 'log' },
    ...connectionThresholds,
    submissionPortsNeedAuth: { value: false, unit: 'switch', rule: 'AUT-4', basis: 'log' },
  },
};
