/**
 * The four quota windows: how long each is, and the order in which they are checked (UQ-1, UQ-2, CQ-1, CQ-2, CQ-7).
 * Lengths are milliseconds of engine time. A window at t is (t − length, t] (CQ-9).
 */
import type { QuotaWindow } from '../contract/words.ts';

export const dayMs = 24 * 60 * 60 * 1000;
export const tenMinutesMs = 10 * 60 * 1000;

export const windowMs: Readonly<Record<QuotaWindow, number>> = {
  'customer-recipients-ten-minutes': tenMinutesMs,
  'customer-recipients-day': dayMs,
  'user-messages-day': dayMs,
  'user-unique-recipients-day': dayMs,
};

/** Customer peak, customer day, then the user's two (CQ-7). */
export const windowsInOrder: readonly QuotaWindow[] = [
  'customer-recipients-ten-minutes',
  'customer-recipients-day',
  'user-messages-day',
  'user-unique-recipients-day',
];
