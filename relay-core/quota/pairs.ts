/**
 * The table of (user, recipient) pairs behind the unique-recipient windows (UQ-2, UQ-5), made for millions of them.
 * A pair is known by its exact text, never by a hash alone. It carries the number of a moment, the span of time that one
 * lies in, and how often it is held.
 *
 * Records lie in words out of the garbage collector's sight: three words of header, then the recipient in UTF-8,
 * in units of 8 bytes. Freed records wait in a list of their size. `hash-index.ts` finds them.
 */
import {
  addPlace,
  createHashIndex,
  findPlace,
  type HashIndex,
  hashInFirstSlot,
  removePlace,
} from './hash-index.ts';
import {
  createWanted,
  hashOf,
  setWanted,
  type Wanted,
  wantedHash,
  wantedLength,
  wantedText,
  wordsFor,
} from './wanted.ts';
import { makeWords, type Words, withRoom } from './words.ts';

/** A pair's place in the table, from 1. Stays until the pair is removed. */
export type PairId = number;

/** No pair. */
export const noPair: PairId = 0;

const unitWords = 2;
/**
 * Header: the user (0: a free record), the moment (of a free record: the next of its size), and the length in bytes, above
 * it the span, and above that the holds.
 */
const momentWord = 1;
const lengthWord = 2;
const textWord = 3;
const lengthBits = 11;
const lengthMask = 2 ** lengthBits - 1;
const spanBits = 5;
const spanMask = 2 ** spanBits - 1;
const holdsBits = lengthBits + spanBits;
const oneHold = 2 ** holdsBits;

/** Spans that a pair counts for, and is not over before. They are counted round and round, twice as many. */
export const spansInWindow = 2 ** spanBits / 2;
/** Records that a sweep looks at for each recipient. */
const stepsForRecipient = 8;
/** At so many pairs in a row that are over soon a sweep waits. */
const soonOverInARow = 4;
/** Of so many rounds, one asks about all pairs. */
const roundsTillAll = 4;

export interface Pairs {
  index: HashIndex;
  /** The records, and how many units of them are given out; the first is left out, since 0 is no pair. */
  words: Words;
  used: number;
  /** By size in units, the first free record. */
  readonly free: PairId[];
  /** Pairs in the table, with those that are over but not swept yet. */
  size: number;
  /** Where the next sweep begins, and how often sweeps have begun with the first. */
  hand: PairId;
  rounds: number;
  /** How often a pair was added or removed. */
  changes: number;
  readonly lookedFor: LookedFor;
  readonly search: Search;
  /** What a sweep is to remove. */
  readonly over: { readonly ids: PairId[]; readonly hashes: number[] };
  /** Of no meaning; see `bringPairsNear`. */
  read: number;
}

/** What was looked for last: mostly the next question is about it too. */
interface LookedFor {
  readonly wanted: Wanted;
  /** By different recipient. */
  readonly found: PairId[];
  /** The changes of the table that `found` knows of; none at all before it is searched for. */
  changes: number;
}

const notSearched = -1;

/** What a search goes for. */
interface Search {
  wanted: Wanted;
  /** Which of its recipients. */
  position: number;
  /** By different recipient, what was found of what is not asked for again. */
  readonly found: PairId[];
}

/** An empty table. */
export function createPairs(): Pairs {
  const wanted = createWanted();
  return {
    index: createHashIndex(),
    words: makeWords(),
    used: 1,
    free: [],
    size: 0,
    hand: 1,
    rounds: 0,
    changes: 0,
    lookedFor: { wanted, found: [], changes: notSearched },
    search: { wanted, position: 0, found: [] },
    over: { ids: [], hashes: [] },
    read: 0,
  };
}

/** Says what will be looked for next. */
export function wantPairs(pairs: Pairs, user: number, recipients: readonly string[]): void {
  const { lookedFor } = pairs;
  const { wanted } = lookedFor;
  if (wanted.recipients === recipients && wanted.user === user) return;
  setWanted(wanted, user, recipients);
  lookedFor.changes = notSearched;
}

/** The same as `bringPairsNear` for what will be looked for next. */
export function bringWantedNear(pairs: Pairs): number {
  return bringPairsNear(pairs, pairs.lookedFor.wanted);
}

/**
 * The pairs of a user (from 1) and its different recipients; `noPair` for one that is not in the table. They are the
 * table's own, and hold until it is asked again.
 */
