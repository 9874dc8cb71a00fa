/**
 * One column of one timeline: where the amounts of a quota window stand, the customer's or a user's, so that both are
 * asked the same way.
 */
import {
  add,
  addTimeline,
  createTimelines,
  freeAt,
  leavingBy,
  momentAt,
  nextFreeAt,
  sum,
  type Timelines,
} from './timelines.ts';

/** The customer's blocks hold 2,047 moments: it has one in nearly every millisecond something is sent. */
const customerBlockBits = 12;

export interface Place {
  readonly timelines: Timelines;
  readonly timeline: number;
  readonly column: number;
}

/** An empty timeline of the customer, with one column: recipients. */
export function customerPlace(windowMs: number): Place {
  const timelines = createTimelines({ windowMs, columns: 1, blockBits: customerBlockBits });
  return { timelines, timeline: addTimeline(timelines), column: 0 };
}

/** Adds to what stands at a time. */
export function addAt({ timelines, timeline, column }: Place, at: number, amount: number): void {
  add(timelines, timeline, momentAt(timelines, timeline, at), column, amount);
}

/** What stands inside the window; without a place nothing does. */
export function sumAt(place: Place | null): number {
  return place === null ? 0 : sum(place.timelines, place.timeline, place.column);
}

/** When the first of it leaves; null when there is none. */
export function nextFreeIn(place: Place | null): number | null {
  return place === null ? null : nextFreeAt(place.timelines, place.timeline, place.column);
}

/** How much of it will have left by a later time. */
export function leavingFrom(place: Place | null, at: number): number {
  return place === null ? 0 : leavingBy(place.timelines, place.timeline, place.column, at);
}

/** When at least `amount` of it will have left; null when it never holds as much. */
export function freeIn(place: Place | null, amount: number): number | null {
  return place === null ? null : freeAt(place.timelines, place.timeline, place.column, amount);
}
