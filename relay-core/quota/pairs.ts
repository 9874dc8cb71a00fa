/**
 * The table of (user, recipient) pairs behind the unique-recipient windows (UQ-2, UQ-5), made for millions of them.
 * A pair is known by its exact text, never by a hash alone. It carries the number of a moment, the span of time that one
 * lies in, and how often it is held (`pair-records.ts`). `hash-index.ts` finds pairs, `pair-sweep.ts` removes those that
 * are over.
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
  bringFreeNear,
  createPairRecords,
  giveAllRecords,
  giveRecord,
  lengthOfPair,
  noPair,
  type PairId,
  type PairRecords,
  takeRecord,
  textOfPair,
  userOfPair,
} from './pair-records.ts';
import {
  createWanted,
  setWanted,
  type Wanted,
  wantedHash,
  wantedLength,
  wantedText,
  wordsFor,
} from './wanted.ts';

export interface Pairs {
  readonly records: PairRecords;
  index: HashIndex;
  /** Pairs in the table, with those that are over but not swept yet. */
  size: number;
  /** How often a pair was added or removed. */
  changes: number;
  readonly lookedFor: LookedFor;
  readonly search: Search;
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
    records: createPairRecords(),
    index: createHashIndex(),
    size: 0,
    changes: 0,
    lookedFor: { wanted, found: [], changes: notSearched },
    search: { wanted, position: 0, found: [] },
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
 * Reads where the search for what is wanted will begin, and the records that what is not found may get, and nothing else.
 * A search waits for memory most of its time; where many are known beforehand, their waits pass side by side. What it gives
 * only keeps the reading from being left out.
 */
export function bringPairsNear({ index, records }: Pairs, wanted: Wanted): number {
  let read = 0;
  for (let position = 0; position < wanted.count; position += 1) {
    read ^= hashInFirstSlot(index, wantedHash(wanted, position));
    read ^= bringFreeNear(records, wantedLength(wanted, position));
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

function isWanted(id: PairId, { records, search: { wanted, position } }: Pairs): boolean {
  const length = wantedLength(wanted, position);
  if (userOfPair(records, id) !== wanted.user || lengthOfPair(records, id) !== length) return false;
  const { words } = records;
  const text = textOfPair(id);
  const other = wantedText(wanted, position);
  for (let word = 0; word < wordsFor(length); word += 1) {
    if (words[text + word] !== wanted.words[other + word]) return false;
  }
  return true;
}

function addWanted(pairs: Pairs, wanted: Wanted, position: number): PairId {
  const { records } = pairs;
  const length = wantedLength(wanted, position);
  const id = takeRecord(records, wanted.user, length);
  const { words } = records;
  const text = textOfPair(id);
  const given = wantedText(wanted, position);
  for (let word = 0; word < wordsFor(length); word += 1) words[text + word] = wanted.words[given + word] ?? 0;
  addPlace(pairs.index, wantedHash(wanted, position), id);
  pairs.size += 1;
  pairs.changes += 1;
  return id;
}

/** Removes a pair of that hash. The table gives its memory back with the last one. */
export function removePair(pairs: Pairs, id: PairId, hash: number): void {
  pairs.size -= 1;
  pairs.changes += 1;
  if (pairs.size === 0) {
    pairs.index = createHashIndex();
    giveAllRecords(pairs.records);
    return;
  }
  removePlace(pairs.index, hash, id);
  giveRecord(pairs.records, id);
}
