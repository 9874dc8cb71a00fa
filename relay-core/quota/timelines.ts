/**
 * Rolling sums for many at once, exact to the millisecond: each timeline has moments in time order, each moment one amount
 * for every column, and each column its sum over (now − window, now] (CQ-9). What happens in the same millisecond shares
 * one moment, and an amount may change as long as its moment is inside the window.
 *
 * Moments lie in blocks that carry sums of their own (`timeline-blocks.ts`), so that a jump of the clock passes over whole
 * blocks. Knows nothing of users, recipients or limits.
 */
import {
  addMoment,
  amountOf,
  beginsWholeBlock,
  blockSum,
  changeAmount,
  dropBlock,
  dropMoments,
  firstOfNextBlock,
  firstWordOf,
  forgetTimeOfState,
  isTimeOfStateKnown,
  lastOfBlock,
  momentAfter,
  setHead,
  setState,
  setTimeOfState,
  startAfresh,
  state,
  stateTime,
  stateWord,
  type Timelines,
  timeOf,
  timeOfState,
} from './timeline-blocks.ts';

export { addTimeline, createTimelines, type TimelineShape, type Timelines } from './timeline-blocks.ts';

/** Something is counted of it at every moment, so it always begins with the first. */
const firstColumn = 0;

/**
 * The moment of time `at`: the newest when it is in that millisecond, else a new one, to whose first column the caller
 * adds. An earlier `at` counts as the newest. Lets go what is out of the window by then.
 */
export function momentAt(timelines: Timelines, timeline: number, at: number): number {
  advance(timelines, timeline, at);
  const newest = state(timelines, timeline, stateWord.newest);
  if (newest >= state(timelines, timeline, stateWord.head)) {
    if (timeOfState(timelines, timeline, stateTime.newest) >= at) return newest;
  }
  const next = momentAfter(timelines, newest);
  addMoment(timelines, timeline, next, at);
  return next;
}

/** Reads where the next moment will stand, and nothing else, as `bringPairsNear` does. */
export function bringNear(timelines: Timelines, timeline: number): number {
  return firstWordOf(
    timelines,
    timeline,
    momentAfter(timelines, state(timelines, timeline, stateWord.newest)),
  );
}

/** The same of what all else of a timeline is found by. */
export function bringStateNear(timelines: Timelines, timeline: number): number {
  return state(timelines, timeline, stateWord.head);
}

/** The same of the first moment inside the window. */
export function bringHeadNear(timelines: Timelines, timeline: number): number {
  return firstWordOf(timelines, timeline, state(timelines, timeline, stateWord.head));
}

/** Whether a moment is inside the window, as of the last `advance`. Moment 0 never is. */
export function isInside(timelines: Timelines, timeline: number, moment: number): boolean {
  return moment >= state(timelines, timeline, stateWord.head);
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
  const isThen = changeAmount(timelines, timeline, moment, column, amount);
  if (column !== timelines.movingColumn) return;
  const first = state(timelines, timeline, stateWord.firstMoving);
  if (moment > first || (moment === first && isThen > 0)) return;
  setState(timelines, timeline, stateWord.firstMoving, moment);
  forgetTimeOfState(timelines, timeline, stateTime.firstMoving);
}

/** The sum of a column over the window, as of the last `advance`. */
export function sum(timelines: Timelines, timeline: number, column: number): number {
  return state(timelines, timeline, stateWord.sums + column);
}

/** Lets every moment at or before `now − windowMs` go. Costs next to nothing when none has to. */
export function advance(timelines: Timelines, timeline: number, now: number): void {
  if (timeOfState(timelines, timeline, stateTime.head) <= now - timelines.windowMs) {
    letGo(timelines, timeline, now - timelines.windowMs);
  }
}

/** When the first amount of a column leaves the window; null when there is none. */
export function nextFreeAt(timelines: Timelines, timeline: number, column: number): number | null {
  if (sum(timelines, timeline, column) === 0) return null;
  return timeOfFirst(timelines, timeline, column) + timelines.windowMs;
}

