/**
 * Rolling sums for many at once, exact to the millisecond: each timeline has moments in time order, each moment one amount
 * for every column, and each column its sum over (now − window, now] (CQ-9). What happens in the same millisecond shares
 * one moment, and an amount may change as long as its moment is inside the window.
 *
 * Moments lie in blocks that carry sums of their own, so that a jump of the clock passes over whole blocks; a directory
 * finds the block of a moment. All are runs of one pool. Knows nothing of users, recipients or limits.
 */
import { createWordPool, giveRun, pageOfRun, startOfRun, takeRun, type WordPool } from './word-pool.ts';

const wordRange = 2 ** 32;
const firstDirectoryBits = 2;

/**
 * Of a timeline: its first moment inside the window, the number of the next, the directory, the first moment that may
 * hold something of the moving column, then the sums.
 */
const headWord = 0;
const tailWord = 1;
const directoryWord = 2;
const directoryBitsWord = 3;
const firstMovingWord = 4;
const sumsWord = 5;
const stateWords = 8;
const mostColumns = stateWords - sumsWord;
/** States are asked for 1,024 at a time: 32 KiB. */
const statePageBits = 10;
const statePageMask = 2 ** statePageBits - 1;

/** Of a block: the high half of the time of all its moments, then the sums of those inside the window, then the moments. */
const blockSumsWord = 1;
/** Of a moment: the low half of its time, then its amounts. */
const amountsWord = 1;

type Words = Uint32Array<ArrayBuffer>;

export interface Timelines {
  readonly windowMs: number;
  readonly columns: number;
  readonly movingColumn: number | null;
  readonly blockBits: number;
  /** Moments of one block. */
  readonly blockMoments: number;
  readonly pool: WordPool;
  readonly states: Words[];
  /** Timelines are numbered from 1. */
  count: number;
}

export interface TimelineShape {
  readonly windowMs: number;
  readonly columns: 1 | 2 | typeof mostColumns;
  /**
   * The column whose amounts are moved to later moments and leave empty ones behind, as many as there are in the window:
   * where its amounts begin is kept, so that asking for the first passes over each empty moment once, and not each time.
   */
  readonly movingColumn?: number;
  /** A block has 2^`blockBits` words: few for many short timelines, many for a long one. */
  readonly blockBits: number;
}

/** No timelines yet. */
export function createTimelines({ movingColumn, ...shape }: TimelineShape): Timelines {
  const { columns, blockBits } = shape;
  const blockMoments = Math.floor((2 ** blockBits - blockSumsWord - columns) / (amountsWord + columns));
  const empty = { pool: createWordPool(), states: [], count: 0 };
  return { ...shape, movingColumn: movingColumn ?? null, blockMoments, ...empty };
}

/** Adds an empty timeline and gives its number. Moments of each are numbered from 1, and no number is given twice. */
export function addTimeline(timelines: Timelines): number {
  timelines.count += 1;
  const timeline = timelines.count;
  if (timelines.states[timeline >>> statePageBits] === undefined) {
    timelines.states.push(new Uint32Array(stateWords * (statePageMask + 1)));
  }
  setState(timelines, timeline, headWord, timelines.blockMoments);
  setState(timelines, timeline, tailWord, timelines.blockMoments);
  return timeline;
}

/** The moment of time `at`: the newest when it is in that millisecond, else a new one. An earlier `at` counts as the newest. */
export function momentAt(timelines: Timelines, timeline: number, at: number): number {
  let tail = state(timelines, timeline, tailWord);
  const high = Math.floor(at / wordRange);
  if (state(timelines, timeline, headWord) < tail) {
    const newest = timeOf(timelines, timeline, tail - 1);
    if (newest >= at) return tail - 1;
    // A block has one high half: where another begins, the rest of the block stands empty at the time of the newest.
    if (Math.floor(newest / wordRange) !== high) {
      while (tail % timelines.blockMoments !== 0) addMoment(timelines, timeline, tail++, newest);
    }
  }
  addMoment(timelines, timeline, tail, at);
  setState(timelines, timeline, tailWord, tail + 1);
  return tail;
}