export function findPairs(pairs: Pairs, user: number, recipients: readonly string[]): readonly PairId[] {
  wantPairs(pairs, user, recipients);
  const { lookedFor } = pairs;
  if (lookedFor.changes !== pairs.changes) {
    findAll(pairs, lookedFor.wanted, lookedFor.found);
    lookedFor.changes = pairs.changes;
  }
  return lookedFor.found;
}

/** The pairs of a user and its different recipients; added with moment 0 and no holds when they are not in the table. */
export function findOrAddPairs(pairs: Pairs, user: number, recipients: readonly string[]): readonly PairId[] {
  return addMissing(pairs, pairs.lookedFor.wanted, findPairs(pairs, user, recipients));
}

/** The same for what is wanted already. */
export function findOrAddWanted(pairs: Pairs, wanted: Wanted): readonly PairId[] {
  const { found } = pairs.search;
  findAll(pairs, wanted, found);
  return addMissing(pairs, wanted, found);
}

/**
 * Reads where the search for what is wanted will begin, and nothing else. A search waits for memory most of its time;
 * where many are known beforehand, their waits pass side by side. What it gives only keeps the reading from being left out.
 */
export function bringPairsNear({ index }: Pairs, wanted: Wanted): number {
  let read = 0;
  for (let position = 0; position < wanted.count; position += 1) {
    read ^= hashInFirstSlot(index, wantedHash(wanted, position));
  }
  return read;
}

function findAll(pairs: Pairs, wanted: Wanted, found: PairId[]): void {
  const { count } = wanted;
  // Told only where it changes: mostly it is as before, and telling it costs a call into V8.
  if (found.length !== count) found.length = count;
  for (let position = 0; position < count; position += 1) {
    found[position] = findWanted(pairs, wanted, position);
  }
}

function addMissing(pairs: Pairs, wanted: Wanted, found: readonly PairId[]): readonly PairId[] {
  return found.map((id, position) => (id === noPair ? addWanted(pairs, wanted, position) : id));
}

function findWanted(pairs: Pairs, wanted: Wanted, position: number): PairId {
  pairs.search.wanted = wanted;
  pairs.search.position = position;
  return findPlace(pairs.index, wantedHash(wanted, position), pairs, isWanted);
}

function isWanted(id: PairId, { words, search: { wanted, position } }: Pairs): boolean {
  const { user } = wanted;
  const length = wantedLength(wanted, position);
  const text = wantedText(wanted, position);
  const place = id * unitWords;
  if (words[place] !== user || ((words[place + lengthWord] ?? 0) & lengthMask) !== length) return false;
  for (let word = 0; word < wordsFor(length); word += 1) {
    if (words[place + textWord + word] !== wanted.words[text + word]) return false;
  }
  return true;
}

function addWanted(pairs: Pairs, wanted: Wanted, position: number): PairId {
  const length = wantedLength(wanted, position);
  const text = wantedText(wanted, position);
  const id = takeRecord(pairs, unitsFor(length));
  const { words } = pairs;
  const place = id * unitWords;
  words[place] = wanted.user;
  words[place + momentWord] = 0;
  words[place + lengthWord] = length;
  for (let word = 0; word < wordsFor(length); word += 1) {
    words[place + textWord + word] = wanted.words[text + word] ?? 0;
  }
  addPlace(pairs.index, wantedHash(wanted, position), id);
  pairs.size += 1;
  pairs.changes += 1;
  return id;
}

export function momentOfPair(pairs: Pairs, id: PairId): number {
  return pairs.words[id * unitWords + momentWord] ?? 0;
}

/** @param span the number of the span of time that the moment lies in */
export function setMomentOfPair({ words }: Pairs, id: PairId, moment: number, span: number): void {
  const place = id * unitWords;
  words[place + momentWord] = moment;
  const others = (words[place + lengthWord] ?? 0) & ~(spanMask << lengthBits);
  words[place + lengthWord] = others | ((span & spanMask) << lengthBits);
}

/** How often the pair is held. */
export function holdsOfPair(pairs: Pairs, id: PairId): number {
  return (pairs.words[id * unitWords + lengthWord] ?? 0) >>> holdsBits;
}

/** Adds one hold, or takes one away. */
export function changeHolds(pairs: Pairs, id: PairId, by: 1 | -1): void {
  const { words } = pairs;
  const place = id * unitWords + lengthWord;
  words[place] = (words[place] ?? 0) + by * oneHold;
}

