/**
 * Registered users, those nearest a limit first, then by address; among them users that are not registered any more while
 * something of them still counts. Ranked a slice of time at a time: there may be 40,000.
 */
import type { Engine } from '../engine.ts';
import { findUser } from '../organisation/organisation.ts';
import type { AddressKey, Organisation } from '../organisation/types.ts';
import type { QuotaCounts, QuotaLimits, WindowState } from '../quota/types.ts';
import { createTimeSlices } from '../time-slices.ts';

interface Ranked {
  readonly user: AddressKey;
  /** The larger of the shares of the user's two limits. */
  readonly share: number;
}

/** What of the engine it takes. */
export interface RankedFrom extends Pick<Engine, 'configuration'> {
  readonly counts: Pick<QuotaCounts, 'user' | 'countedUsers'>;
  readonly clock: Pick<Engine['clock'], 'now'>;
}

export interface Ranking {
  /** The users in question, first things first. */
  readonly users: readonly AddressKey[];
  /** How many there are in all. */
  readonly total: number;
}

/** Candidates beyond twice those wanted, before the worst are let go. */
const spareCandidates = 2_000;

/**
 * @param search part of the address, in any case; "" for all
 * @param wanted how many of the first are needed
 */
export async function usersByShare(
  { configuration, counts, clock }: RankedFrom,
  search: string,
  wanted: number,
): Promise<Ranking> {
  const { organisation, quotaLimits } = configuration();
  const text = search.trim().toLowerCase();
  const slices = createTimeSlices();
  let best: Ranked[] = [];
  let total = 0;
  for (const { user, isRegistered } of everybody(organisation, counts)) {
    if (slices.isOver()) await slices.next();
    if (!user.includes(text)) continue;
    const share = shareOf(counts.user(user, clock.now()), quotaLimits);
    if (!isRegistered && share === 0) continue;
    total += 1;
    best.push({ user, share });
    if (best.length > 2 * wanted + spareCandidates) best = best.sort(nearestFirst).slice(0, wanted);
  }
  const users = best.sort(nearestFirst).slice(0, wanted);
  return { users: users.map(({ user }) => user), total };
}

function* everybody(organisation: Organisation, counts: Pick<QuotaCounts, 'countedUsers'>) {
  for (const { key } of organisation.users) yield { user: key, isRegistered: true };
  for (const user of counts.countedUsers()) {
    if (findUser(organisation, user)?.key !== user) yield { user, isRegistered: false };
  }
}

function shareOf(windows: readonly WindowState[], limits: QuotaLimits): number {
  return windows.reduce(
    (most, { window, used, reserved }) => Math.max(most, (used + reserved) / limits[window].value),
    0,
  );
}

function nearestFirst(one: Ranked, other: Ranked): number {
  return other.share - one.share || (one.user < other.user ? -1 : 1);
}
