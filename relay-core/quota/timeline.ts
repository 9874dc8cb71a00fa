/**
 * A rolling sum, exact to the millisecond: moments in time order, each with one amount for every column, and the sum of
 * each column over (now − window, now] (CQ-9). What happens in the same millisecond shares one moment.
 *
 * Moments lie in blocks that carry sums of their own, so that a jump of the clock passes over whole blocks.
 * An amount may change as long as its moment is inside the window. Knows nothing of users, recipients or limits.
 */

const blockMoments = 256;
/** A timeline begins small, since most users send little. */
const firstMoments = 4;
const growth = 1.5;
/** Words before the amounts of a moment: its time, low and high half. */
const timeWords = 2;
const wordRange = 2 ** 32;

/** The sums of the columns over the moments still inside the window, then the moments. */
type Block = Uint32Array<ArrayBuffer>;

export interface Timeline {
  readonly windowMs: number;
  readonly columns: number;
  /** The sum of each column over the window, as of the last `advance`. */
  readonly sums: number[];
  /** Number of the first moment inside the window. Moments are numbered from 1, and no number is given twice. */
  head: number;
  /** Number the next moment gets. */
  tail: number;
  /** In time order; the first holds `head`. */
  readonly blocks: Block[];
}

/** An empty timeline of `columns` sums over `windowMs` milliseconds. */
export function createTimeline(windowMs: number, columns: number): Timeline {
  return { windowMs, columns, sums: new Array<number>(columns).fill(0), head: 1, tail: 1, blocks: [] };
}

/** The moment of time `at`: the newest when it is in that millisecond, else a new one. An earlier `at` counts as the newest. */
export function momentAt(timeline: Timeline, at: number): number {
  const { head, tail } = timeline;
  if (head < tail) {
    const newest = tail - 1;
    if (timeIn(blockOf(timeline, newest), placeOf(timeline, newest)) >= at) return newest;
  }
  const block = roomFor(timeline, tail);
  const place = placeOf(timeline, tail);
  block[place] = at % wordRange;
  block[place + 1] = Math.floor(at / wordRange);
  timeline.tail = tail + 1;
  return tail;
}

/** Adds to one amount of a moment that is inside the window. */
export function add(timeline: Timeline, moment: number, column: number, amount: number): void {
  const block = blockOf(timeline, moment);
  change(block, placeOf(timeline, moment) + timeWords + column, amount);
  change(block, column, amount);
  timeline.sums[column] = sum(timeline, column) + amount;
}

/** The sum of a column over the window, as of the last `advance`. */
export function sum(timeline: Timeline, column: number): number {
  return timeline.sums[column] ?? 0;
}

/** Lets every moment at or before `now − windowMs` go. Costs next to nothing when none has to. */
export function advance(timeline: Timeline, now: number): void {
  const lastGone = now - timeline.windowMs;
  let blocksGone = 0;
  for (const block of timeline.blocks) {
    if (timeIn(block, placeOf(timeline, timeline.head)) > lastGone) break;
    const end = Math.min(timeline.tail, firstOfNextBlock(timeline.head));
    if (timeIn(block, placeOf(timeline, end - 1)) > lastGone) {
      dropMoments(timeline, block, lastGone);
      break;
    }
    dropSums(timeline, block, 0);
    timeline.head = end;
    blocksGone += 1;
  }
  if (blocksGone === 0) return;
  timeline.blocks.splice(0, blocksGone);
  // An empty timeline goes on in a new block, which can be small again.
  if (timeline.blocks.length === 0) {
    timeline.tail = firstOfNextBlock(timeline.tail - 1);
    timeline.head = timeline.tail;
  }
}

/** When the first amount of a column leaves the window; null when there is none. */
export function nextFreeAt(timeline: Timeline, column: number): number | null {
  let moment = timeline.head;
  for (const block of timeline.blocks) {
    if (word(block, column) > 0) {
      while (word(block, placeOf(timeline, moment) + timeWords + column) === 0) moment += 1;
      return timeIn(block, placeOf(timeline, moment)) + timeline.windowMs;
    }
    moment = firstOfNextBlock(moment);
  }
  return null;
}

