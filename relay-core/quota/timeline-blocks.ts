/**
 * Where the moments of timelines lie: a state for each timeline, a directory of its blocks, and blocks of moments, each
 * with its time and one amount for every column. `timelines.ts` says what is counted in them, and knows of the window.
 *
 * A moment keeps the low half of its time: all moments of a timeline are within 2^32 milliseconds, 49 days, of its newest,
 * whose time stands whole in the state.
 */
import { createWordPool, giveRun, takeRun, type WordPool } from './word-pool.ts';
import { makeWords, type Words, withRoom } from './words.ts';

/** A directory fills a line of the processor's cache at least. */
const firstDirectoryBits = 4;

/**
 * A state fills one line of the processor's cache, since nearly all of it is asked for with each message: words, then
 * times. `firstMoving` is no later than the first moment that holds something of the moving column; it is that one when
 * its time is known.
 */
export const stateWord = {
  head: 0,
  newest: 1,
  directory: 2,
  directoryBits: 3,
  headBlock: 4,
  newestBlock: 5,
  firstMoving: 6,
  sums: 7,
} as const;
const stateWords = 16;
/** Times of a state, each where two of its words would be. */
export const stateTime = { head: 5, newest: 6, firstMoving: 7 } as const;
const stateTimes = stateWords / 2;
/** A time that is not known, or of the head's when there is no moment: later than all. */
const noTime = Number.POSITIVE_INFINITY;

/** Of a moment: the low half of its time, then its amounts. */
const amountsWord = 1;
/*
 * A block begins with the sums of its moments, laid out as one more moment, so that no moment lies in two lines of the
 * processor's cache. They are written when the block is full, and not changed as its moments leave: they hold for whole
 * blocks only. Nor are they looked at when a moment is added or leaves, since they lie in another line.
 */

export interface Timelines {
  readonly windowMs: number;
  readonly columns: number;
  readonly movingColumn: number;
  readonly blockBits: number;
  /** Moments of one block. */
  readonly blockMoments: number;
  /** A moment's number is that of its block, and below it, in so many bits, its position in the block. */
  readonly positionBits: number;
  /** Words of a moment. */
  readonly stride: number;
  readonly pool: WordPool;
  states: Words;
  /** The same memory, read as times. */
  times: Float64Array<SharedArrayBuffer>;
  /** Timelines are numbered from 1. */
  count: number;
}

export interface TimelineShape {
  /** Less than 2^32. */
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
  const stride = amountsWord + columns;
  const states = makeWords();
  const blockMoments = Math.floor(2 ** blockBits / stride) - 1;
  return {
    windowMs,
    columns,
    movingColumn,
    blockBits,
    blockMoments,
    positionBits: Math.ceil(Math.log2(blockMoments)),
    stride,
    pool: createWordPool(),
    states,
    times: asTimes(states),
    count: 0,
  };
}

/** Adds an empty timeline and gives its number. Its moments have rising numbers, none of them 0 and none given twice. */
export function addTimeline(timelines: Timelines): number {
  timelines.count += 1;
  const timeline = timelines.count;
  const states = withRoom(timelines.states, (timeline + 1) * stateWords);
  if (states !== timelines.states) {
    timelines.states = states;
    timelines.times = asTimes(states);
  }
  setEmpty(timelines, timeline, firstOfNextBlock(timelines, 0));
  return timeline;
}

export function state(timelines: Timelines, timeline: number, word: number): number {
  return timelines.states[timeline * stateWords + word] ?? 0;
}

export function setState(timelines: Timelines, timeline: number, word: number, value: number): void {
  timelines.states[timeline * stateWords + word] = value;
}

/** A time of a state; later than all when it is not known. */
export function timeOfState({ times }: Timelines, timeline: number, time: number): number {
  return times[timeline * stateTimes + time] ?? 0;
}

export function setTimeOfState({ times }: Timelines, timeline: number, time: number, at: number): void {
  times[timeline * stateTimes + time] = at;
}

export function forgetTimeOfState(timelines: Timelines, timeline: number, time: number): void {
  setTimeOfState(timelines, timeline, time, noTime);
}