/** Whether a moment is inside the window, as of the last `advance`. Moment 0 never is. */
export function isInside(timelines: Timelines, timeline: number, moment: number): boolean {
  return moment >= state(timelines, timeline, headWord);
}

/** Whether a moment will still be inside the window at a later time. */
export function isInsideAt(timelines: Timelines, timeline: number, moment: number, at: number): boolean {
  return (
    isInside(timelines, timeline, moment) && timeOf(timelines, timeline, moment) > at - timelines.windowMs
  );
}

/** Adds to one amount of a moment that is inside the window. */
export function add(
  timelines: Timelines,
  timeline: number,
  moment: number,
  column: number,
  amount: number,
): void {
  const block = blockOf(timelines, timeline, moment);
  const page = pageOfRun(timelines.pool, block);
  change(page, placeOf(timelines, block, moment) + amountsWord + column, amount);
  change(page, startOfRun(block) + blockSumsWord + column, amount);
  change(statesOf(timelines, timeline), stateStart(timeline) + sumsWord + column, amount);
  if (column === timelines.movingColumn && moment < state(timelines, timeline, firstMovingWord)) {
    setState(timelines, timeline, firstMovingWord, moment);
  }
}

/** The sum of a column over the window, as of the last `advance`. */
export function sum(timelines: Timelines, timeline: number, column: number): number {
  return state(timelines, timeline, sumsWord + column);
}

/** Lets every moment at or before `now − windowMs` go. Costs next to nothing when none has to. */
export function advance(timelines: Timelines, timeline: number, now: number): void {
  const lastGone = now - timelines.windowMs;
  const tail = state(timelines, timeline, tailWord);
  let head = state(timelines, timeline, headWord);
  if (head === tail || timeOf(timelines, timeline, head) > lastGone) return;
  while (head < tail && timeOf(timelines, timeline, head) <= lastGone) {
    const block = blockOf(timelines, timeline, head);
    const end = Math.min(tail, firstOfNextBlock(timelines, head));
    if (timeOf(timelines, timeline, end - 1) > lastGone) {
      head = dropMoments(timelines, timeline, block, head, lastGone);
      break;
    }
    dropSums(timelines, timeline, pageOfRun(timelines.pool, block), startOfRun(block) + blockSumsWord);
    giveRun(timelines.pool, block, timelines.blockBits);
    head = end;
  }
  setState(timelines, timeline, headWord, head);
  if (head === tail) startAfresh(timelines, timeline);
}

/** When the first amount of a column leaves the window; null when there is none. */
export function nextFreeAt(timelines: Timelines, timeline: number, column: number): number | null {
  return freeAt(timelines, timeline, column, 1);
}

/** How much of a column will have left the window by a later time; nothing changes by asking. */
export function leavingBy(timelines: Timelines, timeline: number, column: number, at: number): number {
  const lastGone = at - timelines.windowMs;
  const tail = state(timelines, timeline, tailWord);
  let leaving = 0;
  let moment = state(timelines, timeline, headWord);
  while (moment < tail) {
    const end = Math.min(tail, firstOfNextBlock(timelines, moment));
    if (timeOf(timelines, timeline, end - 1) > lastGone) break;
    leaving += blockSum(timelines, timeline, moment, column);
    moment = end;
  }
  for (; moment < tail && timeOf(timelines, timeline, moment) <= lastGone; moment += 1) {
    leaving += amountOf(timelines, timeline, moment, column);
  }
  return leaving;
}