/** How much of a column will have left the window by a later time; nothing changes by asking. Passes over whole blocks. */
export function leavingBy(timeline: Timeline, column: number, at: number): number {
  const lastGone = at - timeline.windowMs;
  let leaving = 0;
  let moment = timeline.head;
  for (const block of timeline.blocks) {
    const end = Math.min(timeline.tail, firstOfNextBlock(moment));
    if (timeIn(block, placeOf(timeline, end - 1)) > lastGone) {
      for (; timeIn(block, placeOf(timeline, moment)) <= lastGone; moment += 1) {
        leaving += word(block, placeOf(timeline, moment) + timeWords + column);
      }
      return leaving;
    }
    leaving += word(block, column);
    moment = end;
  }
  return leaving;
}

/** What of a column leaves when, in the order of time. */
export function* leaving(
  timeline: Timeline,
  column: number,
): Generator<{ readonly leavesAt: number; readonly amount: number }, void, void> {
  for (let moment = timeline.head; moment < timeline.tail; moment += 1) {
    const block = blockOf(timeline, moment);
    const place = placeOf(timeline, moment);
    yield {
      leavesAt: timeIn(block, place) + timeline.windowMs,
      amount: word(block, place + timeWords + column),
    };
  }
}

/** Drops the moments of the first block up to `lastGone`; a later one is known to be there. */
function dropMoments(timeline: Timeline, block: Block, lastGone: number): void {
  for (;;) {
    const place = placeOf(timeline, timeline.head);
    if (timeIn(block, place) > lastGone) return;
    for (let column = 0; column < timeline.columns; column += 1) {
      change(block, column, -word(block, place + timeWords + column));
    }
    dropSums(timeline, block, place + timeWords);
    timeline.head += 1;
  }
}

/** Takes the amounts that stand at `place` off the sums of the timeline. */
function dropSums(timeline: Timeline, block: Block, place: number): void {
  for (let column = 0; column < timeline.columns; column += 1) {
    timeline.sums[column] = sum(timeline, column) - word(block, place + column);
  }
}

/** The block a new moment goes to, made or lengthened where there is no room. */
function roomFor(timeline: Timeline, moment: number): Block {
  const index = blockIndex(timeline, moment);
  const block = timeline.blocks[index];
  const stride = timeWords + timeline.columns;
  if (block !== undefined && placeOf(timeline, moment) < block.length) return block;
  const moments =
    block === undefined ? (index === 0 ? firstMoments : blockMoments) : (moment % blockMoments) * growth;
  const longer = new Uint32Array(timeline.columns + Math.min(blockMoments, Math.ceil(moments)) * stride);
  if (block !== undefined) longer.set(block);
  timeline.blocks[index] = longer;
  return longer;
}

function blockOf(timeline: Timeline, moment: number): Block {
  const block = timeline.blocks[blockIndex(timeline, moment)];
  if (block === undefined) throw new Error(`Moment ${moment} is not in the window.`);
  return block;
}

function blockIndex(timeline: Timeline, moment: number): number {
  return Math.floor(moment / blockMoments) - Math.floor(timeline.head / blockMoments);
}

function firstOfNextBlock(moment: number): number {
  return (Math.floor(moment / blockMoments) + 1) * blockMoments;
}

/** Where a moment stands in its block. */
function placeOf(timeline: Timeline, moment: number): number {
  return timeline.columns + (moment % blockMoments) * (timeWords + timeline.columns);
}

function timeIn(block: Block, place: number): number {
  return word(block, place + 1) * wordRange + word(block, place);
}

function word(block: Block, place: number): number {
  return block[place] ?? 0;
}

function change(block: Block, place: number, amount: number): void {
  block[place] = word(block, place) + amount;
}
