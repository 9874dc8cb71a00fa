/**
 * Quota windows filled in by hand, so that a refusal can be seen without sending for a day: ledger entries that touch the
 * named window and no other, are marked as simulated, roll out like any use, and can be taken out again.
 */
import type { Refused } from './clock-control.ts';
import { findUser } from './organisation/organisation.ts';
import type { AddressKey } from './organisation/types.ts';
import { figures } from './policy/figures.ts';
import type { Configuration } from './policy/types.ts';
import type { QuotaCounts, QuotaWindow, WindowState } from './quota/types.ts';
import type { Store } from './store/types.ts';

export interface FillRequest {
  readonly window: QuotaWindow;
  /** An address of the user whose window it is; absent for the customer's. */
  readonly user?: string | undefined;
  /** What the window is to stand at, reservations apart. */
  readonly used: number;
}

export interface FillParts {
  readonly configuration: () => Configuration;
  readonly now: () => number;
  readonly counts: QuotaCounts;
  readonly store: Pick<Store, 'keepFill' | 'removeFills'>;
}

/** Brings a window to a use; gives the window as it stands then. */
export function fillWindow(
  request: FillRequest,
  { configuration, now, counts, store }: FillParts,
): Refused | { readonly outcome: 'filled'; readonly state: WindowState } {
  const { window, used } = request;
  const { organisation, quotaLimits } = configuration();
  const owner = ownerOf(request, organisation);
  if (owner.outcome === 'refused') return owner;
  const { user } = owner;
  const limit = quotaLimits[window].value;
  if (used > limit) {
    return refused(
      'used',
      `The limit of ${window} is ${figures(limit)} (${quotaLimits[window].source.text}): ${figures(used)} could not have been sent.`,
      `fill it to ${limit}, and the next message is refused`,
    );
  }
  const at = now();
  const before = stateOf(counts, window, user, at);
  if (used < before.used) {
    return refused(
      'used',
      `${figures(before.used)} are used of ${window} now, more than ${figures(used)}; filling only adds.`,
      before.simulated > 0 ? 'DELETE /api/quotas/fill takes out what was filled in' : undefined,
    );
  }
  if (used === before.used) return { outcome: 'filled', state: before };
  const entry = { at, window, user, amount: used - before.used };
  const kept = store.keepFill(entry);
  if (kept.outcome !== 'kept') return refused('used', `The fill could not be kept: ${kept.detail}`);
  counts.fill(entry);
  return { outcome: 'filled', state: stateOf(counts, window, user, at) };
}

/** Takes out every entry that was filled in, and nothing else; gives how many. */
export function removeFills({
  counts,
  store,
}: Pick<FillParts, 'counts' | 'store'>): Refused | { readonly outcome: 'removed'; readonly removed: number } {
  const answer = store.removeFills();
  if (answer.outcome !== 'kept') {
    return { outcome: 'refused', message: `The fills could not be taken out: ${answer.detail}` };
  }
  counts.removeFills();
  return { outcome: 'removed', removed: answer.removed };
}

/** Whether a window is one of the two that each user has. */
export function isUserWindow(window: QuotaWindow): boolean {
  return window === 'user-messages-day' || window === 'user-unique-recipients-day';
}

/** The one window as it stands. */
export function stateOf(
  counts: QuotaCounts,
  window: QuotaWindow,
  user: AddressKey | null,
  now: number,
): WindowState {
  const states = user === null ? counts.customer(now) : counts.user(user, now);
  const state = states.find((each) => each.window === window);
  if (state === undefined) throw new Error(`There is no window ${window} of ${user ?? 'the customer'}.`);
  return state;
}

/** Whose window is meant: null for the customer's. */
export function ownerOf(
  { window, user }: { readonly window: QuotaWindow; readonly user?: string | undefined },
  organisation: Configuration['organisation'],
): Refused | { readonly outcome: 'owner'; readonly user: AddressKey | null } {
  if (!isUserWindow(window)) {
    return user === undefined
      ? { outcome: 'owner', user: null }
      : refused('user', `${window} is the customer's window, and no user's.`, 'leave user out');
  }
  if (user === undefined) {
    return refused('user', `${window} belongs to a user.`, 'add user: anna@example.com');
  }
  const found = findUser(organisation, user);
  return found === null
    ? refused('user', `${user} is no registered user, so no limit per user applies to it (UQ-4).`)
    : { outcome: 'owner', user: found.key };
}

function refused(path: string, message: string, hint?: string): Refused {
  return { outcome: 'refused', path, message, ...(hint === undefined ? {} : { hint }) };
}
