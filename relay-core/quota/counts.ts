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
import { customerPlace, freeIn, leavingFrom, nextFreeIn, type Place, sumAt } from './places.ts';
import {
  add,
  addTimeline,
  advance,
  createTimelines,
  isInside,
  isInsideAt,
  leavingBy,
  momentAt,
  sum,
} from './timelines.ts';
import type {
  QuotaCounts,
  QuotaDemand,
  QuotaWindow,
  Reservation,
  WindowCount,
  WindowState,
} from './types.ts';
import { dayMs, tenMinutesMs } from './windows.ts';

/** Columns of a user's timeline: messages; recipients whose last message this was; those of them that are held. */
const messagesColumn = 0;
const uniqueColumn = 1;
const heldColumn = 2;
/** A user's block holds 15 moments. */
const userBlockBits = 6;

/** Records looked at for each recipient charged, to free those that are over; see `sweepPairs`. */
const sweepSteps = 4;

/** A registered user of whom something was counted, from 1: the number of its timeline too. */
type UserNumber = number;

/** What a reservation holds: the places of its user's different recipients. */
interface Held {
  readonly reservation: Reservation;
  readonly user: UserNumber | null;
  readonly pairs: readonly PairId[];
}

/** Empty counts. */
export function createQuotaCounts(): QuotaCounts {
  const customerDay = customerPlace(dayMs);
  const customerTenMinutes = customerPlace(tenMinutesMs);
  const days = createTimelines({
    windowMs: dayMs,
    columns: 3,
    movingColumn: uniqueColumn,
    blockBits: userBlockBits,
  });
  const pairs = createPairs();
  const users = new Map<AddressKey, UserNumber>();
  /** By user number: the user; its open reservations, one message each; its different recipients that are held. */
  const keys: (AddressKey | null)[] = [null];
  const openMessages: number[] = [0];
  const heldRecipients: number[] = [0];
  /** The user that was asked about last: mostly the next question is about it too. */
  let newestKey: AddressKey | null = null;
  let newestUser: UserNumber | null = null;
  /** The user that is looked at next, in turn, so that recipients of idle users are swept too. */
  let nextInTurn: UserNumber = 1;
  /** By slot. No map: the tables it leaves behind, message by message, keep what is over from being collected early. */
  const open: (Held | null)[] = [];
  const freeSlots: number[] = [];
  const fills = createFills();
  let timesStartedOver = 0;
  let heldOfCustomer = 0;
  let latest = Number.NEGATIVE_INFINITY;
  let latestCharge = Number.NEGATIVE_INFINITY;

  /** What has left a window never comes back: a clock that was set back counts as standing still. */
  function moveTo(now: number): void {
    latest = Math.max(latest, now);
    advance(customerDay.timelines, customerDay.timeline, latest);
    advance(customerTenMinutes.timelines, customerTenMinutes.timeline, latest);
  }

  function present(user: UserNumber): UserNumber {
    advance(days, user, latest);
    return user;
  }

  function knownUser(key: AddressKey): UserNumber | null {
    const user = key === newestKey ? newestUser : (users.get(key) ?? null);
    if (user === null) return null;
    newestKey = key;
    newestUser = user;
    return present(user);
  }

  const userFor = (key: AddressKey) => knownUser(key) ?? newUser(key);

  function newUser(key: AddressKey): UserNumber {
    const user = addTimeline(days);
    users.set(key, user);
    keys.push(key);
    openMessages.push(0);
    heldRecipients.push(0);
    return user;
  }

  /** Open messages or held recipients of a user. */
  const openOf = (user: UserNumber) => openMessages[user] ?? 0;
  const heldOf = (user: UserNumber) => heldRecipients[user] ?? 0;

  /** Different recipients that are neither inside the user's window at a time nor held. */
  function newRecipients(user: UserNumber | null, recipients: readonly AddressKey[], at: number): number {
    if (user === null) return distinct(recipients).length;
    return distinct(recipients.filter((recipient) => isNew(user, recipient, at))).length;
  }

  function isNew(user: UserNumber, recipient: AddressKey, at: number): boolean {
    const pair = findPair(pairs, user, recipient);
    if (pair === noPair) return true;
    return !isInsideAt(days, user, momentOfPair(pairs, pair), at) && holdsOfPair(pairs, pair) === 0;
  }

  function hold(user: UserNumber, pair: PairId): void {
    if (holdsOfPair(pairs, pair) === 0) {
      heldRecipients[user] = heldOf(user) + 1;
      changeHeldAt(user, momentOfPair(pairs, pair), 1);
    }
    changeHolds(pairs, pair, 1);
  }

  function letGo(user: UserNumber, pair: PairId): void {
    changeHolds(pairs, pair, -1);
    if (holdsOfPair(pairs, pair) > 0) return;
    heldRecipients[user] = heldOf(user) - 1;
    changeHeldAt(user, momentOfPair(pairs, pair), -1);
  }

  function changeHeldAt(user: UserNumber, moment: number, by: 1 | -1): void {
    if (isInside(days, user, moment)) add(days, user, moment, heldColumn, by);
  }

  /** Moves a recipient to the moment of the user's newest message to it. */
  function touch(user: UserNumber, pair: PairId, moment: number): void {
    const before = momentOfPair(pairs, pair);
    if (before === moment) return;
    const held = holdsOfPair(pairs, pair) > 0;
    if (isInside(days, user, before)) {
      add(days, user, before, uniqueColumn, -1);
      if (held) add(days, user, before, heldColumn, -1);
    }
    add(days, user, moment, uniqueColumn, 1);
    if (held) add(days, user, moment, heldColumn, 1);
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
    for (const { timelines, timeline, column } of [customerDay, customerTenMinutes]) {
      add(timelines, timeline, momentAt(timelines, timeline, at), column, recipients);
    }
  }

  function countMessage(user: UserNumber, at: number): number {
    const moment = momentAt(days, user, at);
    add(days, user, moment, messagesColumn, 1);
    return moment;
  }

  const isOver = (user: UserNumber, moment: number) => !isInside(days, user, moment);

  function sweep(recipients: number): void {
    if (nextInTurn < keys.length) present(nextInTurn);
    nextInTurn = nextInTurn + 1 < keys.length ? nextInTurn + 1 : 1;
    sweepPairs(pairs, recipients * sweepSteps, isOver);
  }

  function take(reservation: Reservation): Held | null {
    const held = open[reservation.slot] ?? null;
    if (held?.reservation !== reservation) return null;
    open[reservation.slot] = null;
    freeSlots.push(reservation.slot);
    heldOfCustomer -= reservation.demand.recipients.length;
    if (held.user !== null) {
      openMessages[held.user] = openOf(held.user) - 1;
      for (const pair of held.pairs) letGo(held.user, pair);
    }
    return held;
  }

  function customerStates(): readonly WindowState[] {
    return [
      state('customer-recipients-ten-minutes', customerTenMinutes, null, heldOfCustomer),
      state('customer-recipients-day', customerDay, null, heldOfCustomer),
    ];
  }

  function userStates(key: AddressKey, user: UserNumber | null): readonly WindowState[] {
    const heldOnly = user === null ? 0 : heldOf(user) - sum(days, user, heldColumn);
    return [
      state('user-messages-day', placeOfUser(user, messagesColumn), key, user === null ? 0 : openOf(user)),
      state('user-unique-recipients-day', placeOfUser(user, uniqueColumn), key, heldOnly),
    ];
  }

  function placeOfUser(user: UserNumber | null, column: number): Place | null {
    return user === null ? null : { timelines: days, timeline: user, column };
  }

  /** A window with what was charged and what was filled in; without a place nothing was charged. */
  function state(
    window: QuotaWindow,
    place: Place | null,
    user: AddressKey | null,
    reserved: number,
  ): WindowState {
    const fill = filled(fills, window, user, latest);
    const charged = sumAt(place);
    return {
      window,
      user,
      used: charged + fill.amount,
      reserved,
      nextFreeAt: earlier(nextFreeIn(place), fill.nextFreeAt),
      simulated: fill.amount,
    };
  }

  /** Where a window's amounts stand; null for a user of whom nothing is counted. */
  function placeOfWindow(window: QuotaWindow, user: AddressKey | null): Place | null {
    if (window === 'customer-recipients-day') return customerDay;
    if (window === 'customer-recipients-ten-minutes') return customerTenMinutes;
    const known = user === null ? null : knownUser(user);
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
    const reserved = count.reserved + leavingBy(days, place.timeline, heldColumn, at);
    return { ...later, reserved, wanted: newRecipients(knownUser(user), demand.recipients, at) };
  }

  /** The windows of a demand now, and what it adds to each. */
  function countsOf(demand: QuotaDemand, now: number): WindowCount[] {
    moveTo(now);
    const all = demand.recipients.length;
    const counts = customerStates().map((state) => withWanted(state, all));
    if (demand.user === null) return counts;
    const user = knownUser(demand.user);
    const [messages, unique] = userStates(demand.user, user);
    if (messages !== undefined) counts.push(withWanted(messages, 1));
    if (unique !== undefined) counts.push(withWanted(unique, newRecipients(user, demand.recipients, latest)));
    return counts;
  }

  return {
    counts: countsOf,

    forecast(demand, at) {
      return countsOf(demand, latest).map((count) => ahead(count, demand, at));
    },

    freeAt(window, user, places) {
      const place = placeOfWindow(window, user);
      return freeAtWithFill(fills, window, user, places, (charged) => freeIn(place, charged));
    },

    reserve(demand, now) {
      moveTo(now);
      const reservation: Reservation = { demand, reservedAt: now, slot: freeSlots.pop() ?? open.length };
      const user = demand.user === null ? null : userFor(demand.user);
      let held: readonly PairId[] = [];
      if (user !== null) {
        openMessages[user] = openOf(user) + 1;
        held = distinct(demand.recipients.map((recipient) => findOrAddPair(pairs, user, recipient)));
        for (const pair of held) hold(user, pair);
      }
      heldOfCustomer += demand.recipients.length;
      open[reservation.slot] = { reservation, user, pairs: held };
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
      for (const recipient of entry.recipients) touch(user, findOrAddPair(pairs, user, recipient), moment);
    },

    fill(entry) {
      moveTo(entry.at);
      addFill(fills, entry);
    },

    removeFills: () => removeFills(fills),

    startOver() {
      moveTo(Number.POSITIVE_INFINITY);
      for (let user = 1; user < keys.length; user += 1) present(user);
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
      const active = keys
        .filter(
          (key, user) => key !== null && (sum(days, present(user), messagesColumn) > 0 || openOf(user) > 0),
        )
        .filter((key) => key !== null);
      return [...new Set([...active, ...filledUsers(fills, latest)])];
    },
  };
}

/** Named one by one: four of them are made for each message, and a spread costs several times as much. */
function withWanted(state: WindowState, wanted: number): WindowCount {
  const { window, user, used, reserved, nextFreeAt, simulated } = state;
  return { window, user, used, reserved, nextFreeAt, simulated, wanted };
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

/** Each value once, in order. */
function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return values.length < 2 ? values : [...new Set(values)];
}
