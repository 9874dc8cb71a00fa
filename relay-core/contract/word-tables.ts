/** What goes with the words of the contract, written once for engine, store and pages. */
import type { PortRole, QuotaWindow } from './words.ts';

/** The port of the real service that each role stands for (PRT-3). */
export const portOfRole = { relay: 25, smtps: 465, submission: 587 } as const satisfies Record<
  PortRole,
  number
>;

/** The rule by which each window refuses. */
export const ruleOfWindow = {
  'user-messages-day': 'UQ-1',
  'user-unique-recipients-day': 'UQ-2',
  'customer-recipients-day': 'CQ-1',
  'customer-recipients-ten-minutes': 'CQ-2',
} as const satisfies Record<QuotaWindow, string>;
