/**
 * The counts of all quota windows in memory: charged, held, and free again when (UQ, CQ-1 to CQ-4, CQ-8, CQ-9).
 * Two timelines for the customer and those of its users give the sums, exact at the time asked. Knows nothing of limits.
 */
import type { AddressKey } from '../organisation/types.ts';
import {
  addFill,
  createFills,
  filled,
  filledUsers,
  fillLeavingBy,
  freeAtWithFill,
  removeFills,
} from './fills.ts';
import { findOrAddPairs } from './pairs.ts';
import { addAt, customerPlace, freeIn, leavingFrom, nextFreeIn, type Place, sumAt } from './places.ts';
import { createRestorer } from './restorer.ts';
import { advance, leavingBy } from './timelines.ts';
import type {
  HeldPlaces,
  QuotaCounts,
  QuotaDemand,
  QuotaWindow,
  Reservation,
  WindowCount,
  WindowState,
} from './types.ts';
import {
  activeUsers,
  advanceAll,
  bringUserNear,
  countMessage,
  createUsers,
  heldColumn,
  heldOnlyOf,
  holdRecipients,
  letGoOf,
  messagesColumn,
  newRecipients,
  numberFor,
  numberOf,
  openMessagesOf,
  sweep,
  type UserNumber,
  uniqueColumn,
} from './users.ts';
import { dayMs, tenMinutesMs } from './windows.ts';

