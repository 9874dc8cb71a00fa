/**
 * Where the moments of timelines lie: a state for each timeline, a directory of its blocks, and blocks of moments, each
 * with its time and one amount for every column. `timelines.ts` says what is counted in them, and knows of the window.
 *
 * States are pages of words, directories and blocks runs of one pool. A word that a time is written to keeps its low half.
 */
import { createWordPool, giveRun, pageOfRun, startOfRun, takeRun, type WordPool } from './word-pool.ts';
import { makeWords, type Words } from './words.ts';

const wordRange = 2 ** 32;
const firstDirectoryBits = 2;

/**
 * Words of a state, all in one line of the processor's cache: nearly all are asked for with each message. Times have two
 * words each. `firstMoving` is no later than the first moment that holds something of the moving column; it is that one
 * when its time is known.
 */
export const stateWord = {
  head: 0,
  newest: 1,
  directory: 2,
  directoryBits: 3,
  headBlock: 4,
  newestBlock: 5,
  firstMoving: 6,
  headTime: 7,
  newestTime: 9,
  firstMovingTime: 11,
  sums: 13,
} as const;
const stateWords = 16;
/** The high half of a time that is not known, or of the head's when there is no moment: later than all. */
const noTime = wordRange - 1;
/** States are asked for 1,024 at a time: 64 KiB. */
const statePageBits = 10;
const statePageMask = 2 ** statePageBits - 1;

/**
 * Of a block: the high half of the time of all its moments, then the sums of them all, then the moments. The sums are
 * written when the block is full, and not changed as its moments leave: they hold for whole blocks only. Nor are they
 * looked at when a moment is added or leaves, since the head of a block lies in another line of the processor's cache.
 */
const blockSumsWord = 1;
/** Of a moment: the low half of its time, then its amounts. */
const amountsWord = 1;

export interface Timelines {
  readonly windowMs: number;
  readonly columns: number;
  readonly movingColumn: number;
  readonly blockBits: number;
  /** Moments of one block. */
  readonly blockMoments: number;
  /** A moment's number is that of its block, and below it, in so many bits, its position in the block. */
  readonly positionBits: number;
  readonly pool: WordPool;
  readonly states: Words[];
  /** Timelines are numbered from 1. */
  count: number;
}

export interface TimelineShape {
  readonly windowMs: number;
  /** Of the first column something is counted at every moment. */
  readonly columns: 1 | 2 | 3;
  /**
   * The column whose amounts are moved to later moments and leave empty ones behind, as many as there are in the window:
   * where its amounts begin is kept, so that asking for the first passes over each empty moment once, and not each time.
   */
  readonly movingColumn?: number;
  /** A block has 2^`blockBits` words: few for many short timelines, many for a long one. */
  readonly blockBits: number;
}

/** No timelines yet. */
export function createTimelines({
  windowMs,
  columns,
  movingColumn = columns,
  blockBits,
}: TimelineShape): Timelines {
  const blockMoments = Math.floor((2 ** blockBits - blockSumsWord - columns) / (amountsWord + columns));
  const positionBits = Math.ceil(Math.log2(blockMoments));
  const pool = createWordPool();
  return {
    windowMs,
    columns,
    movingColumn,
    blockBits,
    blockMoments,
    positionBits,
    pool,
    states: [],
    count: 0,
  };
}

/** Adds an empty timeline and gives its number. Its moments have rising numbers, none of them 0 and none given twice. */
export function addTimeline(timelines: Timelines): number {
  timelines.count += 1;
  const timeline = timelines.count;
  if (timelines.states[timeline >>> statePageBits] === undefined) {
    timelines.states.push(makeWords(stateWords * (statePageMask + 1)));
  }
  setEmpty(timelines, timeline, firstOfNextBlock(timelines, 0));
  return timeline;
}

export function state(timelines: Timelines, timeline: number, word: number): number {
  return statesOf(timelines, timeline)[stateStart(timeline) + word] ?? 0;
}

export function setState(timelines: Timelines, timeline: number, word: number, value: number): void {
  statesOf(timelines, timeline)[stateStart(timeline) + word] = value;
}

/** A time of a state; later than all when it is not known. */
export function stateTime(timelines: Timelines, timeline: number, word: number): number {
  const states = statesOf(timelines, timeline);
  const place = stateStart(timeline) + word;
  return (states[place + 1] ?? 0) * wordRange + (states[place] ?? 0);
}

export function setStateTime(timelines: Timelines, timeline: number, word: number, at: number): void {
  const states = statesOf(timelines, timeline);
  const place = stateStart(timeline) + word;
  states[place] = at;
  states[place + 1] = highHalf(at);
}

export function forgetStateTime(timelines: Timelines, timeline: number, word: number): void {
  setState(timelines, timeline, word + 1, noTime);
}

export function isStateTimeKnown(timelines: Timelines, timeline: number, word: number): boolean {
  return state(timelines, timeline, word + 1) !== noTime;
}

