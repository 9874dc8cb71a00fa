/**
 * The table of (user, recipient) pairs behind the unique-recipient windows (UQ-2, UQ-5), made for millions of them.
 * A pair is known by its exact text, never by a hash alone. It carries the number of a moment and how often it is
 * held; what these mean is the caller's.
 *
 * Records lie in words out of the garbage collector's sight: three words of header, then the recipient in UTF-8,
 * in units of 8 bytes. Freed records wait in a list of their size. `hash-index.ts` finds them.
 */
import { addPlace, createHashIndex, findPlace, type HashIndex, removePlace } from './hash-index.ts';
import { makeWords, type Words, withRoom } from './words.ts';

/** A pair's place in the table, from 1. Stays until the pair is removed. */
export type PairId = number;

/** No pair. */
export const noPair: PairId = 0;

const unitWords = 2;
/** Header: the user (0: a free record), the moment (of a free record: the next of its size), length in bytes with holds above. */
const momentWord = 1;
const lengthWord = 2;
const textWord = 3;
const lengthBits = 16;
const lengthMask = 2 ** lengthBits - 1;

/** RFC 5321 §4.5.3.1 allows 320 characters; SMTPUTF8 makes up to three bytes of one. */
const maxTextBytes = 1024;

export interface Pairs {
  index: HashIndex;
  /** The records, and how many units of them are given out; the first is left out, since 0 is no pair. */
  words: Words;
  used: number;
  /** By size in units, the first free record. */
  readonly free: PairId[];
  /** Pairs in the table, with those that are over but not swept yet. */
  size: number;
  /** Where the next sweep begins. */
  hand: PairId;
  /** What was looked for last: mostly the next question is about it too. */
  readonly wanted: Wanted;
}

/** A pair that is looked for: its user (0: none) and recipient, the recipient's text, the hash of both, and what was found. */
interface Wanted {
  user: number;
  recipient: string;
  readonly text: Uint32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  length: number;
  hash: number;
  found: PairId;
}

/** An empty table. */
export function createPairs(): Pairs {
  const text = new Uint32Array(maxTextBytes / 4);
  return {
    index: createHashIndex(),
    words: makeWords(),
    used: 1,
    free: [],
    size: 0,
    hand: 1,
    wanted: {
      user: 0,
      recipient: '',
      text,
      bytes: new Uint8Array(text.buffer),
      length: 0,
      hash: 0,
      found: noPair,
    },
  };
}

/** The pair of a user (from 1) and a recipient; `noPair` when it is not in the table. */
export function findPair(pairs: Pairs, user: number, recipient: string): PairId {
  const { wanted } = pairs;
  if (wanted.user === user && wanted.recipient === recipient) return wanted.found;
  setText(wanted, recipient);
  wanted.user = user;
  wanted.recipient = recipient;
  wanted.hash = hashOf(user, wanted.text, 0, wanted.length);
  wanted.found = findPlace(pairs.index, wanted.hash, pairs, isWanted);
  return wanted.found;
}

/** The pair of a user and a recipient, added with moment 0 and no holds when it is not in the table. */
export function findOrAddPair(pairs: Pairs, user: number, recipient: string): PairId {
  const found = findPair(pairs, user, recipient);
  return found === noPair ? addWanted(pairs) : found;
}

function addWanted(pairs: Pairs): PairId {
  const { wanted } = pairs;
  const { user, text, length, hash } = wanted;
  const id = takeRecord(pairs, unitsFor(length));
  const { words } = pairs;
  const place = id * unitWords;
  words[place] = user;
  words[place + momentWord] = 0;
  words[place + lengthWord] = length;
  for (let word = 0; word < wordsFor(length); word += 1) words[place + textWord + word] = text[word] ?? 0;
  addPlace(pairs.index, hash, id);
  pairs.size += 1;
  wanted.found = id;
  return id;
}

export function momentOfPair(pairs: Pairs, id: PairId): number {
  return pairs.words[id * unitWords + momentWord] ?? 0;
}

export function setMomentOfPair(pairs: Pairs, id: PairId, moment: number): void {
  pairs.words[id * unitWords + momentWord] = moment;
}

/** How often the pair is held. */
export function holdsOfPair(pairs: Pairs, id: PairId): number {
  return (pairs.words[id * unitWords + lengthWord] ?? 0) >>> lengthBits;
}

/** Adds one hold, or takes one away. */
export function changeHolds(pairs: Pairs, id: PairId, by: 1 | -1): void {
  const { words } = pairs;
  const place = id * unitWords + lengthWord;
  words[place] = (words[place] ?? 0) + by * (lengthMask + 1);
}

/**
 * Looks at the next `steps` records, round and round, and removes the pairs that are not held and are over.
 * Four steps for each recipient charged keep what is over to about an eighth of the table.
 */
export function sweepPairs(
  pairs: Pairs,
  steps: number,
  isOver: (user: number, moment: number) => boolean,
): void {
  for (let step = 0; step < steps && pairs.size > 0; step += 1) {
    if (pairs.hand >= pairs.used) pairs.hand = 1;
    const { words, hand } = pairs;
    const place = hand * unitWords;
    const user = words[place] ?? 0;
    const lengthAndHolds = words[place + lengthWord] ?? 0;
    pairs.hand += unitsFor(lengthAndHolds & lengthMask);
    const isFreeOrHeld = user === 0 || lengthAndHolds > lengthMask;
    if (!isFreeOrHeld && isOver(user, words[place + momentWord] ?? 0)) removePair(pairs, hand);
  }
}

/** Sets the text that is looked for, its last word filled up with zeros. */
function setText(wanted: Wanted, recipient: string): void {
  const { bytes } = wanted;
  let length = recipient.length;
  if (length * 3 > maxTextBytes - 3) throw new RangeError('A recipient longer than any SMTP path.');
  for (let position = 0; position < length; position += 1) {
    const code = recipient.charCodeAt(position);
    if (code > 0x7f) {
      length = new TextEncoder().encodeInto(recipient, bytes).written;
      break;
    }
    bytes[position] = code;
  }
  for (let position = length; (position & 3) !== 0; position += 1) bytes[position] = 0;
  wanted.length = length;
}

function isWanted(id: PairId, pairs: Pairs): boolean {
  const { words } = pairs;
  const { user, text, length } = pairs.wanted;
  const place = id * unitWords;
  if (words[place] !== user || ((words[place + lengthWord] ?? 0) & lengthMask) !== length) return false;
  for (let word = 0; word < wordsFor(length); word += 1) {
    if (words[place + textWord + word] !== text[word]) return false;
  }
  return true;
}

function removePair(pairs: Pairs, id: PairId): void {
  const { words } = pairs;
  const place = id * unitWords;
  const length = (words[place + lengthWord] ?? 0) & lengthMask;
  pairs.size -= 1;
  if (pairs.wanted.found === id) pairs.wanted.user = 0;
  if (pairs.size === 0) {
    giveBackMemory(pairs);
    return;
  }
  removePlace(pairs.index, hashOf(words[place] ?? 0, words, place + textWord, length), id);
  const units = unitsFor(length);
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

function wordsFor(length: number): number {
  return (length + 3) >>> 2;
}

/** MurmurHash3 (x86, 32 bits) over the words of a text, seeded with the user. Equal hashes only cost a comparison. */
function hashOf(user: number, words: Uint32Array, start: number, length: number): number {
  let hash = user;
  for (let place = start; place < start + wordsFor(length); place += 1) {
    let word = Math.imul(words[place] ?? 0, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