/** Empty counts. */
export function createQuotaCounts(): QuotaCounts {
  const customerDay = customerPlace(dayMs);
  const customerTenMinutes = customerPlace(tenMinutesMs);
  const users = createUsers();
  const fills = createFills();
  let timesStartedOver = 0;
  let heldOfCustomer = 0;
  /** In an object, whose numbers change in place: each new value of a variable would be one more to collect. */
  const latest = { question: Number.NEGATIVE_INFINITY, charge: Number.NEGATIVE_INFINITY };

  /** What has left a window never comes back: a clock that was set back counts as standing still. */
  function moveTo(now: number): void {
    if (now <= latest.question) return;
    latest.question = now;
    presentCustomer();
  }

  function presentCustomer(): void {
    advance(customerDay.timelines, customerDay.timeline, latest.question);
    advance(customerTenMinutes.timelines, customerTenMinutes.timeline, latest.question);
  }

  function present(user: UserNumber): UserNumber {
    advance(users.days, user, latest.question);
    return user;
  }

  function presentUser(key: AddressKey): UserNumber | null {
    const user = numberOf(users, key);
    return user === null ? null : present(user);
  }

  /** What a demand adds to the user's window of unique recipients. */
  function wantedUnique(user: UserNumber | null, recipients: readonly AddressKey[], at: number): number {
    return user === null ? new Set(recipients).size : newRecipients(users, user, recipients, at);
  }

  /**
   * The time at which a charge counts: as given, even when a later time has been asked about since, for it stands
   * in the ledger so; but never before the charge that came before it.
   */
  function timeOfCharge(at: number): number {
    latest.charge = Math.max(latest.charge, at);
    return latest.charge;
  }

  function countCustomer(at: number, recipients: number): void {
    addAt(customerDay, at, recipients);
    addAt(customerTenMinutes, at, recipients);
  }

  /** Gives the places of a reservation back; null when that was done before. */
  function take(reservation: Reservation): HeldPlaces | null {
    const { held } = reservation;
    if (held === null) return null;
    reservation.held = null;
    heldOfCustomer -= reservation.demand.recipients.length;
    if (held.user !== null) letGoOf(users, held.user, held.pairs);
    return held;
  }

  /** The customer's windows, and what is wanted of them. */
  function customerCounts(wanted: number): readonly [peak: WindowCount, day: WindowCount] {
    return [
      count('customer-recipients-ten-minutes', null, customerTenMinutes, heldOfCustomer, wanted),
      count('customer-recipients-day', null, customerDay, heldOfCustomer, wanted),
    ];
  }

  function messagesCount(key: AddressKey, user: UserNumber | null, wanted: number): WindowCount {
    const reserved = user === null ? 0 : openMessagesOf(users, user);
    return count('user-messages-day', key, placeOfUser(user, messagesColumn), reserved, wanted);
  }

  function uniqueCount(key: AddressKey, user: UserNumber | null, wanted: number): WindowCount {
    const reserved = user === null ? 0 : heldOnlyOf(users, user);
    return count('user-unique-recipients-day', key, placeOfUser(user, uniqueColumn), reserved, wanted);
  }

  function placeOfUser(user: UserNumber | null, column: number): Place | null {
    return user === null ? null : { timelines: users.days, timeline: user, column };
  }

  /** A window with what was charged and what was filled in; without a place nothing was charged. */
  function count(
    window: QuotaWindow,
    user: AddressKey | null,
    place: Place | null,
    reserved: number,
    wanted: number,
  ): WindowCount {
    const fill = filled(fills, window, user, latest.question);
    return {
      window,
      user,
      used: sumAt(place) + fill.amount,
      reserved,
      nextFreeAt: earlier(nextFreeIn(place), fill.nextFreeAt),
      simulated: fill.amount,
      wanted,
    };
  }

  /** Where a window's amounts stand; null for a user of whom nothing is counted. */
  function placeOfWindow(window: QuotaWindow, user: AddressKey | null): Place | null {
    if (window === 'customer-recipients-day') return customerDay;
    if (window === 'customer-recipients-ten-minutes') return customerTenMinutes;
    const known = user === null ? null : presentUser(user);
    return placeOfUser(known, window === 'user-messages-day' ? messagesColumn : uniqueColumn);
  }

  /** A count as it will stand later: what leaves until then is free, and recipients that leave are new again. */
  function ahead(count: WindowCount, demand: QuotaDemand, at: number): WindowCount {
    const { window, user } = count;
    const fillLeaves = fillLeavingBy(fills, window, user, at);
    const place = placeOfWindow(window, user);
    const leaves = fillLeaves + leavingFrom(place, at);
    const later = { ...count, used: count.used - leaves, simulated: count.simulated - fillLeaves };
    if (place === null || user === null || window !== 'user-unique-recipients-day') return later;
    const reserved = count.reserved + leavingBy(users.days, place.timeline, heldColumn, at);
    return { ...later, reserved, wanted: wantedUnique(presentUser(user), demand.recipients, at) };
  }

  /** The windows of a demand now, and what it adds to each. */
  function countsOf({ user: key, recipients }: QuotaDemand, now: number): WindowCount[] {
    moveTo(now);
    const [peak, day] = customerCounts(recipients.length);
    if (key === null) return [peak, day];
    const user = numberOf(users, key);
    if (user !== null) {
      bringUserNear(users, user, recipients);
      present(user);
    }
    return [
      peak,
      day,
      messagesCount(key, user, 1),
      uniqueCount(key, user, wantedUnique(user, recipients, latest.question)),
    ];
  }

  return {
    counts: countsOf,

    forecast(demand, at) {
      return countsOf(demand, latest.question).map((count) => ahead(count, demand, at));
    },

    freeAt(window, user, places) {
      const place = placeOfWindow(window, user);
      return freeAtWithFill(fills, window, user, places, (charged) => freeIn(place, charged));
    },

    reserve(demand, now) {
      moveTo(now);
      const user = demand.user === null ? null : present(numberFor(users, demand.user));
      const pairs = user === null ? [] : holdRecipients(users, user, demand.recipients);
      heldOfCustomer += demand.recipients.length;
      return { demand, reservedAt: now, held: { user, pairs } };
    },

    charge(reservation, now) {
      moveTo(now);
      const held = take(reservation);
      if (held === null) throw new Error('A reservation is charged once, and not after its release.');
      const { user, recipients } = reservation.demand;
      const at = timeOfCharge(now);
      countCustomer(at, recipients.length);
      // What is charged late may be outside the shorter window already.
      if (at < latest.question) presentCustomer();
      if (held.user !== null) {
        countMessage(users, present(held.user), at, held.pairs);
        sweep(users, held.pairs.length, latest.question);
      }
      return { at, user, recipients };
    },

    release(reservation) {
      const held = take(reservation);
      if (held !== null) sweep(users, held.pairs.length, latest.question);
    },

    restore(entry) {
      const at = timeOfCharge(entry.at);
      countCustomer(at, entry.recipients.length);
      if (entry.user === null) return;
      const user = numberFor(users, entry.user);
      countMessage(users, user, at, findOrAddPairs(users.pairs, user, entry.recipients));
    },

    restorer(now) {
      return createRestorer(users, (chargedAt, recipients) => {
        const at = timeOfCharge(chargedAt);
        addAt(customerDay, at, recipients);
        if (at > now - tenMinutesMs) addAt(customerTenMinutes, at, recipients);
        return at;
      });
    },

    fill(entry) {
      moveTo(entry.at);
      addFill(fills, entry);
    },

    removeFills: () => removeFills(fills),

    startOver() {
      moveTo(Number.POSITIVE_INFINITY);
      advanceAll(users, latest.question);
      latest.question = Number.NEGATIVE_INFINITY;
      latest.charge = Number.NEGATIVE_INFINITY;
      removeFills(fills);
      timesStartedOver += 1;
    },

    timesStartedOver: () => timesStartedOver,

    customer(now) {
      moveTo(now);
      return customerCounts(0).map(stateOf);
    },

    user(key, now) {
      moveTo(now);
      const user = presentUser(key);
      return [messagesCount(key, user, 0), uniqueCount(key, user, 0)].map(stateOf);
    },

    countedUsers() {
      return [...new Set([...users.keys.filter((key) => key !== null), ...fills.byUser.keys()])];
    },

    activeUsers(now) {
      moveTo(now);
      advanceAll(users, latest.question);
      return [...new Set([...activeUsers(users), ...filledUsers(fills, latest.question)])];
    },
  };
}

function stateOf({ wanted: _, ...state }: WindowCount): WindowState {
  return state;
}

function earlier(one: number | null, other: number | null): number | null {
  if (other === null) return one;
  return one === null ? other : Math.min(one, other);
}
