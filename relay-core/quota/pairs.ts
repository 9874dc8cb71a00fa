/**
 * The table of (user, recipient) pairs behind the unique-recipient windows (UQ-2, UQ-5), made for millions of them.
 * A pair is known by its exact text, never by a hash alone. It carries the number of a moment and how often it is
 * held; what these mean is the caller's.
 *
 * Records lie in typed arrays, out of the garbage collector's sight: four words of header, then the recipient in UTF-8,
 * in units of 16 bytes. Freed records wait in a list of their size. Records are found by linear hashing (Litwin, 1980):
 * a new pair splits one bucket, so the table grows without ever being built anew.
 */

/** A pair's place in the table, from 1. Stays until the pair is removed. */
export type PairId = number;

/** No pair. */
export const noPair: PairId = 0;

const unitWords = 4;
const unitBytes = 4 * unitWords;
/** Header: next record of the bucket, user (0 is a free record), moment, text length in bytes with the holds above it. */
const userWord = 1;
const momentWord = 2;
const lengthWord = 3;
const textWord = 4;
const lengthBits = 16;
const lengthMask = 2 ** lengthBits - 1;

/** 128 KiB of records, or 32 KiB of bucket heads, are asked for at a time. */
const pageBits = 13;
const pageMask = 2 ** pageBits - 1;
/** RFC 5321 §4.5.3.1 allows 320 characters; SMTPUTF8 makes up to three bytes of one. */
const maxTextBytes = 1024;

type Words = Uint32Array<ArrayBuffer>;

export interface Pairs {
  /** Pages of records, and how many units of each are given out. */
  readonly pages: Words[];
  readonly used: number[];
  /** By size in units, the first free record. */
  readonly free: PairId[];
  /** Pages of bucket heads: the first record of each bucket. */
  readonly heads: Words[];
  buckets: number;
  /** Pairs in the table, with those that are over but not swept yet. */
  size: number;
  /** Where the next sweep begins. */
  hand: PairId;
  /** The text that is looked for. */
  readonly text: Words;
  readonly textBytes: Uint8Array<ArrayBuffer>;
}

/** An empty table. */
export function createPairs(): Pairs {
  const text = new Uint32Array(maxTextBytes / 4);
  return {
    pages: [],
    used: [],
    free: [],
    heads: [new Uint32Array(pageMask + 1)],
    buckets: 1,
    size: 0,
    hand: 1,
    text,
    textBytes: new Uint8Array(text.buffer),
  };
}

/** The pair of a user (from 1) and a recipient; `noPair` when it is not in the table. */
export function findPair(pairs: Pairs, user: number, recipient: string): PairId {
  const bytes = readText(pairs, recipient);
  return search(pairs, user, bytes, hashOf(user, pairs.text, 0, bytes));
}

/** The pair of a user and a recipient, added with moment 0 and no holds when it is not in the table. */
export function findOrAddPair(pairs: Pairs, user: number, recipient: string): PairId {
  const bytes = readText(pairs, recipient);
  const hash = hashOf(user, pairs.text, 0, bytes);
  const found = search(pairs, user, bytes, hash);
  if (found !== noPair) return found;
  const id = takeRecord(pairs, unitsFor(bytes));
  const page = pageOf(pairs, id);
  const place = placeOf(id);
  page[place + userWord] = user;
  page[place + momentWord] = 0;
  page[place + lengthWord] = bytes;
  page.set(pairs.text.subarray(0, wordsFor(bytes)), place + textWord);
  pairs.size += 1;
  if (pairs.size > pairs.buckets) splitBucket(pairs);
  link(pairs, id, bucketOf(hash, pairs.buckets));
  return id;
}

export function momentOfPair(pairs: Pairs, id: PairId): number {
  return pageOf(pairs, id)[placeOf(id) + momentWord] ?? 0;
}

export function setMomentOfPair(pairs: Pairs, id: PairId, moment: number): void {
  pageOf(pairs, id)[placeOf(id) + momentWord] = moment;
}

/** How often the pair is held. */
export function holdsOfPair(pairs: Pairs, id: PairId): number {
  return (pageOf(pairs, id)[placeOf(id) + lengthWord] ?? 0) >>> lengthBits;
}

/** Adds one hold, or takes one away. */
export function changeHolds(pairs: Pairs, id: PairId, by: 1 | -1): void {
  const page = pageOf(pairs, id);
  const place = placeOf(id) + lengthWord;
  page[place] = (page[place] ?? 0) + by * (lengthMask + 1);
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
    if ((pairs.hand & pageMask) >= (pairs.used[pairs.hand >>> pageBits] ?? 0)) {
      const nextPage = (pairs.hand >>> pageBits) + 1;
      pairs.hand = nextPage < pairs.pages.length ? nextPage << pageBits : 1;
    }
    const id = pairs.hand;
    const page = pageOf(pairs, id);
    const place = placeOf(id);
    const user = page[place + userWord] ?? 0;
    const lengthAndHolds = page[place + lengthWord] ?? 0;
    pairs.hand += unitsFor(lengthAndHolds & lengthMask);
    if (user !== 0 && lengthAndHolds <= lengthMask && isOver(user, page[place + momentWord] ?? 0)) {
      removePair(pairs, id);
    }
  }
}

/** Puts the recipient into `text`, the last word filled up with zeros; gives its length in bytes. */
function readText(pairs: Pairs, recipient: string): number {
  const { textBytes } = pairs;
  let bytes = recipient.length;
  if (bytes * 3 > maxTextBytes - 3) throw new RangeError('A recipient longer than any SMTP path.');
  for (let index = 0; index < bytes; index += 1) {
    const code = recipient.charCodeAt(index);
    if (code > 0x7f) {
      bytes = new TextEncoder().encodeInto(recipient, textBytes).written;
      break;
    }
    textBytes[index] = code;
  }
  textBytes.fill(0, bytes, bytes + 3);
  return bytes;
}