export function isTimeOfStateKnown(timelines: Timelines, timeline: number, time: number): boolean {
  return timeOfState(timelines, timeline, time) !== noTime;
}

/** Makes a moment the newest, in a new block where one begins. Nothing has happened in it yet. */
export function addMoment(timelines: Timelines, timeline: number, moment: number, at: number): void {
  if (positionOf(timelines, moment) === 0) addBlock(timelines, timeline, moment);
  const place = placeOf(timelines, state(timelines, timeline, stateWord.newestBlock), moment);
  const { words } = timelines.pool;
  words[place] = at;
  for (let word = amountsWord; word < timelines.stride; word += 1) words[place + word] = 0;
  setState(timelines, timeline, stateWord.newest, moment);
  setTimeOfState(timelines, timeline, stateTime.newest, at);
  if (moment === state(timelines, timeline, stateWord.head)) setHead(timelines, timeline, moment, at);
}

/** Makes a moment the first inside the window. */
export function setHead(timelines: Timelines, timeline: number, head: number, at: number): void {
  setState(timelines, timeline, stateWord.headBlock, blockOf(timelines, timeline, head));
  setState(timelines, timeline, stateWord.head, head);
  setTimeOfState(timelines, timeline, stateTime.head, at);
}

/** Adds to an amount of a moment, and to the sum of its timeline. Gives what the amount is then. */
export function changeAmount(
  timelines: Timelines,
  timeline: number,
  moment: number,
  column: number,
  by: number,
): number {
  const { words } = timelines.pool;
  const block = blockOf(timelines, timeline, moment);
  if (block !== state(timelines, timeline, stateWord.newestBlock)) {
    change(words, block + amountsWord + column, by);
  }
  change(timelines.states, timeline * stateWords + stateWord.sums + column, by);
  return change(words, placeOf(timelines, block, moment) + amountsWord + column, by);
}

/** Takes a whole block off the sums of the timeline, and gives its memory back. */
export function dropBlock(timelines: Timelines, timeline: number, moment: number): void {
  const block = blockOf(timelines, timeline, moment);
  dropSums(timelines, timeline, block);
  giveRun(timelines.pool, block, timelines.blockBits);
}

/**
 * Takes the head, and the moments behind it in its block up to a time, off the sums of the timeline; with the last of the
 * block, gives the block's memory back. Gives the moment that is first then, one behind the newest when there is none.
 */
export function dropMoments(timelines: Timelines, timeline: number, head: number, lastGone: number): number {
  const { pool, stride } = timelines;
  const block = blockOf(timelines, timeline, head);
  const last = lastOfBlock(timelines, timeline, head);
  const newestTime = timeOfState(timelines, timeline, stateTime.newest);
  let moment = head;
  let place = placeOf(timelines, block, head);
  do {
    dropSums(timelines, timeline, place);
    moment += 1;
    place += stride;
  } while (moment <= last && wholeTime(newestTime, pool.words[place] ?? 0) <= lastGone);
  if (moment <= last) return moment;
  giveRun(pool, block, timelines.blockBits);
  return momentAfter(timelines, last);
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
  const low = timelines.pool.words[placeOf(timelines, blockOf(timelines, timeline, moment), moment)] ?? 0;
  return wholeTime(timeOfState(timelines, timeline, stateTime.newest), low);
}

export function amountOf(timelines: Timelines, timeline: number, moment: number, column: number): number {
  const place = placeOf(timelines, blockOf(timelines, timeline, moment), moment);
  return timelines.pool.words[place + amountsWord + column] ?? 0;
}

/** What stands where a moment does, or would in a block that is there: the low half of its time, or anything. */
export function firstWordOf(timelines: Timelines, timeline: number, moment: number): number {
  return timelines.pool.words[placeOf(timelines, blockOf(timelines, timeline, moment), moment)] ?? 0;
}

/** What stands in a whole block of a column. */
export function blockSum(timelines: Timelines, timeline: number, moment: number, column: number): number {
  return timelines.pool.words[blockOf(timelines, timeline, moment) + amountsWord + column] ?? 0;
}

