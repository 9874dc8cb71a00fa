/**
 * Removes the pairs that are over, some for each recipient that is charged, so that no call ever removes many.
 *
 * Records lie about in the order of their time, and are used again in the order they were freed, so a sweep comes from what
 * is over to what is over soon. There it waits as long as it finds enough to remove; if it went on, what becomes over while
 * it passes all the others would add up, and then cost much at once.
 */
import { hashInFirstSlot } from './hash-index.ts';
import {
  ageOfPair,
  holdsOfPair,
  lengthOfPair,
  momentOfPair,
  noPair,
  type PairId,
  recordAfter,
  spansInWindow,
  textOfPair,
  userOfPair,
} from './pair-records.ts';
import { type Pairs, removePair } from './pairs.ts';
import { hashOf } from './wanted.ts';

/** Records that a sweep looks at for each recipient. */
const stepsForRecipient = 8;
/** At so many pairs in a row that are over soon a sweep waits. */
const soonOverInARow = 4;
/** Of the recipients charged, how many a sweep that waits must have removed. */
const leastShare = 1 / 2;
/**
 * How many it can have removed beyond that: recipients of one message become over at once, and while the time comes up to
 * those of a large one, or of a few, nothing does.
 */
const mostAhead = 256;
/** Of so many rounds, one asks about all pairs. */
const roundsTillAll = 4;

export interface PairSweep {
  /** Where it goes on, and how often it has gone through all. */
  hand: PairId;
  rounds: number;
  /** While it waits: how many it has removed beyond the least share. */
  ahead: number;
  /** What is to be removed, and the hashes. */
  readonly ids: PairId[];
  readonly hashes: number[];
  /** Of no meaning; see `bringPairsNear`. */
  read: number;
}

/** A sweep that begins with the first record. */
export function createPairSweep(): PairSweep {
  return { hand: 1, rounds: 0, ahead: 0, ids: [], hashes: [], read: 0 };
}

/**
 * Looks at records, so many for each recipient charged, up to the last at most, and removes the pairs that are not held and
 * are over; after the last record it begins with the first again.
 * @param span the number of the present span of time. A pair that looks younger than the window is not asked about, except
 *   in some rounds: it may be older than there are spans.
 * @param isOver whether the moment of a user is over, as moment 0 always is
 */
export function sweepPairs(
  pairs: Pairs,
  sweep: PairSweep,
  recipients: number,
  span: number,
  isOver: (user: number, moment: number) => boolean,
): void {
  removeOver(pairs, sweep, findOver(pairs, sweep, recipients, span, isOver));
}

/** Notes what is to be removed, and moves the hand. Gives how many there are. */
function findOver(
  { records }: Pairs,
  sweep: PairSweep,
  recipients: number,
  span: number,
  isOver: (user: number, moment: number) => boolean,
): number {
  const { used } = records;
  const asksAll = sweep.rounds % roundsTillAll === roundsTillAll - 1;
  const aheadWithout = sweep.ahead - recipients * leastShare;
  let { hand } = sweep;
  let count = 0;
  let soonOver = 0;
  let firstSoonOver = hand;
  sweep.ahead = 0;
  for (let step = 0; step < recipients * stepsForRecipient && hand < used; step += 1) {
    const id = hand;
    hand = recordAfter(records, id);
    const user = userOfPair(records, id);
    if (user === 0 || holdsOfPair(records, id) > 0) continue;
    const moment = momentOfPair(records, id);
    const age = ageOfPair(records, id, span);
    const mayBeOver = age >= spansInWindow || moment === 0 || asksAll;
    if (mayBeOver && isOver(user, moment)) {
      sweep.ids[count] = id;
      sweep.hashes[count] = hashOf(user, records.words, textOfPair(id), lengthOfPair(records, id));
      count += 1;
      soonOver = 0;
    } else if (age < spansInWindow - 1) {
      soonOver = 0;
    } else {
      soonOver += 1;
      if (soonOver === 1) firstSoonOver = id;
      if (soonOver >= soonOverInARow && aheadWithout + count >= 0) {
        hand = firstSoonOver;
        sweep.ahead = Math.min(aheadWithout + count, mostAhead);
        break;
      }
    }
  }
  const isThrough = hand >= used;
  sweep.hand = isThrough ? 1 : hand;
  if (isThrough) sweep.rounds += 1;
  return count;
}

/** Removes the first of what was noted; where that begins in the index is read beforehand, as `bringPairsNear` does. */
function removeOver(pairs: Pairs, sweep: PairSweep, count: number): void {
  const { ids, hashes } = sweep;
  for (let place = 0; place < count; place += 1)
    sweep.read ^= hashInFirstSlot(pairs.index, hashes[place] ?? 0);
  for (let place = 0; place < count; place += 1) removePair(pairs, ids[place] ?? noPair, hashes[place] ?? 0);
  // Without a pair there is no record, and where the sweep stood may become the middle of one.
  if (pairs.size === 0) sweep.hand = 1;
}