function search(pairs: Pairs, user: number, bytes: number, hash: number): PairId {
  const { text } = pairs;
  const words = wordsFor(bytes);
  let id = headOf(pairs, bucketOf(hash, pairs.buckets));
  while (id !== noPair) {
    const page = pageOf(pairs, id);
    const place = placeOf(id);
    if (page[place + userWord] === user && ((page[place + lengthWord] ?? 0) & lengthMask) === bytes) {
      let word = 0;
      while (word < words && page[place + textWord + word] === text[word]) word += 1;
      if (word === words) return id;
    }
    id = page[place] ?? noPair;
  }
  return noPair;
}

function removePair(pairs: Pairs, id: PairId): void {
  const page = pageOf(pairs, id);
  const place = placeOf(id);
  const bytes = (page[place + lengthWord] ?? 0) & lengthMask;
  const next = page[place] ?? noPair;
  const bucket = bucketOf(hashOf(page[place + userWord] ?? 0, page, place + textWord, bytes), pairs.buckets);
  let before = headOf(pairs, bucket);
  if (before === id) {
    setHead(pairs, bucket, next);
  } else {
    while (nextOf(pairs, before) !== id) before = nextOf(pairs, before);
    pageOf(pairs, before)[placeOf(before)] = next;
  }
  pairs.size -= 1;
  if (pairs.size === 0) {
    giveBackMemory(pairs);
    return;
  }
  page[place + userWord] = 0;
  page[place] = pairs.free[unitsFor(bytes)] ?? noPair;
  pairs.free[unitsFor(bytes)] = id;
}

/** A record of this many units: a freed one, or the next of the last page. */
function takeRecord(pairs: Pairs, units: number): PairId {
  const freed = pairs.free[units] ?? noPair;
  if (freed !== noPair) {
    pairs.free[units] = nextOf(pairs, freed);
    return freed;
  }
  const last = pairs.pages.length - 1;
  const used = pairs.used[last];
  if (used !== undefined && used + units <= pageMask + 1) {
    pairs.used[last] = used + units;
    return last * (pageMask + 1) + used;
  }
  pairs.pages.push(new Uint32Array((pageMask + 1) * unitWords));
  // The first unit of all is left out: 0 is no pair.
  const first = pairs.pages.length === 1 ? 1 : 0;
  pairs.used.push(first + units);
  return (last + 1) * (pageMask + 1) + first;
}

/** Adds one bucket; it takes its share from the bucket that stood for it until now. */
function splitBucket(pairs: Pairs): void {
  const added = pairs.buckets;
  const parent = bucketOf(added, added);
  pairs.buckets += 1;
  if ((added & pageMask) === 0) pairs.heads.push(new Uint32Array(pageMask + 1));
  let id = headOf(pairs, parent);
  setHead(pairs, parent, noPair);
  while (id !== noPair) {
    const page = pageOf(pairs, id);
    const place = placeOf(id);
    const next = page[place] ?? noPair;
    const bytes = (page[place + lengthWord] ?? 0) & lengthMask;
    link(
      pairs,
      id,
      bucketOf(hashOf(page[place + userWord] ?? 0, page, place + textWord, bytes), pairs.buckets),
    );
    id = next;
  }
}

function giveBackMemory(pairs: Pairs): void {
  pairs.pages.length = 0;
  pairs.used.length = 0;
  pairs.free.length = 0;
  pairs.heads.length = 1;
  setHead(pairs, 0, noPair);
  pairs.buckets = 1;
  pairs.hand = 1;
}

function link(pairs: Pairs, id: PairId, bucket: number): void {
  pageOf(pairs, id)[placeOf(id)] = headOf(pairs, bucket);
  setHead(pairs, bucket, id);
}

/** The bucket of a hash when there are this many: its low bits, one fewer where that bucket is not split off yet. */
function bucketOf(hash: number, buckets: number): number {
  const mask = 2 ** (32 - Math.clz32(buckets - 1)) - 1;
  const bucket = hash & mask;
  return bucket < buckets ? bucket : bucket & (mask >>> 1);
}

function headOf(pairs: Pairs, bucket: number): PairId {
  return pairs.heads[bucket >>> pageBits]?.[bucket & pageMask] ?? noPair;
}

function setHead(pairs: Pairs, bucket: number, id: PairId): void {
  const page = pairs.heads[bucket >>> pageBits];
  if (page !== undefined) page[bucket & pageMask] = id;
}

function nextOf(pairs: Pairs, id: PairId): PairId {
  return pageOf(pairs, id)[placeOf(id)] ?? noPair;
}

function pageOf(pairs: Pairs, id: PairId): Words {
  const page = pairs.pages[id >>> pageBits];
  if (page === undefined) throw new Error(`There is no pair ${id}.`);
  return page;
}

/** Where a record begins in its page, in words. */
function placeOf(id: PairId): number {
  return (id & pageMask) * unitWords;
}

function unitsFor(bytes: number): number {
  return textWord / unitWords + Math.ceil(bytes / unitBytes);
}

function wordsFor(bytes: number): number {
  return (bytes + 3) >>> 2;
}

/** MurmurHash3 (x86, 32 bits) over the words of a text, seeded with the user. Equal hashes only cost a comparison. */
function hashOf(user: number, words: Words, start: number, bytes: number): number {
  let hash = user;
  for (let place = start; place < start + wordsFor(bytes); place += 1) {
    let word = Math.imul(words[place] ?? 0, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash ^= bytes;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
