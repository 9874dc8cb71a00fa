/**
 * What was filled into the windows by hand: a timeline for each window that was, beside those of real charges, so that a
 * fill touches its own window only and can be taken out again whole. Windows that were not filled cost nothing.
 */
import type { AddressKey } from '../organisation/types.ts';
import {
  add,
  advance,
  createTimeline,
  leaving,
  leavingBy,
  momentAt,
  nextFreeAt,
  sum,
  type Timeline,
} from './timeline.ts';
import type { FillEntry, QuotaWindow } from './types.ts';
import { windowMs } from './windows.ts';

const amountColumn = 0;

export interface Fills {
  readonly customer: Map<QuotaWindow, Timeline>;
  readonly byUser: Map<AddressKey, Map<QuotaWindow, Timeline>>;
}

/** Of one window: how much of it is filled in now, and when the first of that leaves. */
export interface Filled {
  readonly amount: number;
  readonly nextFreeAt: number | null;
}

const nothing: Filled = { amount: 0, nextFreeAt: null };

export function createFills(): Fills {
  return { customer: new Map(), byUser: new Map() };
}

/** Adds an entry; entries come in the order of their time. */
export function addFill(fills: Fills, { at, window, user, amount }: FillEntry): void {
  let windows = user === null ? fills.customer : fills.byUser.get(user);
  if (windows === undefined) {
    windows = new Map();
    if (user !== null) fills.byUser.set(user, windows);
  }
  let timeline = windows.get(window);
  if (timeline === undefined) {
    timeline = createTimeline(windowMs[window], 1);
    windows.set(window, timeline);
  }
  add(timeline, momentAt(timeline, at), amountColumn, amount);
}

/** What is filled into a window at `now`, which never goes back. */
export function filled(fills: Fills, window: QuotaWindow, user: AddressKey | null, now: number): Filled {
  const timeline = timelineOf(fills, window, user);
  if (timeline === undefined) return nothing;
  advance(timeline, now);
  return { amount: sum(timeline, amountColumn), nextFreeAt: nextFreeAt(timeline, amountColumn) };
}

/** How much of what is filled in will have left the window by a later time. */
export function fillLeavingBy(
  fills: Fills,
  window: QuotaWindow,
  user: AddressKey | null,
  at: number,
): number {
  const timeline = timelineOf(fills, window, user);
  return timeline === undefined ? 0 : leavingBy(timeline, amountColumn, at);
}

/**
 * When at least `places` will have left the window, of what was filled in and what was charged; null when it never
 * holds as much.
 * @param chargesFreeAt when so many of the charges alone will have left
 */
export function freeAtWithFill(
  fills: Fills,
  window: QuotaWindow,
  user: AddressKey | null,
  places: number,
  chargesFreeAt: (places: number) => number | null,
): number | null {
  let earliest = chargesFreeAt(places) ?? Number.POSITIVE_INFINITY;
  const timeline = timelineOf(fills, window, user);
  let gone = 0;
  for (const { leavesAt, amount } of timeline === undefined ? [] : leaving(timeline, amountColumn)) {
    gone += amount;
    const charges = gone >= places ? leavesAt : chargesFreeAt(places - gone);
    if (charges !== null) earliest = Math.min(earliest, Math.max(leavesAt, charges));
    if (earliest <= leavesAt) break;
  }
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** Users with something filled in at `now`. */
export function filledUsers(fills: Fills, now: number): readonly AddressKey[] {
  return [...fills.byUser]
    .filter(([user, windows]) =>
      [...windows.keys()].some((window) => filled(fills, window, user, now).amount > 0),
    )
    .map(([user]) => user);
}

/** Takes out everything that was filled in. */
export function removeFills(fills: Fills): void {
  fills.customer.clear();
  fills.byUser.clear();
}

function timelineOf(fills: Fills, window: QuotaWindow, user: AddressKey | null): Timeline | undefined {
  // Asked four times for each message, and mostly nothing is filled in.
  if (user === null) return fills.customer.size === 0 ? undefined : fills.customer.get(window);
  return fills.byUser.size === 0 ? undefined : fills.byUser.get(user)?.get(window);
}
