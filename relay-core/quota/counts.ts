/**
 * The counts of all quota windows in memory: charged, held, and free again when (UQ, CQ-1 to CQ-4, CQ-8, CQ-9).
 * Two timelines for the customer and one for each user give the sums; a table of pairs says to which moment of its
 * user's timeline a recipient belongs. Counts are exact at the time asked, since a recipient whose moment has left the
 * window counts no more, whether or not its record was swept. Knows nothing of limits.
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
import {
  changeHolds,
  createPairs,
  findOrAddPair,
  findPair,
  holdsOfPair,
  momentOfPair,
  noPair,
  type PairId,
  setMomentOfPair,
  sweepPairs,
} from './pairs.ts';
import {
  add,
  advance,
  createTimeline,
  freeAt,
  isInside,
  isInsideAt,
  leavingBy,
  momentAt,
  nextFreeAt,
  sum,
  type Timeline,
} from './timeline.ts';
import type {
  QuotaCounts,
  QuotaDemand,
  QuotaWindow,
  Reservation,
  WindowCount,
  WindowState,
} from './types.ts';
import { dayMs, tenMinutesMs } from './windows.ts';

/** The one column of the customer's timelines. */
const recipientsColumn = 0;
/** Columns of a user's timeline: messages; recipients whose last message this was; those of them that are held. */
const messagesColumn = 0;
const uniqueColumn = 1;
const heldColumn = 2;
const userColumns = 3;

/** Records looked at for each recipient charged, to free those that are over; see `sweepPairs`. */
const sweepSteps = 4;

interface UserCounts {
  readonly number: number;
  readonly key: AddressKey;
  readonly day: Timeline;
  /** Open reservations: one message each. */
  openMessages: number;
  /** Different recipients that are held, whether or not they are inside the window too. */
  heldRecipients: number;
}

/** What a reservation holds: the places of its user's different recipients. */
interface Held {
  readonly user: UserCounts | null;
  readonly pairs: readonly PairId[];
}

