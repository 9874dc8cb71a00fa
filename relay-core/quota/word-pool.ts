/**
 * Runs of words out of a few large typed arrays, for many small records that grow and go: one object for each page, so
 * that the garbage collector has next to nothing to look at, and growth adds a page and copies none.
 * Runs have a power of two of words; freed ones wait in a list of their size. Knows nothing of what is kept in them.
 */
import { makeWords, type Words } from './words.ts';

const pageBits = 16;
const pageWords = 2 ** pageBits;
const pageMask = pageWords - 1;
/** A longer run has pages of its own, so that it leaves no gap at the end of a shared one. */
const longestShared = pageWords / 16;

const lineWords = 16;

export interface WordPool {
  readonly pages: Words[];
  /** The page that new runs are taken from, and how many of its words are given out. */
  shared: number;
  used: number;
  /** By size (its power of two): the first freed run, whose first word leads to the next. */
  readonly free: number[];
  /** Runs that are given out. */
  runs: number;
}

/** A pool without pages. */
export function createWordPool(): WordPool {
  return { pages: [], shared: 0, used: pageWords, free: [], runs: 0 };
}

/** A run of 2^`bits` words, all zero. Its place, from 1, holds until it is given back. */
export function takeRun(pool: WordPool, bits: number): number {
  pool.runs += 1;
  const words = 2 ** bits;
  const freed = pool.free[bits] ?? 0;
  if (freed !== 0) {
    const page = pageOfRun(pool, freed);
    const start = startOfRun(freed);
    pool.free[bits] = page[start] ?? 0;
    page.fill(0, start, start + words);
    return freed;
  }
  if (words > longestShared) return addPage(pool, Math.max(words, pageWords));
  if (pool.used + words > pageWords) {
    pool.shared = addPage(pool, pageWords) >>> pageBits;
    pool.used = 0;
  }
  // The first words of all are left out: a place is never 0, and runs keep to the lines of the processor's cache.
  if (pool.shared === 0 && pool.used === 0) pool.used = lineWords;
  const place = pool.shared * pageWords + pool.used;
  pool.used += words;
  return place;
}

/** Gives a run back. The pool gives its memory back with the last one. */
export function giveRun(pool: WordPool, place: number, bits: number): void {
  pool.runs -= 1;
  if (pool.runs === 0) {
    pool.pages.length = 0;
    pool.free.length = 0;
    pool.used = pageWords;
    return;
  }
  pageOfRun(pool, place)[startOfRun(place)] = pool.free[bits] ?? 0;
  pool.free[bits] = place;
}

/** The page a run lies in. */
export function pageOfRun(pool: WordPool, place: number): Words {
  const page = pool.pages[place >>> pageBits];
  if (page === undefined) throw new Error(`There is no run at ${place}.`);
  return page;
}

/** Where a run begins in its page. */
export function startOfRun(place: number): number {
  return place & pageMask;
}

/** Adds a page and gives its first place. */
function addPage(pool: WordPool, words: number): number {
  pool.pages.push(makeWords(words));
  return (pool.pages.length - 1) * pageWords;
}
