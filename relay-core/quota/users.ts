/**
 * The counts of registered users (UQ): a timeline for each with its messages and its different recipients, and a table of
 * pairs that says at which moment of its user's timeline a recipient stands. A recipient whose moment has left the window
 * counts no more, whether or not its record was swept. Knows nothing of limits and of the customer.
 */
import type { AddressKey } from '../organisation/types.ts';
import {
  changeHolds,
  holdsOfPair,
  momentOfPair,
  noPair,
  type PairId,
  setMomentOfPair,
  spansInWindow,
} from './pair-records.ts';
import { createPairSweep, type PairSweep, sweepPairs } from './pair-sweep.ts';
import { bringWantedNear, createPairs, findOrAddPairs, findPairs, type Pairs, wantPairs } from './pairs.ts';
import {
  add,
  addTimeline,
  advance,
  bringHeadNear,
  bringStateNear,
  createTimelines,
  isInside,
  isInsideAt,
  momentAt,
  sum,
  type Timelines,
} from './timelines.ts';
import { dayMs } from './windows.ts';
import { makeWords, type Words, withRoom } from './words.ts';

/** Columns of a user's timeline: messages; recipients whose last message this was; those of them that are held. */
export const messagesColumn = 0;
export const uniqueColumn = 1;
export const heldColumn = 2;
/** Of a user, in `held`. */
const openMessagesWord = 0;
const heldRecipientsWord = 1;
const heldWords = 2;
/** A user's block holds 15 moments. */
const blockBits = 6;
/** Recipients charged between two sweeps: what is removed together waits for memory together. */
const sweepAfter = 32;
/** Recipients that are swept for at once, so that no call takes long after the clock has jumped. */
const mostSweptFor = 64;

/** A registered user of whom something was counted, from 1: the number of its timeline too. */
export type UserNumber = number;

export interface Users {
  readonly days: Timelines;
  readonly pairs: Pairs;
  readonly sweep: PairSweep;
  readonly numbers: Map<AddressKey, UserNumber>;
  /** By number. */
  readonly keys: (AddressKey | null)[];
  /** By number, side by side: open reservations, one message each, and different recipients that are held. */
  held: Words;
  /** The user that was asked about last: mostly the next question is about it too. */
  newestKey: AddressKey | null;
  newestUser: UserNumber;
  /** Recipients charged since the last sweep. */
  notSweptFor: number;
  /** Of no meaning; see `bringUserNear`. */
  read: number;
  /** When a sweep began last. */
  sweepsAt: number;
  /** Whether what stands at a moment of a user has left the window by then; idle users are brought there. */
  readonly isOver: (user: UserNumber, moment: number) => boolean;
}

/** Nobody yet. */
export function createUsers(): Users {
  const days = createTimelines({ windowMs: dayMs, columns: 3, movingColumn: uniqueColumn, blockBits });
  const users: Users = {
    days,
    pairs: createPairs(),
    sweep: createPairSweep(),
    numbers: new Map(),
    keys: [null],
    held: withRoom(makeWords(), heldWords),
    newestKey: null,
    newestUser: 0,
    notSweptFor: 0,
    read: 0,
    sweepsAt: Number.NEGATIVE_INFINITY,
    isOver(user, moment) {
      advance(days, user, users.sweepsAt);
      return !isInside(days, user, moment);
    },
  };
  return users;
}

/** The number of a user; null when nothing was ever counted of it. */
export function numberOf(users: Users, key: AddressKey): UserNumber | null {
  if (users.newestKey === key) return users.newestUser;
  const user = users.numbers.get(key);
  if (user === undefined) return null;
  users.newestKey = key;
  users.newestUser = user;
  return user;
}

/** The number of a user, given when it has none. */
export function numberFor(users: Users, key: AddressKey): UserNumber {
  const known = numberOf(users, key);
  if (known !== null) return known;
  const user = addTimeline(users.days);
  users.numbers.set(key, user);
  users.keys.push(key);
  users.held = withRoom(users.held, (user + 1) * heldWords);
  return user;
}

/** Open messages of a user. */
export function openMessagesOf(users: Users, user: UserNumber): number {
  return users.held[user * heldWords + openMessagesWord] ?? 0;
}

/** Recipients that are held, and are not inside the user's window besides. */
export function heldOnlyOf(users: Users, user: UserNumber): number {
  const held = users.held[user * heldWords + heldRecipientsWord] ?? 0;
  return held - sum(users.days, user, heldColumn);
}

/**
 * Reads what will be asked of a user and its recipients, and nothing else: of what lies far away in memory, first what all
 * else hangs on, then all that can be waited for side by side. What is read has no meaning.
 */
