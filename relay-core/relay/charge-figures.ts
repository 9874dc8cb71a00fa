/**
 * What a message's record says of the quota windows: how they stood before its charge, and how after. The record is stored
 * first and charged then (CQ-8), so messages recorded before it that are still being stored count as charged: charges come
 * in the order of the records, and each record goes on where the one before it ended. Not so when a message cannot be
 * stored after all, where those recorded meanwhile have counted it in.
 */
import type { QuotaChange } from '../contract/index.ts';
import type { AddressKey } from '../organisation/types.ts';
import type { QuotaDemand, QuotaLimits, QuotaWindow, WindowCount } from '../quota/types.ts';
import { dayMs, tenMinutesMs, windowsInOrder } from '../quota/windows.ts';
import { quotaChange } from './open-transaction.ts';
import type { SessionContext } from './session-state.ts';

/** A message whose record is made, until it is charged or could not be stored. */
export interface MessageBeingStored {
  /** Engine time of its charge. */
  readonly at: number;
  /** How often the windows had been emptied by then: they are, and it counts no more. */
  readonly ledger: number;
  readonly user: AddressKey | null;
  readonly recipients: number;
  /** Recipients that are new to its user's window. */
  readonly newRecipients: number;
}

/** Counts come in this order. */
const placeOfMessages = windowsInOrder.indexOf('user-messages-day');
const placeOfUnique = windowsInOrder.indexOf('user-unique-recipients-day');

/** What messages add to the windows. */
interface Added {
  peak: number;
  day: number;
  messages: number;
  newRecipients: number;
}

/**
 * The windows before and after a message's charge, and the message for `context.storing`.
 * @param atData the windows as they were counted at DATA, before its places were held, and the limits they were held to
 */
export function figuresOfCharge(
  { counts, storing }: Pick<SessionContext, 'counts' | 'storing'>,
  { user, recipients }: QuotaDemand,
  atData: { readonly counts: readonly WindowCount[]; readonly limits: QuotaLimits },
  at: number,
): { readonly quota: readonly QuotaChange[]; readonly message: MessageBeingStored } {
  const ledger = counts.timesStartedOver();
  const now = counts.counts({ user, recipients: [] }, at);
  const ahead = chargedBefore(storing, user, ledger, at);
  const newRecipients = newAtCharge(now, atData.counts, ahead);
  const own: Added = { peak: recipients.length, day: recipients.length, messages: 1, newRecipients };
  return {
    quota: now.map((count) => {
      const before = count.used + addedBy(ahead, count.window);
      return quotaChange(count, before, addedBy(own, count.window), atData.limits);
    }),
    message: { at, ledger, user, recipients: recipients.length, newRecipients },
  };
}

/** What messages that are being stored will have added to each window by a time. */
function chargedBefore(
  storing: readonly MessageBeingStored[],
  user: AddressKey | null,
  ledger: number,
  at: number,
): Added {
  const ahead: Added = { peak: 0, day: 0, messages: 0, newRecipients: 0 };
  for (const message of storing) {
    if (message.ledger !== ledger || message.at <= at - dayMs) continue;
    ahead.day += message.recipients;
    if (message.at > at - tenMinutesMs) ahead.peak += message.recipients;
    if (user === null || message.user !== user) continue;
    ahead.messages += 1;
    ahead.newRecipients += message.newRecipients;
  }
  return ahead;
}

/**
 * How many of its recipients are new to its user's window. All that is held and not inside it, where nobody else of the
 * user is behind DATA; else as it was at DATA, so a recipient that two open messages of one user share is new to the first
 * that asked, even if the other is charged before it.
 */
function newAtCharge(now: readonly WindowCount[], atData: readonly WindowCount[], ahead: Added): number {
  const openMessages = now[placeOfMessages]?.reserved ?? 0;
  const held = now[placeOfUnique]?.reserved ?? 0;
  return openMessages === ahead.messages + 1
    ? Math.max(0, held - ahead.newRecipients)
    : (atData[placeOfUnique]?.wanted ?? 0);
}

function addedBy(added: Added, window: QuotaWindow): number {
  switch (window) {
    case 'customer-recipients-ten-minutes':
      return added.peak;
    case 'customer-recipients-day':
      return added.day;
    case 'user-messages-day':
      return added.messages;
    case 'user-unique-recipients-day':
      return added.newRecipients;
  }
}