/** Empty counts. */
export function createQuotaCounts(): QuotaCounts {
  const customerDay = createTimeline(dayMs, 1);
  const customerTenMinutes = createTimeline(tenMinutesMs, 1);
  const pairs = createPairs();
  const users = new Map<AddressKey, UserCounts>();
  /** Users by their number, from 1. */
  const byNumber: UserCounts[] = [];
  /** By user number: the first moment inside the user's window when it was last looked at. */
  const heads: number[] = [0];
  /** Position of the user that is looked at next, in turn, so that recipients of idle users are swept too. */
  let nextInTurn = 0;
  const open = new Map<Reservation, Held>();
  const fills = createFills();
  let timesStartedOver = 0;
  let heldOfCustomer = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let latestCharge = Number.NEGATIVE_INFINITY;

  /** What has left a window never comes back: a clock that was set back counts as standing still. */
  function moveTo(now: number): void {
    latest = Math.max(latest, now);
    advance(customerDay, latest);
    advance(customerTenMinutes, latest);
  }

  function present(user: UserCounts): UserCounts {
    advance(user.day, latest);
    heads[user.number] = user.day.head;
    return user;
  }

  function knownUser(key: AddressKey): UserCounts | null {
    const user = users.get(key);
    return user === undefined ? null : present(user);
  }

  const userFor = (key: AddressKey) => knownUser(key) ?? newUser(key);

  function newUser(key: AddressKey): UserCounts {
    const user: UserCounts = {
      number: byNumber.length + 1,
      key,
      day: createTimeline(dayMs, userColumns),
      openMessages: 0,
      heldRecipients: 0,
    };
    users.set(key, user);
    byNumber.push(user);
    return user;
  }

  /** Different recipients that are neither inside the user's window at a time nor held. */
  function newRecipients(user: UserCounts | null, recipients: readonly AddressKey[], at: number): number {
    if (user === null) return distinct(recipients).length;
    const isNew = (recipient: AddressKey) => {
      const pair = findPair(pairs, user.number, recipient);
      if (pair === noPair) return true;
      return !isInsideAt(user.day, momentOfPair(pairs, pair), at) && holdsOfPair(pairs, pair) === 0;
    };
    return distinct(recipients.filter(isNew)).length;
  }

  function hold(user: UserCounts, pair: PairId): void {
    if (holdsOfPair(pairs, pair) === 0) {
      user.heldRecipients += 1;
      changeHeldAt(user, momentOfPair(pairs, pair), 1);
    }
    changeHolds(pairs, pair, 1);
  }

  function letGo(user: UserCounts, pair: PairId): void {
    changeHolds(pairs, pair, -1);
    if (holdsOfPair(pairs, pair) > 0) return;
    user.heldRecipients -= 1;
    changeHeldAt(user, momentOfPair(pairs, pair), -1);
  }

  function changeHeldAt(user: UserCounts, moment: number, by: 1 | -1): void {
    if (isInside(user.day, moment)) add(user.day, moment, heldColumn, by);
  }

  /** Moves a recipient to the moment of the user's newest message to it. */
  function touch(user: UserCounts, pair: PairId, moment: number): void {
    const before = momentOfPair(pairs, pair);
    if (before === moment) return;
    const held = holdsOfPair(pairs, pair) > 0;
    if (isInside(user.day, before)) {
      add(user.day, before, uniqueColumn, -1);
      if (held) add(user.day, before, heldColumn, -1);
    }
    add(user.day, moment, uniqueColumn, 1);
    if (held) add(user.day, moment, heldColumn, 1);
    setMomentOfPair(pairs, pair, moment);
  }

  /**
   * The time at which a charge counts: as given, even when a later time has been asked about since, for it stands
   * in the ledger so; but never before the charge that came before it.
   */
  function timeOfCharge(at: number): number {
    latestCharge = Math.max(latestCharge, at);
    return latestCharge;
  }

  function countCustomer(at: number, recipients: number): void {
    add(customerDay, momentAt(customerDay, at), recipientsColumn, recipients);
    add(customerTenMinutes, momentAt(customerTenMinutes, at), recipientsColumn, recipients);
  }

  function countMessage(user: UserCounts, at: number): number {
    const moment = momentAt(user.day, at);
    add(user.day, moment, messagesColumn, 1);
    return moment;
  }

  /** Asked for four records a charge, so it looks at no timeline. */
  function isOver(userNumber: number, moment: number): boolean {
    return moment < (heads[userNumber] ?? 0);
  }

  function sweep(recipients: number): void {
    const user = byNumber[nextInTurn];
    if (user !== undefined) present(user);
    nextInTurn = nextInTurn + 1 < byNumber.length ? nextInTurn + 1 : 0;
    sweepPairs(pairs, recipients * sweepSteps, isOver);
  }

  function take(reservation: Reservation): Held | null {
    const held = open.get(reservation);
    if (held === undefined) return null;
    open.delete(reservation);
    heldOfCustomer -= reservation.demand.recipients.length;
    if (held.user !== null) {
      held.user.openMessages -= 1;
      for (const pair of held.pairs) letGo(held.user, pair);
    }
    return held;
  }

  function customerStates(): readonly WindowState[] {
    return [
      state('customer-recipients-ten-minutes', customerTenMinutes, recipientsColumn, null, heldOfCustomer),
      state('customer-recipients-day', customerDay, recipientsColumn, null, heldOfCustomer),
    ];
  }

  function userStates(key: AddressKey, user: UserCounts | null): readonly WindowState[] {
    const day = user?.day ?? null;
    const heldOnly = user === null ? 0 : user.heldRecipients - sum(user.day, heldColumn);
    return [
      state('user-messages-day', day, messagesColumn, key, user?.openMessages ?? 0),
      state('user-unique-recipients-day', day, uniqueColumn, key, heldOnly),
    ];
  }

  /** A window with what was charged and what was filled in; without a timeline nothing was charged. */
  function state(
    window: QuotaWindow,
    timeline: Timeline | null,
    column: number,
    user: AddressKey | null,
    reserved: number,
  ): WindowState {
    const fill = filled(fills, window, user, latest);
    const charged = timeline === null ? 0 : sum(timeline, column);
    const chargeLeaves = timeline === null ? null : nextFreeAt(timeline, column);
    return {
      window,
      user,
      used: charged + fill.amount,
      reserved,
      nextFreeAt: earlier(chargeLeaves, fill.nextFreeAt),
      simulated: fill.amount,
    };
  }

  /** Where a window's amounts stand; null for a user of whom nothing is counted. */
  function placeOfWindow(
    window: QuotaWindow,
    user: AddressKey | null,
  ): { timeline: Timeline; column: number } | null {
    if (window === 'customer-recipients-day') return { timeline: customerDay, column: recipientsColumn };
    if (window === 'customer-recipients-ten-minutes')
      return { timeline: customerTenMinutes, column: recipientsColumn };
    const known = user === null ? null : knownUser(user);
    if (known === null) return null;
    return { timeline: known.day, column: window === 'user-messages-day' ? messagesColumn : uniqueColumn };
  }

  /** A count as it will stand later: what leaves until then is free, and recipients that leave are new again. */
  function ahead(count: WindowCount, demand: QuotaDemand, at: number): WindowCount {
    const { window, user } = count;
    const fillLeaves = fillLeavingBy(fills, window, user, at);
    const place = placeOfWindow(window, user);
    const leaves = fillLeaves + (place === null ? 0 : leavingBy(place.timeline, place.column, at));
    const later = { ...count, used: count.used - leaves, simulated: count.simulated - fillLeaves };
    if (place === null || user === null || window !== 'user-unique-recipients-day') return later;
    const reserved = count.reserved + leavingBy(place.timeline, heldColumn, at);
    return { ...later, reserved, wanted: newRecipients(knownUser(user), demand.recipients, at) };
  }

  /** The windows of a demand now, and what it adds to each. */
  function countsOf(demand: QuotaDemand, now: number): WindowCount[] {
    moveTo(now);
    const all = demand.recipients.length;
    const counts = customerStates().map((state): WindowCount => ({ ...state, wanted: all }));
    if (demand.user === null) return counts;
    const user = knownUser(demand.user);
    const [messages, unique] = userStates(demand.user, user);
    if (messages !== undefined) counts.push({ ...messages, wanted: 1 });
    if (unique !== undefined)
      counts.push({ ...unique, wanted: newRecipients(user, demand.recipients, latest) });
    return counts;
  }

  return {
    counts: countsOf,

    forecast(demand, at) {
      return countsOf(demand, latest).map((count) => ahead(count, demand, at));
    },

    freeAt(window, user, places) {
      const place = placeOfWindow(window, user);
      return freeAtWithFill(fills, window, user, places, (charged) =>
        place === null ? null : freeAt(place.timeline, place.column, charged),
      );
    },

    reserve(demand, now) {
      moveTo(now);
      const reservation: Reservation = { demand, reservedAt: now };
      const user = demand.user === null ? null : userFor(demand.user);
      let held: readonly PairId[] = [];
      if (user !== null) {
        user.openMessages += 1;
        held = distinct(demand.recipients.map((recipient) => findOrAddPair(pairs, user.number, recipient)));
        for (const pair of held) hold(user, pair);
      }
      heldOfCustomer += demand.recipients.length;
      open.set(reservation, { user, pairs: held });
      return reservation;
    },

    charge(reservation, now) {
      moveTo(now);
      const held = take(reservation);
      if (held === null) throw new Error('A reservation is charged once, and not after its release.');
      const { user, recipients } = reservation.demand;
      const at = timeOfCharge(now);
      countCustomer(at, recipients.length);
      if (held.user !== null) {
        const moment = countMessage(present(held.user), at);
        for (const pair of held.pairs) touch(held.user, pair, moment);
        sweep(held.pairs.length);
      }
      return { at, user, recipients };
    },

    release(reservation) {
      const held = take(reservation);
      if (held !== null) sweep(held.pairs.length);
    },

    restore(entry) {
      const at = timeOfCharge(entry.at);
      countCustomer(at, entry.recipients.length);
      if (entry.user === null) return;
      // Nothing leaves while entries come in: no user is brought to the present, and nothing is swept.
      const user = users.get(entry.user) ?? newUser(entry.user);
      const moment = countMessage(user, at);
      for (const recipient of entry.recipients)
        touch(user, findOrAddPair(pairs, user.number, recipient), moment);
    },

    fill(entry) {
      moveTo(entry.at);
      addFill(fills, entry);
    },

    removeFills: () => removeFills(fills),

    startOver() {
      moveTo(Number.POSITIVE_INFINITY);
      for (const user of byNumber) present(user);
      latest = Number.NEGATIVE_INFINITY;
      latestCharge = Number.NEGATIVE_INFINITY;
      removeFills(fills);
      timesStartedOver += 1;
    },

    timesStartedOver: () => timesStartedOver,

    customer(now) {
      moveTo(now);
      return customerStates();
    },

    user(key, now) {
      moveTo(now);
      return userStates(key, knownUser(key));
    },

    activeUsers(now) {
      moveTo(now);
      const active = byNumber
        .filter((user) => sum(present(user).day, messagesColumn) > 0 || user.openMessages > 0)
        .map((user) => user.key);
      return [...new Set([...active, ...filledUsers(fills, latest)])];
    },
  };
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/** Each value once, in order. */
function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return values.length < 2 ? values : [...new Set(values)];
}
