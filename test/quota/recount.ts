/**
 * The quotas counted again from the whole history each time they are asked, as plainly as UQ and CQ-9 say it:
 * slow, and what the real counts are held against.
 */
import type { AddressKey } from '../../relay-core/organisation/types.ts';
import type { FillEntry, LedgerEntry, QuotaDemand, QuotaWindow } from '../../relay-core/quota/types.ts';
import { windowMs } from '../../relay-core/quota/windows.ts';

export interface Recount {
  readonly charged: LedgerEntry[];
  readonly filled: FillEntry[];
  readonly held: Set<QuotaDemand>;
}

interface Counted {
  readonly window: QuotaWindow;
  readonly user: AddressKey | null;
  readonly used: number;
  readonly reserved: number;
  readonly simulated: number;
  readonly wanted: number;
  readonly nextFreeAt: number | null;
}

export function recountWindows(recount: Recount, demand: QuotaDemand, now: number): readonly Counted[] {
  return chargedWindows(recount, demand, now).map((count): Counted => {
    const inside = recount.filled.filter(
      ({ at, window, user }) =>
        window === count.window && user === count.user && at > now - windowMs[window] && at <= now,
    );
    const simulated = inside.reduce((sum, { amount }) => sum + amount, 0);
    const ends = inside.map(({ at }) => at + windowMs[count.window]);
    const all = count.nextFreeAt === null ? ends : [...ends, count.nextFreeAt];
    const nextFreeAt = all.length === 0 ? null : Math.min(...all);
    return { ...count, used: count.used + simulated, simulated, nextFreeAt };
  });
}

function chargedWindows(
  recount: Recount,
  demand: QuotaDemand,
  now: number,
): readonly Omit<Counted, 'simulated'>[] {
  const ofCustomer = ['customer-recipients-ten-minutes', 'customer-recipients-day'] as const;
  const counted: Omit<Counted, 'simulated'>[] = ofCustomer.map((window) => {
    const inside = insideOf(recount, window, now);
    return {
      window,
      user: null,
      used: total(inside),
      reserved: total([...recount.held]),
      wanted: demand.recipients.length,
      nextFreeAt: firstEnd(inside, window),
    };
  });
  const { user } = demand;
  if (user === null) return counted;
  const messages = insideOf(recount, 'user-messages-day', now).filter((entry) => entry.user === user);
  const openOfUser = [...recount.held].filter((held) => held.user === user);
  counted.push({
    window: 'user-messages-day',
    user,
    used: messages.length,
    reserved: openOfUser.length,
    wanted: 1,
    nextFreeAt: firstEnd(messages, 'user-messages-day'),
  });
  const lastMessages = new Map<AddressKey, number>();
  for (const { at, recipients } of messages)
    for (const recipient of recipients) lastMessages.set(recipient, at);
  const held = new Set(openOfUser.flatMap((open) => open.recipients));
  const heldOnly = [...held].filter((recipient) => !lastMessages.has(recipient));
  const wanted = new Set(demand.recipients.filter((one) => !lastMessages.has(one) && !held.has(one)));
  counted.push({
    window: 'user-unique-recipients-day',
    user,
    used: lastMessages.size,
    reserved: heldOnly.length,
    wanted: wanted.size,
    nextFreeAt:
      lastMessages.size === 0
        ? null
        : Math.min(...lastMessages.values()) + windowMs['user-unique-recipients-day'],
  });
  return counted;
}

function insideOf(recount: Recount, window: QuotaWindow, now: number): readonly LedgerEntry[] {
  return recount.charged.filter(({ at }) => at > now - windowMs[window] && at <= now);
}

function total(entries: readonly { readonly recipients: readonly AddressKey[] }[]): number {
  return entries.reduce((sum, { recipients }) => sum + recipients.length, 0);
}

function firstEnd(entries: readonly LedgerEntry[], window: QuotaWindow): number | null {
  return entries.length === 0 ? null : Math.min(...entries.map(({ at }) => at)) + windowMs[window];
}