/** When at least `amount` (from 1) of a column will have left the window; null when it never holds as much. */
export function freeAt(
  timelines: Timelines,
  timeline: number,
  column: number,
  amount: number,
): number | null {
  if (sum(timelines, timeline, column) < amount) return null;
  let left = amount;
  let moment = firstHolding(timelines, timeline, column);
  for (;;) {
    const ofBlock = blockSum(timelines, timeline, moment, column);
    if (ofBlock >= left) break;
    left -= ofBlock;
    moment = firstOfNextBlock(timelines, moment);
  }
  for (;;) {
    left -= amountOf(timelines, timeline, moment, column);
    if (left <= 0) return timeOf(timelines, timeline, moment) + timelines.windowMs;
    moment += 1;
  }
}

/** The first moment that holds something of a column, whose sum is known not to be 0. */
function firstHolding(timelines: Timelines, timeline: number, column: number): number {
  const isMoving = column === timelines.movingColumn;
  let moment = state(timelines, timeline, headWord);
  if (isMoving) moment = Math.max(moment, state(timelines, timeline, firstMovingWord));
  while (amountOf(timelines, timeline, moment, column) === 0) {
    const isBlockEmpty = blockSum(timelines, timeline, moment, column) === 0;
    moment = isBlockEmpty ? firstOfNextBlock(timelines, moment) : moment + 1;
  }
  if (isMoving) setState(timelines, timeline, firstMovingWord, moment);
  return moment;
}

/** Writes a moment that nothing has happened in yet, in a new block where one begins. */
function addMoment(timelines: Timelines, timeline: number, moment: number, at: number): void {
  if (moment % timelines.blockMoments === 0) addBlock(timelines, timeline, moment, at);
  const block = blockOf(timelines, timeline, moment);
  pageOfRun(timelines.pool, block)[placeOf(timelines, block, moment)] = at % wordRange;
}

function addBlock(timelines: Timelines, timeline: number, moment: number, at: number): void {
  const { pool } = timelines;
  const first = blockNumber(timelines, state(timelines, timeline, headWord));
  const number = blockNumber(timelines, moment);
  if (number - first >= directorySize(timelines, timeline)) growDirectory(timelines, timeline, first, number);
  const block = takeRun(pool, timelines.blockBits);
  pageOfRun(pool, block)[startOfRun(block)] = Math.floor(at / wordRange);
  const directory = state(timelines, timeline, directoryWord);
  const slot = number & (directorySize(timelines, timeline) - 1);
  pageOfRun(pool, directory)[startOfRun(directory) + slot] = block;
}

/** Makes a directory twice as long, with the blocks from `first` up to `end`: it goes round, by the number of a block. */
function growDirectory(timelines: Timelines, timeline: number, first: number, end: number): void {
  const { pool } = timelines;
  const before = state(timelines, timeline, directoryWord);
  const bitsBefore = state(timelines, timeline, directoryBitsWord);
  const bits = before === 0 ? firstDirectoryBits : bitsBefore + 1;
  const longer = takeRun(pool, bits);
  const page = pageOfRun(pool, longer);
  for (let number = first; before !== 0 && number < end; number += 1) {
    const block = pageOfRun(pool, before)[startOfRun(before) + (number & (2 ** bitsBefore - 1))] ?? 0;
    page[startOfRun(longer) + (number & (2 ** bits - 1))] = block;
  }
  if (before !== 0) giveRun(pool, before, bitsBefore);
  setState(timelines, timeline, directoryWord, longer);
  setState(timelines, timeline, directoryBitsWord, bits);
}

function directorySize(timelines: Timelines, timeline: number): number {
  if (state(timelines, timeline, directoryWord) === 0) return 0;
  return 1 << state(timelines, timeline, directoryBitsWord);
}

/** An empty timeline has no memory in the pool, and goes on with the first moment of a block. */
function startAfresh(timelines: Timelines, timeline: number): void {
  const next = firstOfNextBlock(timelines, state(timelines, timeline, tailWord) - 1);
  giveRun(
    timelines.pool,
    state(timelines, timeline, directoryWord),
    state(timelines, timeline, directoryBitsWord),
  );
  setState(timelines, timeline, directoryWord, 0);
  setState(timelines, timeline, headWord, next);
  setState(timelines, timeline, tailWord, next);
}