/**
 * Looks at records, so many for each recipient charged, up to the last at most, and removes the pairs that are not held and
 * are over; the sweep after the last record begins with the first again.
 *
 * Most pairs lie about in the order of their time, so a sweep comes from what is over to what is over soon. As long as it
 * has removed enough it waits there; if it went on, what becomes over while it goes through all the others would add up.
 * @param span the number of the present span of time. A pair that looks younger than the window is not asked about, except
 *   in some rounds: it may be older than there are spans.
 * @param isOver whether the moment of a user is over, as moment 0 always is
 */
export function sweepPairs(
  pairs: Pairs,
  recipients: number,
  span: number,
  isOver: (user: number, moment: number) => boolean,
): void {
  removeOver(pairs, findOver(pairs, recipients, span, isOver));
}

/** Puts what a sweep is to remove into `over`, and moves the hand. Gives how many there are. */
function findOver(
  pairs: Pairs,
  recipients: number,
  span: number,
  isOver: (user: number, moment: number) => boolean,
): number {
  const { words, used, over } = pairs;
  const asksAll = pairs.rounds % roundsTillAll === roundsTillAll - 1;
  let { hand } = pairs;
  let count = 0;
  let soonOver = 0;
  let firstSoonOver = hand;
  for (let step = 0; step < recipients * stepsForRecipient && hand < used; step += 1) {
    const id = hand;
    const place = id * unitWords;
    const user = words[place] ?? 0;
    const moment = words[place + momentWord] ?? 0;
    const lengthAndMore = words[place + lengthWord] ?? 0;
    const length = lengthAndMore & lengthMask;
    const age = (span - (lengthAndMore >>> lengthBits)) & spanMask;
    hand += unitsFor(length);
    if (user === 0 || lengthAndMore >= oneHold) continue;
    const mayBeOver = age >= spansInWindow || moment === 0 || asksAll;
    if (mayBeOver && isOver(user, moment)) {
      over.ids[count] = id;
      over.hashes[count] = hashOf(user, words, place + textWord, length);
      count += 1;
      soonOver = 0;
    } else if (age < spansInWindow - 1) {
      soonOver = 0;
    } else {
      soonOver += 1;
      if (soonOver === 1) firstSoonOver = id;
      if (soonOver >= soonOverInARow && count >= recipients / 2) {
        hand = firstSoonOver;
        break;
      }
    }
  }
  pairs.hand = hand;
  if (hand >= used) {
    pairs.hand = 1;
    pairs.rounds += 1;
  }
  return count;
}

/** Removes the first of `over`; where that begins in the index is read beforehand, as `bringPairsNear` does. */
function removeOver(pairs: Pairs, count: number): void {
  const { ids, hashes } = pairs.over;
  for (let place = 0; place < count; place += 1) {
    pairs.read ^= hashInFirstSlot(pairs.index, hashes[place] ?? 0);
  }
  for (let place = 0; place < count; place += 1) removePair(pairs, ids[place] ?? noPair, hashes[place] ?? 0);
}

function removePair(pairs: Pairs, id: PairId, hash: number): void {
  pairs.size -= 1;
  pairs.changes += 1;
  if (pairs.size === 0) {
    giveBackMemory(pairs);
    return;
  }
  removePlace(pairs.index, hash, id);
  const { words } = pairs;
  const place = id * unitWords;
  const units = unitsFor((words[place + lengthWord] ?? 0) & lengthMask);
  words[place] = 0;
  words[place + momentWord] = pairs.free[units] ?? noPair;
  pairs.free[units] = id;
}

/** A record of this many units: a freed one, or the next at the end. */
function takeRecord(pairs: Pairs, units: number): PairId {
  const freed = pairs.free[units] ?? noPair;
  if (freed !== noPair) {
    pairs.free[units] = momentOfPair(pairs, freed);
    return freed;
  }
  const id = pairs.used;
  pairs.used += units;
  pairs.words = withRoom(pairs.words, pairs.used * unitWords);
  return id;
}

function giveBackMemory(pairs: Pairs): void {
  pairs.index = createHashIndex();
  pairs.words = makeWords();
  pairs.used = 1;
  pairs.free.length = 0;
  pairs.hand = 1;
}

/** Units of a record with so many bytes of text. */
function unitsFor(length: number): number {
  return (textWord + wordsFor(length) + unitWords - 1) >>> 1;
}