/** How much of a column will have left the window by a later time; nothing changes by asking. */
export function leavingBy(timelines: Timelines, timeline: number, column: number, at: number): number {
  const lastGone = at - timelines.windowMs;
  const newest = state(timelines, timeline, stateWord.newest);
  let leaving = 0;
  let moment = state(timelines, timeline, stateWord.head);
  while (moment <= newest && timeOf(timelines, timeline, moment) <= lastGone) {
    if (beginsGoneBlock(timelines, timeline, moment, lastGone)) {
      leaving += blockSum(timelines, timeline, moment, column);
      moment = firstOfNextBlock(timelines, moment);
    } else {
      leaving += amountOf(timelines, timeline, moment, column);
      moment = momentAfter(timelines, moment);
    }
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
    const ofBlock = beginsWholeBlock(timelines, timeline, moment)
      ? blockSum(timelines, timeline, moment, column)
      : left;
    if (ofBlock < left) {
      left -= ofBlock;
      moment = firstOfNextBlock(timelines, moment);
    } else {
      left -= amountOf(timelines, timeline, moment, column);
      if (left <= 0) return timeOf(timelines, timeline, moment) + timelines.windowMs;
      moment = momentAfter(timelines, moment);
    }
  }
}

/** The time of the first moment that holds something of a column, whose sum is known not to be 0. */
function timeOfFirst(timelines: Timelines, timeline: number, column: number): number {
  if (column === firstColumn) return timeOfState(timelines, timeline, stateTime.head);
  if (column !== timelines.movingColumn) {
    return timeOf(timelines, timeline, firstHolding(timelines, timeline, column));
  }
  if (!isTimeOfStateKnown(timelines, timeline, stateTime.firstMoving)) {
    const moment = firstHolding(timelines, timeline, column);
    setState(timelines, timeline, stateWord.firstMoving, moment);
    setTimeOfState(timelines, timeline, stateTime.firstMoving, timeOf(timelines, timeline, moment));
  }
  return timeOfState(timelines, timeline, stateTime.firstMoving);
}

/** The first moment that holds something of a column, whose sum is known not to be 0. */
function firstHolding(timelines: Timelines, timeline: number, column: number): number {
  let moment = state(timelines, timeline, stateWord.head);
  if (column === timelines.movingColumn) {
    moment = Math.max(moment, state(timelines, timeline, stateWord.firstMoving));
  }
  while (amountOf(timelines, timeline, moment, column) === 0) {
    const isBlockEmpty =
      beginsWholeBlock(timelines, timeline, moment) && blockSum(timelines, timeline, moment, column) === 0;
    moment = isBlockEmpty ? firstOfNextBlock(timelines, moment) : momentAfter(timelines, moment);
  }
  return moment;
}

/** Lets every moment up to `lastGone` go. */
function letGo(timelines: Timelines, timeline: number, lastGone: number): void {
  const newest = state(timelines, timeline, stateWord.newest);
  let head = state(timelines, timeline, stateWord.head);
  if (head > newest) return;
  let time = timeOfState(timelines, timeline, stateTime.head);
  while (head <= newest && time <= lastGone) {
    if (beginsGoneBlock(timelines, timeline, head, lastGone)) {
      dropBlock(timelines, timeline, head);
      head = firstOfNextBlock(timelines, head);
    } else {
      head = dropMoments(timelines, timeline, head, lastGone);
    }
    if (head <= newest) time = timeOf(timelines, timeline, head);
  }
  if (head > newest) {
    startAfresh(timelines, timeline);
    return;
  }
  setHead(timelines, timeline, head, time);
  if (state(timelines, timeline, stateWord.firstMoving) < head) {
    forgetTimeOfState(timelines, timeline, stateTime.firstMoving);
  }
}

/** Whether a moment begins a whole block that is all gone. */
function beginsGoneBlock(timelines: Timelines, timeline: number, moment: number, lastGone: number): boolean {
  return (
    beginsWholeBlock(timelines, timeline, moment) &&
    timeOf(timelines, timeline, lastOfBlock(timelines, timeline, moment)) <= lastGone
  );
}