/** Makes a moment the newest, in a new block where one begins. Nothing has happened in it yet. */
export function addMoment(timelines: Timelines, timeline: number, moment: number, at: number): void {
  if (positionOf(timelines, moment) === 0) addBlock(timelines, timeline, moment, at);
  const block = state(timelines, timeline, stateWord.newestBlock);
  pageOfRun(timelines.pool, block)[placeOf(timelines, block, moment)] = at;
  setState(timelines, timeline, stateWord.newest, moment);
  setStateTime(timelines, timeline, stateWord.newestTime, at);
  if (moment === state(timelines, timeline, stateWord.head)) setHead(timelines, timeline, moment, at);
}

/** Makes a moment the first inside the window. */
export function setHead(timelines: Timelines, timeline: number, head: number, at: number): void {
  setState(timelines, timeline, stateWord.headBlock, blockOf(timelines, timeline, head));
  setState(timelines, timeline, stateWord.head, head);
  setStateTime(timelines, timeline, stateWord.headTime, at);
}

/** Adds to an amount of a moment, and to the sum of its timeline. Gives what the amount is then. */
export function changeAmount(
  timelines: Timelines,
  timeline: number,
  moment: number,
  column: number,
  by: number,
): number {
  const block = blockOf(timelines, timeline, moment);
  const page = pageOfRun(timelines.pool, block);
  if (block !== state(timelines, timeline, stateWord.newestBlock)) {
    change(page, startOfRun(block) + blockSumsWord + column, by);
  }
  change(statesOf(timelines, timeline), stateStart(timeline) + stateWord.sums + column, by);
  return change(page, placeOf(timelines, block, moment) + amountsWord + column, by);
}

/** Takes a whole block off the sums of the timeline, and gives its memory back. */
export function dropBlock(timelines: Timelines, timeline: number, moment: number): void {
  const block = blockOf(timelines, timeline, moment);
  dropSums(timelines, timeline, pageOfRun(timelines.pool, block), startOfRun(block) + blockSumsWord);
  giveRun(timelines.pool, block, timelines.blockBits);
}

/** Takes a moment off the sums of the timeline; with the last of a block, gives the block's memory back. */
export function dropMoment(timelines: Timelines, timeline: number, moment: number): void {
  const block = blockOf(timelines, timeline, moment);
  const page = pageOfRun(timelines.pool, block);
  dropSums(timelines, timeline, page, placeOf(timelines, block, moment) + amountsWord);
  if (moment === lastOfBlock(timelines, timeline, moment))
    giveRun(timelines.pool, block, timelines.blockBits);
}

/** A timeline whose moments are all gone has no memory in the pool, and goes on with the first moment of a block. */
export function startAfresh(timelines: Timelines, timeline: number): void {
  giveRun(
    timelines.pool,
    state(timelines, timeline, stateWord.directory),
    state(timelines, timeline, stateWord.directoryBits),
  );
  setState(timelines, timeline, stateWord.directory, 0);
  const newest = state(timelines, timeline, stateWord.newest);
  setEmpty(timelines, timeline, firstOfNextBlock(timelines, newest));
}

export function timeOf(timelines: Timelines, timeline: number, moment: number): number {
  const block = blockOf(timelines, timeline, moment);
  const page = pageOfRun(timelines.pool, block);
  return (page[startOfRun(block)] ?? 0) * wordRange + (page[placeOf(timelines, block, moment)] ?? 0);
}

export function amountOf(timelines: Timelines, timeline: number, moment: number, column: number): number {
  const block = blockOf(timelines, timeline, moment);
  return pageOfRun(timelines.pool, block)[placeOf(timelines, block, moment) + amountsWord + column] ?? 0;
}

/** What stands in a whole block of a column. */
export function blockSum(timelines: Timelines, timeline: number, moment: number, column: number): number {
  const block = blockOf(timelines, timeline, moment);
  return pageOfRun(timelines.pool, block)[startOfRun(block) + blockSumsWord + column] ?? 0;
}

/** Whether a moment begins a block that is full. */
export function beginsWholeBlock(timelines: Timelines, timeline: number, moment: number): boolean {
  if (positionOf(timelines, moment) !== 0) return false;
  return (
    blockNumber(timelines, moment) < blockNumber(timelines, state(timelines, timeline, stateWord.newest))
  );
}

/** Where in its block a moment stands. */
export function positionOf(timelines: Timelines, moment: number): number {
  return moment & ((1 << timelines.positionBits) - 1);
}

export function momentAfter(timelines: Timelines, moment: number): number {
  const isLast = positionOf(timelines, moment) >= timelines.blockMoments - 1;
  return isLast ? firstOfNextBlock(timelines, moment) : moment + 1;
}

export function firstOfNextBlock(timelines: Timelines, moment: number): number {
  return ((blockNumber(timelines, moment) + 1) << timelines.positionBits) >>> 0;
}

/** The last moment there is in the block of a moment. */
export function lastOfBlock(timelines: Timelines, timeline: number, moment: number): number {
  const newest = state(timelines, timeline, stateWord.newest);
  if (blockNumber(timelines, moment) === blockNumber(timelines, newest)) return newest;
  return moment - positionOf(timelines, moment) + timelines.blockMoments - 1;
}