/** Whether a moment begins a block that is full. */
export function beginsWholeBlock(timelines: Timelines, timeline: number, moment: number): boolean {
  if (positionOf(timelines, moment) !== 0) return false;
  return (
    blockNumber(timelines, moment) < blockNumber(timelines, state(timelines, timeline, stateWord.newest))
  );
}

/** Where in its block a moment stands. */
function positionOf(timelines: Timelines, moment: number): number {
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

function addBlock(timelines: Timelines, timeline: number, moment: number): void {
  const first = blockNumber(timelines, state(timelines, timeline, stateWord.head));
  const number = blockNumber(timelines, moment);
  if (number - first >= directorySize(timelines, timeline)) growDirectory(timelines, timeline, first, number);
  if (number > first) writeBlockSums(timelines, state(timelines, timeline, stateWord.newestBlock));
  const block = takeRun(timelines.pool, timelines.blockBits);
  const directory = state(timelines, timeline, stateWord.directory);
  timelines.pool.words[directory + (number & (directorySize(timelines, timeline) - 1))] = block;
  setState(timelines, timeline, stateWord.newestBlock, block);
}

/** Writes the sums of a block that is full now. */
function writeBlockSums({ pool: { words }, stride, blockMoments }: Timelines, block: number): void {
  for (let sums = block + amountsWord; sums < block + stride; sums += 1) {
    let sum = 0;
    for (let moment = 1; moment <= blockMoments; moment += 1) sum += words[sums + moment * stride] ?? 0;
    words[sums] = sum;
  }
}

/** Makes a directory twice as long, with the blocks from `first` up to `end`: it goes round, by the number of a block. */
function growDirectory(timelines: Timelines, timeline: number, first: number, end: number): void {
  const { pool } = timelines;
  const before = state(timelines, timeline, stateWord.directory);
  const bitsBefore = state(timelines, timeline, stateWord.directoryBits);
  const bits = before === 0 ? firstDirectoryBits : bitsBefore + 1;
  const longer = takeRun(pool, bits);
  for (let number = first; before !== 0 && number < end; number += 1) {
    pool.words[longer + (number & (2 ** bits - 1))] =
      pool.words[before + (number & (2 ** bitsBefore - 1))] ?? 0;
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
  forgetTimeOfState(timelines, timeline, stateTime.head);
  forgetTimeOfState(timelines, timeline, stateTime.firstMoving);
}

/** Takes the amounts of the moment, or of the block's sums, at a place off the sums of the timeline. */
function dropSums({ pool, states, columns }: Timelines, timeline: number, place: number): void {
  const sums = timeline * stateWords + stateWord.sums;
  for (let column = 0; column < columns; column += 1) {
    change(states, sums + column, -(pool.words[place + amountsWord + column] ?? 0));
  }
}

function blockOf(timelines: Timelines, timeline: number, moment: number): number {
  const { states } = timelines;
  const start = timeline * stateWords;
  const number = blockNumber(timelines, moment);
  if (number === blockNumber(timelines, states[start + stateWord.newest] ?? 0)) {
    return states[start + stateWord.newestBlock] ?? 0;
  }
  if (number === blockNumber(timelines, states[start + stateWord.head] ?? 0)) {
    return states[start + stateWord.headBlock] ?? 0;
  }
  const slot = number & (directorySize(timelines, timeline) - 1);
  return timelines.pool.words[(states[start + stateWord.directory] ?? 0) + slot] ?? 0;
}

/** A time whose low half is given, no later than that of the newest moment. */
function wholeTime(newest: number, low: number): number {
  return newest - ((newest - low) >>> 0);
}

function asTimes(words: Words): Float64Array<SharedArrayBuffer> {
  return new Float64Array(words.buffer, 0, words.length / 2);
}

function blockNumber({ positionBits }: Timelines, moment: number): number {
  return moment >>> positionBits;
}

/** Where a moment stands: behind the sums of its block. */
function placeOf(timelines: Timelines, block: number, moment: number): number {
  return block + (positionOf(timelines, moment) + 1) * timelines.stride;
}

function change(words: Words, place: number, amount: number): number {
  const changed = (words[place] ?? 0) + amount;
  words[place] = changed;
  return changed;
}
