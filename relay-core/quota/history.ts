/**
 * A window's use over time, counted from the ledger, for charts. Each charge raises the use of the samples it is inside the
 * window of; a unique recipient does so until 24 hours after the user's last message to it (CQ-9). Charges come one by
 * one, in the order of their time, so that a history that was counted once goes on where it stopped.
 */
import type { AddressKey } from '../organisation/types.ts';
import type { FillEntry, LedgerEntry, QuotaWindow } from './types.ts';
import { dayMs, tenMinutesMs, windowMs } from './windows.ts';

/** How far back a history goes: ten minutes would be over before one has looked at them. */
export const historyMs: Readonly<Record<QuotaWindow, number>> = {
  'user-messages-day': dayMs,
  'user-unique-recipients-day': dayMs,
  'customer-recipients-day': dayMs,
  'customer-recipients-ten-minutes': 6 * tenMinutesMs,
};

/** Between two samples, of which a window's length is a multiple: more than a chart has pixels, so that one can look closer. */
export const sampleMs: Readonly<Record<QuotaWindow, number>> = {
  'user-messages-day': 60_000,
  'user-unique-recipients-day': 60_000,
  'customer-recipients-day': 60_000,
  'customer-recipients-ten-minutes': 2_400,
};

export interface UsePoint {
  readonly at: number;
  readonly used: number;
}

/** What one window's history is made of. Samples are numbered from the epoch on. */
export interface UseHistory {
  readonly window: QuotaWindow;
  /** Whose window; null for the customer's. */
  readonly user: AddressKey | null;
  /** By sample: how much the use changes from the sample before. */
  readonly changes: Map<number, number>;
  /** The use before all samples of `changes`. */
  before: number;
  /** Until when each recipient counts. */
  readonly uniqueUntil: Map<AddressKey, number>;
}

/** Changes kept before those that nobody asks for any more are summed up: three days of minutes. */
const mostChanges = 4_320;

/** Nothing used yet. */
export function createUseHistory(window: QuotaWindow, user: AddressKey | null): UseHistory {
  return { window, user, changes: new Map(), before: 0, uniqueUntil: new Map() };
}

/** Counts one charge; one of another user is passed over. */
export function addCharge(history: UseHistory, { at, user, recipients }: LedgerEntry): void {
  if (history.user !== null && user !== history.user) return;
  const end = at + windowMs[history.window];
  switch (history.window) {
    case 'user-messages-day':
      count(history.changes, history.window, at, end, 1);
      break;
    case 'user-unique-recipients-day':
      for (const recipient of recipients) {
        const from = Math.max(history.uniqueUntil.get(recipient) ?? at, at);
        history.uniqueUntil.set(recipient, end);
        count(history.changes, history.window, from, end, 1);
      }
      break;
    default:
      count(history.changes, history.window, at, end, recipients.length);
  }
}

/**
 * The use at every sample in [from, to]. `from` never goes back from one question to the next; charges from one window's
 * length before it have been counted.
 * @param fills what was filled in by hand; that of other windows is passed over
 */
export function pointsOf(
  history: UseHistory,
  { from, to }: { readonly from: number; readonly to: number },
  fills: Iterable<FillEntry>,
): UsePoint[] {
  const { window, user } = history;
  const first = sampleFrom(window, from);
  if (history.changes.size > mostChanges) forgetBefore(history, first, from);
  const changes = new Map(history.changes);
  for (const fill of fills) {
    if (fill.window !== window || fill.user !== user) continue;
    count(changes, window, fill.at, fill.at + windowMs[window], fill.amount);
  }
  let used = history.before;
  for (const [sample, amount] of changes) if (sample < first) used += amount;
  const points: UsePoint[] = [];
  for (let sample = first; sample * sampleMs[window] <= to; sample += 1) {
    used += changes.get(sample) ?? 0;
    points.push({ at: sample * sampleMs[window], used });
  }
  return points;
}

/** Sums up what no question reaches any more. */
function forgetBefore(history: UseHistory, first: number, from: number): void {
  for (const [sample, amount] of history.changes) {
    if (sample >= first) continue;
    history.before += amount;
    history.changes.delete(sample);
  }
  for (const [recipient, until] of history.uniqueUntil) {
    if (until <= from) history.uniqueUntil.delete(recipient);
  }
}

/** Counts an amount at every sample in [begin, end). */
function count(
  changes: Map<number, number>,
  window: QuotaWindow,
  begin: number,
  end: number,
  amount: number,
): void {
  change(changes, sampleFrom(window, begin), amount);
  change(changes, sampleFrom(window, end), -amount);
}

function change(changes: Map<number, number>, sample: number, amount: number): void {
  changes.set(sample, (changes.get(sample) ?? 0) + amount);
}

/** The first sample at or after a time. */
function sampleFrom(window: QuotaWindow, time: number): number {
  return Math.ceil(time / sampleMs[window]);
}
