/**
 * Hash to place, for millions of entries: extendible hashing (Fagin and others, 1979) over typed arrays. The first bits of
 * a hash choose a shard, the last ones a slot in it; a full shard splits in two, so the index grows a few microseconds
 * at a time and is never built anew. Several entries may have the same hash: the caller tells them apart.
 */
import { makeWords, type Words, withRoom } from './words.ts';

const shardBits = 9;
const shardSlots = 2 ** shardBits;
const slotMask = shardSlots - 1;
/** A shard splits above this many entries, so that a probe stays short. */
const fullShard = Math.floor(shardSlots * 0.8);
/** Hash and place. */
const slotWords = 2;
const shardWords = shardSlots * slotWords;

export interface HashIndex {
  /** Shard numbers by the first `depth` bits of a hash. */
  directory: Uint32Array;
  depth: number;
  /** The slots of all shards. */
  slots: Words;
  /** By shard: how many bits its entries share, and how many there are. */
  readonly depths: number[];
  readonly sizes: number[];
}

/** An empty index. */
export function createHashIndex(): HashIndex {
  return {
    directory: new Uint32Array(1),
    depth: 0,
    slots: withRoom(makeWords(), shardWords),
    depths: [0],
    sizes: [0],
  };
}

/**
 * The first place under this hash that `matches`; 0 when there is none.
 * @param hash 32 bits, all of them well mixed
 */
export function findPlace<Key>(
  index: HashIndex,
  hash: number,
  key: Key,
  matches: (place: number, key: Key) => boolean,
): number {
  const { slots } = index;
  const start = shardOf(index, hash) * shardWords;
  for (let slot = hash & slotMask; ; slot = (slot + 1) & slotMask) {
    const at = start + slot * slotWords;
    const place = slots[at + 1] ?? 0;
    if (place === 0 || (slots[at] === hash && matches(place, key))) return place;
  }
}

/** The hash in the slot where a search for `hash` begins. */
export function hashInFirstSlot(index: HashIndex, hash: number): number {
  return index.slots[shardOf(index, hash) * shardWords + (hash & slotMask) * slotWords] ?? 0;
}

/** Adds a place, from 1, that is not in the index. */
export function addPlace(index: HashIndex, hash: number, place: number): void {
  let shard = shardOf(index, hash);
  while ((index.sizes[shard] ?? 0) >= fullShard) {
    splitShard(index, shard, hash);
    shard = shardOf(index, hash);
  }
  put(index, shard, hash, place);
}

/** Removes a place that is in the index, and moves up what was put behind it for want of room. */
export function removePlace(index: HashIndex, hash: number, place: number): void {
  const shard = shardOf(index, hash);
  const { slots } = index;
  const start = shard * shardWords;
  let gap = hash & slotMask;
  while (slots[start + gap * slotWords + 1] !== place) gap = (gap + 1) & slotMask;
  for (let slot = (gap + 1) & slotMask; ; slot = (slot + 1) & slotMask) {
    const at = start + slot * slotWords;
    const moved = slots[at + 1] ?? 0;
    if (moved === 0) break;
    const movedHash = slots[at] ?? 0;
    const fromItsOwnSlot = (slot - movedHash) & slotMask;
    if (fromItsOwnSlot < ((slot - gap) & slotMask)) continue;
    slots[start + gap * slotWords] = movedHash;
    slots[start + gap * slotWords + 1] = moved;
    gap = slot;
  }
  slots[start + gap * slotWords + 1] = 0;
  index.sizes[shard] = (index.sizes[shard] ?? 0) - 1;
}

function put(index: HashIndex, shard: number, hash: number, place: number): void {
  const { slots } = index;
  const start = shard * shardWords;
  let slot = hash & slotMask;
  while (slots[start + slot * slotWords + 1] !== 0) slot = (slot + 1) & slotMask;
  slots[start + slot * slotWords] = hash;
  slots[start + slot * slotWords + 1] = place;
  index.sizes[shard] = (index.sizes[shard] ?? 0) + 1;
}

/** Gives the entries of the shard of `hash` whose next bit is set to a new shard. */
function splitShard(index: HashIndex, shard: number, hash: number): void {
  const depth = index.depths[shard] ?? 0;
  if (depth === index.depth) doubleDirectory(index);
  const added = index.depths.length;
  index.depths[shard] = depth + 1;
  index.depths.push(depth + 1);
  index.sizes.push(0);
  index.slots = withRoom(index.slots, (added + 1) * shardWords);

  const start = shard * shardWords;
  const entries = index.slots.slice(start, start + shardWords);
  index.slots.fill(0, start, start + shardWords);
  index.sizes[shard] = 0;
  // The directory entries of the old shard lie side by side; the second half becomes the new one's.
  const count = 2 ** (index.depth - depth);
  const first = Math.floor(positionOf(index, hash) / count) * count;
  index.directory.fill(added, first + count / 2, first + count);
  for (let at = 0; at < shardWords; at += slotWords) {
    const place = entries[at + 1] ?? 0;
    const entryHash = entries[at] ?? 0;
    if (place !== 0) put(index, shardOf(index, entryHash), entryHash, place);
  }
}

function doubleDirectory(index: HashIndex): void {
  const doubled = new Uint32Array(index.directory.length * 2);
  for (const [position, shard] of index.directory.entries())
    doubled.fill(shard, position * 2, position * 2 + 2);
  index.directory = doubled;
  index.depth += 1;
}

function shardOf(index: HashIndex, hash: number): number {
  return index.directory[positionOf(index, hash)] ?? 0;
}

function positionOf({ depth }: HashIndex, hash: number): number {
  return depth === 0 ? 0 : hash >>> (32 - depth);
}
