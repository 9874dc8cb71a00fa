/** Many timelines in one pool, against plain lists: through growth, blocks that go, and a change of the times' high half. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  add,
  addTimeline,
  advance,
  createTimelines,
  freeAt,
  isInside,
  isInsideAt,
  leavingBy,
  momentAt,
  nextFreeAt,
  sum,
} from '../../relay-core/quota/timelines.ts';

const windowMs = 1_000;
/** Moments keep the low half of their time, which begins anew with each of these. */
const halfMs = 2 ** 32;
/** Just before the high half of a time changes. */
const start = 400 * halfMs - 3 * windowMs;
const step = fc.record({
  timeline: fc.integer({ min: 1, max: 3 }),
  waitMs: fc.oneof(
    { weight: 20, arbitrary: fc.nat({ max: 3 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        windowMs / 2,
        windowMs - 1,
        windowMs,
        halfMs - 1,
        halfMs,
        halfMs + windowMs / 2,
      ),
    },
  ),
  amount: fc.integer({ min: 1, max: 5 }),
  column: fc.constantFrom(0, 1),
});

test('sums, what leaves and when are those of a plain list, to the millisecond · CQ-9', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 900, size: 'max' });
  fc.assert(
    fc.property(
      steps,
      fc.nat({ max: 2 * windowMs }),
      fc.integer({ min: 1, max: 200 }),
      (events, ahead, places) => {
        const timelines = createTimelines({ windowMs, columns: 2, blockBits: 6 });
        const plain = new Map<number, { at: number; moment: number; column: number; amount: number }[]>();
        for (let count = 0; count < 3; count += 1) plain.set(addTimeline(timelines), []);
        let now = start;
        for (const { timeline, waitMs, amount, column } of events) {
          now += waitMs;
          const moment = momentAt(timelines, timeline, now);
          for (const [each, by] of [
            [0, 1],
            [column, amount],
          ] as const) {
            add(timelines, timeline, moment, each, by);
            plain.get(timeline)?.push({ at: now, moment, column: each, amount: by });
          }
        }
        for (const [timeline, all] of plain) {
          advance(timelines, timeline, now);
          for (const { at, moment } of all) {
            expect(isInside(timelines, timeline, moment)).toBe(at > now - windowMs);
            expect(isInsideAt(timelines, timeline, moment, now + ahead)).toBe(at > now + ahead - windowMs);
          }
          for (const column of [0, 1]) {
            const inside = all.filter((one) => one.column === column && one.at > now - windowMs);
            const total = (list: typeof inside) => list.reduce((sum, { amount }) => sum + amount, 0);
            expect(sum(timelines, timeline, column)).toBe(total(inside));
            expect(leavingBy(timelines, timeline, column, now + ahead)).toBe(
              total(inside.filter(({ at }) => at <= now + ahead - windowMs)),
            );
            const freeing = inside.find((_, index) => total(inside.slice(0, index + 1)) >= places);
            const freesAt = freeing === undefined ? null : freeing.at + windowMs;
            expect(freeAt(timelines, timeline, column, places)).toBe(freesAt);
            const first = inside[0];
            expect(nextFreeAt(timelines, timeline, column)).toBe(
              first === undefined ? null : first.at + windowMs,
            );
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('amounts of a column that moves are found wherever they were moved to, earlier moments too · CQ-9', () => {
  const move = fc.record({
    waitMs: fc.oneof(
      { weight: 30, arbitrary: fc.nat({ max: 2 }) },
      { weight: 1, arbitrary: fc.constantFrom(windowMs / 2, windowMs - 1, windowMs) },
    ),
    /** Which amount, and to how many moments before the newest. */
    which: fc.nat({ max: 3 }),
    back: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 40 }) }),
    places: fc.integer({ min: 1, max: 5 }),
    isAsked: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 600, size: 'max' }), (moves) => {
      const timelines = createTimelines({ windowMs, columns: 2, movingColumn: 1, blockBits: 6 });
      const timeline = addTimeline(timelines);
      const moments: { readonly at: number; readonly moment: number }[] = [];
      const standsAt = new Map<number, { readonly at: number; readonly moment: number }>();
      let now = start;
      for (const { waitMs, which, back, places, isAsked } of moves) {
        now += waitMs;
        advance(timelines, timeline, now);
        const newest = momentAt(timelines, timeline, now);
        add(timelines, timeline, newest, 0, 1);
        if (moments.at(-1)?.moment !== newest) moments.push({ at: now, moment: newest });
        const before = standsAt.get(which);
        if (before !== undefined && isInside(timelines, timeline, before.moment)) {
          add(timelines, timeline, before.moment, 1, -1);
        }
        const to = moments.at(-1 - back);
        const target = to !== undefined && to.at > now - windowMs ? to : { at: now, moment: newest };
        add(timelines, timeline, target.moment, 1, 1);
        standsAt.set(which, target);
        if (!isAsked) continue;
        const inside = [...standsAt.values()].map(({ at }) => at).filter((at) => at > now - windowMs);
        const leaving = inside.sort((one, other) => one - other).map((at) => at + windowMs);
        expect(nextFreeAt(timelines, timeline, 1)).toBe(leaving[0]);
        expect(freeAt(timelines, timeline, 1, places)).toBe(leaving[places - 1] ?? null);
      }
    }),
    { numRuns: 200 },
  );
});

test('timelines that are empty give their memory back', () => {
  const timelines = createTimelines({ windowMs, columns: 1, blockBits: 6 });
  const [one, other] = [addTimeline(timelines), addTimeline(timelines)];
  for (let at = start; at < start + 50_000; at += 1) {
    for (const timeline of [one, other]) add(timelines, timeline, momentAt(timelines, timeline, at), 0, 1);
  }
  expect(sum(timelines, one, 0)).toBe(windowMs);
  expect(timelines.pool.words.length).toBeGreaterThan(0);
  advance(timelines, one, start + 100_000);
  advance(timelines, other, start + 100_000);
  expect(timelines.pool.words).toHaveLength(0);
  const moment = momentAt(timelines, one, start + 100_000);
  add(timelines, one, moment, 0, 7);
  expect([sum(timelines, one, 0), sum(timelines, other, 0)]).toEqual([7, 0]);
});

test('a moment between two milliseconds leaves too, and with it nothing else', () => {
  const timelines = createTimelines({ windowMs, columns: 1, blockBits: 6 });
  const timeline = addTimeline(timelines);
  for (const at of [0.25, 10.5]) add(timelines, timeline, momentAt(timelines, timeline, at), 0, 1);
  advance(timelines, timeline, windowMs + 0.3);
  expect(sum(timelines, timeline, 0)).toBe(1);
});