/** All moments of a block have the same high half of their time. */
export function highHalf(at: number): number {
  return Math.floor(at / wordRange);
}

function addBlock(timelines: Timelines, timeline: number, moment: number, at: number): void {
  const { pool } = timelines;
  const first = blockNumber(timelines, state(timelines, timeline, stateWord.head));
  const number = blockNumber(timelines, moment);
  if (number - first >= directorySize(timelines, timeline)) growDirectory(timelines, timeline, first, number);
  if (number > first) writeBlockSums(timelines, state(timelines, timeline, stateWord.newestBlock));
  const block = takeRun(pool, timelines.blockBits);
  pageOfRun(pool, block)[startOfRun(block)] = highHalf(at);
  const directory = state(timelines, timeline, stateWord.directory);
  const slot = number & (directorySize(timelines, timeline) - 1);
  pageOfRun(pool, directory)[startOfRun(directory) + slot] = block;
  setState(timelines, timeline, stateWord.newestBlock, block);
}

/** Writes the sums of a block that is full now. */
function writeBlockSums(timelines: Timelines, block: number): void {
  const page = pageOfRun(timelines.pool, block);
  for (let moment = 0; moment < timelines.blockMoments; moment += 1) {
    const amounts = placeOf(timelines, block, moment) + amountsWord;
    for (let column = 0; column < timelines.columns; column += 1) {
      change(page, startOfRun(block) + blockSumsWord + column, page[amounts + column] ?? 0);
    }
  }
}

/** Makes a directory twice as long, with the blocks from `first` up to `end`: it goes round, by the number of a block. */
function growDirectory(timelines: Timelines, timeline: number, first: number, end: number): void {
  const { pool } = timelines;
  const before = state(timelines, timeline, stateWord.directory);
  const bitsBefore = state(timelines, timeline, stateWord.directoryBits);
  const bits = before === 0 ? firstDirectoryBits : bitsBefore + 1;
  const longer = takeRun(pool, bits);
  const page = pageOfRun(pool, longer);
  for (let number = first; before !== 0 && number < end; number += 1) {
    const block = pageOfRun(pool, before)[startOfRun(before) + (number & (2 ** bitsBefore - 1))] ?? 0;
    page[startOfRun(longer) + (number & (2 ** bits - 1))] = block;
  }
  if (before !== 0) giveRun(pool, before, bitsBefore);
  setState(timelines, timeline, stateWord.directory, longer);
  setState(timelines, timeline, stateWord.directoryBits, bits);
}

function directorySize(timelines: Timelines, timeline: number): number {
  if (state(timelines, timeline, stateWord.directory) === 0) return 0;
  return 1 << state(timelines, timeline, stateWord.directoryBits);
}

function setEmpty(timelines: Timelines, timeline: number, next: number): void {
  setState(timelines, timeline, stateWord.head, next);
  setState(timelines, timeline, stateWord.newest, next - 1);
  forgetStateTime(timelines, timeline, stateWord.headTime);
  forgetStateTime(timelines, timeline, stateWord.firstMovingTime);
}

/** Takes the amounts that stand at a place off the sums of the timeline. */
function dropSums(timelines: Timelines, timeline: number, page: Words, place: number): void {
  const states = statesOf(timelines, timeline);
  const sums = stateStart(timeline) + stateWord.sums;
  for (let column = 0; column < timelines.columns; column += 1) {
    change(states, sums + column, -(page[place + column] ?? 0));
  }
}

function blockOf(timelines: Timelines, timeline: number, moment: number): number {
  const states = statesOf(timelines, timeline);
  const start = stateStart(timeline);
  const number = blockNumber(timelines, moment);
  if (number === blockNumber(timelines, states[start + stateWord.newest] ?? 0)) {
    return states[start + stateWord.newestBlock] ?? 0;
  }
  if (number === blockNumber(timelines, states[start + stateWord.head] ?? 0)) {
    return states[start + stateWord.headBlock] ?? 0;
  }
  const directory = states[start + stateWord.directory] ?? 0;
  const slot = number & ((1 << (states[start + stateWord.directoryBits] ?? 0)) - 1);
  return pageOfRun(timelines.pool, directory)[startOfRun(directory) + slot] ?? 0;
}

function blockNumber(timelines: Timelines, moment: number): number {
  return moment >>> timelines.positionBits;
}

/** Where a moment stands in the page of its block. */
function placeOf(timelines: Timelines, block: number, moment: number): number {
  const moments = startOfRun(block) + blockSumsWord + timelines.columns;
  return moments + positionOf(timelines, moment) * (amountsWord + timelines.columns);
}

function statesOf(timelines: Timelines, timeline: number): Words {
  const page = timelines.states[timeline >>> statePageBits];
  if (page === undefined) throw new Error(`There is no timeline ${timeline}.`);
  return page;
}

function stateStart(timeline: number): number {
  return (timeline & statePageMask) * stateWords;
}

function change(words: Words, place: number, amount: number): number {
  const changed = (words[place] ?? 0) + amount;
  words[place] = changed;
  return changed;
}