export function bringUserNear(users: Users, user: UserNumber, recipients: readonly AddressKey[]): void {
  const { days, pairs } = users;
  const read = bringStateNear(days, user) ^ openMessagesOf(users, user);
  wantPairs(pairs, user, recipients);
  users.read ^= read ^ bringHeadNear(days, user) ^ bringWantedNear(pairs);
}

/** How many different recipients are neither inside the user's window at a time nor held. */
export function newRecipients(
  users: Users,
  user: UserNumber,
  recipients: readonly AddressKey[],
  at: number,
): number {
  const found = findPairs(users.pairs, user, recipients);
  let fresh = 0;
  for (let position = 0; position < found.length; position += 1) {
    if (isNew(users, user, found[position] ?? noPair, at)) fresh += 1;
  }
  return fresh;
}

/** Holds places for a message to these recipients; gives the pairs to let go of. */
export function holdRecipients(
  users: Users,
  user: UserNumber,
  recipients: readonly AddressKey[],
): readonly PairId[] {
  const pairs = findOrAddPairs(users.pairs, user, recipients);
  changeOpenMessages(users, user, 1);
  for (const pair of pairs) {
    if (holdsOfPair(users.pairs.records, pair) === 0) changeHeld(users, user, pair, 1);
    changeHolds(users.pairs.records, pair, 1);
  }
  return pairs;
}

/** Gives the places of a message back. */
export function letGoOf(users: Users, user: UserNumber, pairs: readonly PairId[]): void {
  changeOpenMessages(users, user, -1);
  for (const pair of pairs) {
    changeHolds(users.pairs.records, pair, -1);
    if (holdsOfPair(users.pairs.records, pair) === 0) changeHeld(users, user, pair, -1);
  }
}

/** Counts a message at its time, and moves its recipients there. */
export function countMessage(users: Users, user: UserNumber, at: number, pairs: readonly PairId[]): void {
  const moment = momentAt(users.days, user, at);
  add(users.days, user, moment, messagesColumn, 1);
  const span = spanOf(at);
  for (const pair of pairs) moveRecipient(users, user, pair, moment, span);
}

/** Moves a recipient to the moment of the user's newest message to it. */
function moveRecipient(
  { days, pairs: { records } }: Users,
  user: UserNumber,
  pair: PairId,
  moment: number,
  span: number,
): void {
  const before = momentOfPair(records, pair);
  if (before === moment) return;
  const isHeld = holdsOfPair(records, pair) > 0;
  if (isInside(days, user, before)) {
    add(days, user, before, uniqueColumn, -1);
    if (isHeld) add(days, user, before, heldColumn, -1);
  }
  add(days, user, moment, uniqueColumn, 1);
  if (isHeld) add(days, user, moment, heldColumn, 1);
  setMomentOfPair(records, pair, moment, span);
}

function spanOf(at: number): number {
  return Math.floor((at / dayMs) * spansInWindow);
}

/** Frees some of what is over, of these users and others: as much as so many new recipients need, and a bit more. */
export function sweep(users: Users, recipients: number, now: number): void {
  users.notSweptFor += recipients;
  if (users.notSweptFor < sweepAfter) return;
  users.sweepsAt = now;
  const recipientsToSweepFor = Math.min(users.notSweptFor, mostSweptFor);
  sweepPairs(users.pairs, users.sweep, recipientsToSweepFor, spanOf(now), users.isOver);
  users.notSweptFor = 0;
}

/** Brings every user to the present. */
export function advanceAll(users: Users, now: number): void {
  for (let user = 1; user < users.keys.length; user += 1) advance(users.days, user, now);
}

/** Users with something charged or held. */
export function activeUsers(users: Users): readonly AddressKey[] {
  const active: AddressKey[] = [];
  for (const [user, key] of users.keys.entries()) {
    if (key === null) continue;
    if (sum(users.days, user, messagesColumn) > 0 || openMessagesOf(users, user) > 0) active.push(key);
  }
  return active;
}

function isNew({ days, pairs: { records } }: Users, user: UserNumber, pair: PairId, at: number): boolean {
  if (pair === noPair) return true;
  return !isInsideAt(days, user, momentOfPair(records, pair), at) && holdsOfPair(records, pair) === 0;
}

function changeOpenMessages({ held }: Users, user: UserNumber, by: 1 | -1): void {
  const place = user * heldWords + openMessagesWord;
  held[place] = (held[place] ?? 0) + by;
}

function changeHeld({ days, pairs, held }: Users, user: UserNumber, pair: PairId, by: 1 | -1): void {
  const place = user * heldWords + heldRecipientsWord;
  held[place] = (held[place] ?? 0) + by;
  const moment = momentOfPair(pairs.records, pair);
  if (isInside(days, user, moment)) add(days, user, moment, heldColumn, by);
}