/** Drops the moments of a block up to `lastGone`; a later one is known to be there. Gives the first that stays. */
function dropMoments(
  timelines: Timelines,
  timeline: number,
  block: number,
  head: number,
  lastGone: number,
): number {
  const page = pageOfRun(timelines.pool, block);
  let moment = head;
  while (timeOf(timelines, timeline, moment) <= lastGone) {
    const amounts = placeOf(timelines, block, moment) + amountsWord;
    for (let column = 0; column < timelines.columns; column += 1) {
      change(page, startOfRun(block) + blockSumsWord + column, -(page[amounts + column] ?? 0));
    }
    dropSums(timelines, timeline, page, amounts);
    moment += 1;
  }
  return moment;
}

/** Takes the amounts that stand at a place off the sums of the timeline. */
function dropSums(timelines: Timelines, timeline: number, page: Words, place: number): void {
  const states = statesOf(timelines, timeline);
  const sums = stateStart(timeline) + sumsWord;
  for (let column = 0; column < timelines.columns; column += 1) {
    change(states, sums + column, -(page[place + column] ?? 0));
  }
}

function timeOf(timelines: Timelines, timeline: number, moment: number): number {
  const block = blockOf(timelines, timeline, moment);
  const page = pageOfRun(timelines.pool, block);
  return (page[startOfRun(block)] ?? 0) * wordRange + (page[placeOf(timelines, block, moment)] ?? 0);
}

function amountOf(timelines: Timelines, timeline: number, moment: number, column: number): number {
  const block = blockOf(timelines, timeline, moment);
  return pageOfRun(timelines.pool, block)[placeOf(timelines, block, moment) + amountsWord + column] ?? 0;
}

/** What stands inside the window of a column in the block of a moment. */
function blockSum(timelines: Timelines, timeline: number, moment: number, column: number): number {
  const block = blockOf(timelines, timeline, moment);
  return pageOfRun(timelines.pool, block)[startOfRun(block) + blockSumsWord + column] ?? 0;
}

function blockOf(timelines: Timelines, timeline: number, moment: number): number {
  const states = statesOf(timelines, timeline);
  const start = stateStart(timeline);
  const directory = states[start + directoryWord] ?? 0;
  const mask = (1 << (states[start + directoryBitsWord] ?? 0)) - 1;
  const slot = blockNumber(timelines, moment) & mask;
  return pageOfRun(timelines.pool, directory)[startOfRun(directory) + slot] ?? 0;
}

function blockNumber(timelines: Timelines, moment: number): number {
  return Math.floor(moment / timelines.blockMoments);
}

function firstOfNextBlock(timelines: Timelines, moment: number): number {
  return (blockNumber(timelines, moment) + 1) * timelines.blockMoments;
}

/** Where a moment stands in the page of its block. */
function placeOf(timelines: Timelines, block: number, moment: number): number {
  const moments = startOfRun(block) + blockSumsWord + timelines.columns;
  return moments + (moment % timelines.blockMoments) * (amountsWord + timelines.columns);
}

function state(timelines: Timelines, timeline: number, word: number): number {
  return statesOf(timelines, timeline)[stateStart(timeline) + word] ?? 0;
}

function setState(timelines: Timelines, timeline: number, word: number, value: number): void {
  statesOf(timelines, timeline)[stateStart(timeline) + word] = value;
}

function statesOf(timelines: Timelines, timeline: number): Words {
  const page = timelines.states[timeline >>> statePageBits];
  if (page === undefined) throw new Error(`There is no timeline ${timeline}.`);
  return page;
}

function stateStart(timeline: number): number {
  return (timeline & statePageMask) * stateWords;
}

function change(words: Words, place: number, amount: number): void {
  words[place] = (words[place] ?? 0) + amount;
}
