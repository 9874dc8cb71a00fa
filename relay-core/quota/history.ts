/**
 * A window's use over time, counted again from the ledger, for charts. Each charge raises the use of the samples it is
 * inside the window of; a unique recipient does so until 24 hours after the user's last message to it (CQ-9).
 * One pass over the charges, whatever the number of samples.
 */
import type { AddressKey } from '../organisation/types.ts';
import type { FillEntry, LedgerEntry, QuotaWindow } from './types.ts';
import { windowMs } from './windows.ts';

/** Each minute of a day, and more than a chart has pixels, so that one can look closer. */
export const defaultSamples = 24 * 60 + 1;

export interface HistoryQuestion {
  readonly window: QuotaWindow;
  /** Whose window; null for the customer's. */
  readonly user: AddressKey | null;
  /** Time of the first and of the last sample, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly samples?: number;
}

export interface UsePoint {
  readonly at: number;
  readonly used: number;
}

/**
 * The use of one window at evenly spaced times from `from` to `to`.
 * @param charges in the order of their time, from one window's length before `from`; those of other users are passed over
 * @param fills what was filled in by hand; that of other windows is passed over
 */
export function useOverTime(
  charges: Iterable<LedgerEntry>,
  question: HistoryQuestion,
  fills: Iterable<FillEntry> = [],
): readonly UsePoint[] {
  const { window, user, from, to, samples = defaultSamples } = question;
  const stepMs = samples > 1 ? (to - from) / (samples - 1) : 0;
  const times = Array.from({ length: samples }, (_, index) => Math.round(from + index * stepMs));
  /** By sample: how much the use changes from the sample before. */
  const changes = new Array<number>(samples + 1).fill(0);
  const change = (index: number, amount: number) => {
    changes[index] = (changes[index] ?? 0) + amount;
  };
  /** Counts an amount at every sample in [begin, end). */
  const count = (begin: number, end: number, amount: number) => {
    change(firstSampleFrom(times, begin), amount);
    change(firstSampleFrom(times, end), -amount);
  };
  const length = windowMs[window];
  const uniqueUntil = new Map<AddressKey, number>();
  for (const charge of charges) {
    if (user !== null && charge.user !== user) continue;
    const end = charge.at + length;
    if (window === 'user-messages-day') count(charge.at, end, 1);
    else if (window !== 'user-unique-recipients-day') count(charge.at, end, charge.recipients.length);
    else {
      for (const recipient of charge.recipients) {
        const until = uniqueUntil.get(recipient) ?? charge.at;
        uniqueUntil.set(recipient, end);
        count(Math.max(until, charge.at), end, 1);
      }
    }
  }
  for (const { at, window: filled, user: owner, amount } of fills) {
    if (filled === window && owner === user) count(at, at + length, amount);
  }
  let used = 0;
  return times.map((at, index) => {
    used += changes[index] ?? 0;
    return { at, used };
  });
}

/** The first sample at or after a time; the number of samples when there is none. */
function firstSampleFrom(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
