/**
 * Runs of words for many small records that grow and go. Runs have a power of two of words; freed ones wait in a list of
 * their size. Knows nothing of what is kept in them.
 */
import { makeWords, type Words, withRoom } from './words.ts';

/** A line of the processor's cache has so many words: runs of a line or more begin with one. */
const lineWords = 16;

export interface WordPool {
  words: Words;
  /** How many of its words are given out, or wait in `free`. */
  used: number;
  /** By size (its power of two): the first freed run, whose first word leads to the next. */
  readonly free: number[];
  /** Runs that are given out. */
  runs: number;
}

/** A pool without memory. */
export function createWordPool(): WordPool {
  return { words: makeWords(), used: lineWords, free: [], runs: 0 };
}

/** A run of 2^`bits` words, a line at least, with anything in it. Its place, from 1, holds until it is given back. */
export function takeRun(pool: WordPool, bits: number): number {
  pool.runs += 1;
  const freed = pool.free[bits] ?? 0;
  if (freed !== 0) {
    pool.free[bits] = pool.words[freed] ?? 0;
    return freed;
  }
  const place = pool.used;
  pool.used += Math.max(2 ** bits, lineWords);
  pool.words = withRoom(pool.words, pool.used);
  return place;
}

/** Gives a run back. The pool gives its memory back with the last one. */
export function giveRun(pool: WordPool, place: number, bits: number): void {
  pool.runs -= 1;
  if (pool.runs === 0) {
    pool.words = makeWords();
    pool.used = lineWords;
    pool.free.length = 0;
    return;
  }
  pool.words[place] = pool.free[bits] ?? 0;
  pool.free[bits] = place;
}
