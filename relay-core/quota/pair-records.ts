/**
 * The records of (user, recipient) pairs: what stands in them, and which are free. They lie in words out of the garbage
 * collector's sight: three words of header, then the recipient in UTF-8, in units of 8 bytes.
 *
 * Freed records wait in a queue for each size, and are used again in the order in which they were freed. So records that
 * lie side by side are about of one time, whatever was removed together, and a sweep can go with the time.
 */
import { wordsFor } from './wanted.ts';
import { makeWords, type Words, withRoom } from './words.ts';

/** A pair's place among the records, from 1. Stays until the pair is removed. */
export type PairId = number;

/** No pair. */
export const noPair: PairId = 0;

const unitWords = 2;
/**
 * Header: the user (0: a free record), the moment (of a free record: the next of its size, if there is one), and the length
 * in bytes, above it the span, and above that the holds.
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

export interface PairRecords {
  words: Words;
  /** How many units are given out, or were; the first is left out, since 0 is no pair. */
  used: number;
  /** By size in units: the free record to be used next, and the one that was freed last, of no meaning without a first. */
  readonly firstFree: PairId[];
  readonly lastFree: PairId[];
}

/** None yet. */
export function createPairRecords(): PairRecords {
  return { words: makeWords(), used: 1, firstFree: [], lastFree: [] };
}

/** The user of a pair, from 1; 0 of a free record. */
export function userOfPair({ words }: PairRecords, id: PairId): number {
  return words[id * unitWords] ?? 0;
}

/** The moment of its user's timeline at which a pair stands; 0 before it was given one. */
export function momentOfPair({ words }: PairRecords, id: PairId): number {
  return words[id * unitWords + momentWord] ?? 0;
}

/** Bytes of the recipient. */
export function lengthOfPair({ words }: PairRecords, id: PairId): number {
  return (words[id * unitWords + lengthWord] ?? 0) & lengthMask;
}

/** The word of `words` the recipient begins with. */
export function textOfPair(id: PairId): number {
  return id * unitWords + textWord;
}

/** How many spans ago the moment was, as far as the pair's bits say: they are the same after two windows. */
export function ageOfPair({ words }: PairRecords, id: PairId, span: number): number {
  return (span - ((words[id * unitWords + lengthWord] ?? 0) >>> lengthBits)) & spanMask;
}

/**
 * Lets a pair stand at another moment.
 * @param span the number of the span of time that the moment lies in
 */
export function setMomentOfPair({ words }: PairRecords, id: PairId, moment: number, span: number): void {
  const place = id * unitWords;
  words[place + momentWord] = moment;
  const others = (words[place + lengthWord] ?? 0) & ~(spanMask << lengthBits);
  words[place + lengthWord] = others | ((span & spanMask) << lengthBits);
}

/** How often the pair is held. */
export function holdsOfPair({ words }: PairRecords, id: PairId): number {
  return (words[id * unitWords + lengthWord] ?? 0) >>> holdsBits;
}

/** Adds one hold, or takes one away. */
export function changeHolds({ words }: PairRecords, id: PairId, by: 1 | -1): void {
  const place = id * unitWords + lengthWord;
  words[place] = (words[place] ?? 0) + by * oneHold;
}

/** A record for a recipient of so many bytes, whose text is to be set: with moment 0 and no holds. */
export function takeRecord(records: PairRecords, user: number, length: number): PairId {
  const id = freeRecord(records, unitsFor(length));
  const { words } = records;
  const place = id * unitWords;
  words[place] = user;
  words[place + momentWord] = 0;
  words[place + lengthWord] = length;
  return id;
}

/** The record that `takeRecord` gives next may be far away in memory: reads it, and nothing else, as `bringPairsNear` does. */
export function bringFreeNear({ words, firstFree }: PairRecords, length: number): number {
  return words[(firstFree[unitsFor(length)] ?? noPair) * unitWords] ?? 0;
}

function freeRecord(records: PairRecords, units: number): PairId {
  const { firstFree } = records;
  const freed = firstFree[units] ?? noPair;
  if (freed !== noPair) {
    firstFree[units] = momentOfPair(records, freed);
    return freed;
  }
  const id = records.used;
  records.used += units;
  records.words = withRoom(records.words, records.used * unitWords);
  return id;
}

/** Frees the record of a pair that is not held; it is the last of its size to be used again. */
export function giveRecord(records: PairRecords, id: PairId): void {
  const { words, firstFree, lastFree } = records;
  const units = unitsOfPair(records, id);
  const place = id * unitWords;
  words[place] = 0;
  words[place + momentWord] = noPair;
  const isFirst = (firstFree[units] ?? noPair) === noPair;
  if (isFirst) firstFree[units] = id;
  else words[(lastFree[units] ?? noPair) * unitWords + momentWord] = id;
  lastFree[units] = id;
}

/** All records are free; their memory is given back. */
export function giveAllRecords(records: PairRecords): void {
  records.words = makeWords();
  records.used = 1;
  records.firstFree.length = 0;
  records.lastFree.length = 0;
}

/** The record behind this one, in use or free. */
export function recordAfter(records: PairRecords, id: PairId): PairId {
  return id + unitsOfPair(records, id);
}

function unitsOfPair(records: PairRecords, id: PairId): number {
  return unitsFor(lengthOfPair(records, id));
}

/** Units of a record with so many bytes of text. */
function unitsFor(length: number): number {
  return (textWord + wordsFor(length) + unitWords - 1) >>> 1;
}
