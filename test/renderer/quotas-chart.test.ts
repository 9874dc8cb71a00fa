/** What the quotas page works out by itself: a history as a chart, times along it, figures as CSV, fills, two counts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QuotaHistory, QuotaWindowState } from '../../relay-core/contract/index.ts';
import { movedSpan } from '../../renderer/quotas/brush-span.ts';
import {
  type ChartPoint,
  chartPoints,
  isUnused,
  markNear,
  pointsWithin,
  refusalMarks,
  scaleFor,
  scaleLines,
  spanWithin,
  thinned,
  usedAt,
} from '../../renderer/quotas/chart-points.ts';
import { csvOf, historyCsv } from '../../renderer/quotas/export/csv.ts';
import { exportName } from '../../renderer/quotas/export/file-name.ts';
import { fillProblem, fillTo } from '../../renderer/quotas/fills.ts';
import { stepsPath, surfacePath } from '../../renderer/quotas/steps.ts';
import { tickText, timeTicks } from '../../renderer/quotas/time-axis.ts';
import { twoCounts } from '../../renderer/quotas/two-counts.ts';
import { fullest, userRows } from '../../renderer/quotas/user-rows.ts';
import { history } from '../fixtures/pages/quotas.ts';

const points = (used: readonly number[], refused: readonly number[] = []): ChartPoint[] =>
  used.map((value, index) => ({ at: index * 1_000, used: value, refused: refused[index] ?? 0 }));

describe('the brush', () => {
  const whole = { from: 0, to: 4_000 };
  const span = { from: 1_000, to: 2_000 };

  test('a handle is moved alone, and all of it together', () => {
    expect(movedSpan(span, 'from', -200, whole)).toEqual({ from: 800, to: 2_000 });
    expect(movedSpan(span, 'to', 200, whole)).toEqual({ from: 1_000, to: 2_200 });
    expect(movedSpan(span, 'all', 200, whole)).toEqual({ from: 1_200, to: 2_200 });
  });

  test('handles do not pass each other, and nothing leaves the whole', () => {
    expect(movedSpan(span, 'from', 5_000, whole)).toEqual({ from: 1_990, to: 2_000 });
    expect(movedSpan(span, 'to', -5_000, whole)).toEqual({ from: 1_000, to: 1_010 });
    expect(movedSpan(span, 'from', -5_000, whole)).toEqual({ from: 0, to: 2_000 });
    expect(movedSpan(span, 'all', 5_000, whole)).toEqual({ from: 3_000, to: 4_000 });
    expect(movedSpan(span, 'all', -5_000, whole)).toEqual({ from: 0, to: 1_000 });
  });

  test('a stretch that is shorter than the handles’ distance stays as short', () => {
    expect(movedSpan({ from: 10, to: 12 }, 'to', -1, whole)).toEqual({ from: 10, to: 12 });
  });
});

describe('a history as a chart', () => {
  const day = history('customer-recipients-day', Date.UTC(2026, 10, 24), { use: 'some', points: 10_000 });

  test('points come in epoch time, and a history without use or refusals is told apart', () => {
    const one: QuotaHistory = {
      window: 'customer-recipients-day',
      limit: 10,
      points: [{ at: '2026-11-24T00:00:00.000Z', used: 5, refused: 0 }],
    };
    expect(chartPoints(one)).toEqual([{ at: Date.UTC(2026, 10, 24), used: 5, refused: 0 }]);
    expect([isUnused(one), isUnused(day)]).toEqual([false, false]);
    expect(isUnused(history('customer-recipients-day', 0, { use: 'none', points: 3 }))).toBe(true);
  });

  test('10,000 points are thinned to what a width can show, and keep first, last, lowest and highest', () => {
    const all = chartPoints(day);
    const drawn = thinned(all, 600);
    expect(all).toHaveLength(10_000);
    expect(drawn.length).toBeLessThanOrEqual(4 * 600);
    expect(drawn[0]).toEqual(all[0]);
    expect(drawn.at(-1)).toEqual(all.at(-1));
    expect(thinned(all, 10_000)).toBe(all);
  });

  test('a peak of one point among many survives thinning', () => {
    const used = Array<number>(10_000).fill(1);
    used[4_321] = 99;
    expect(thinned(points(used), 50)).toContainEqual({ at: 4_321_000, used: 99, refused: 0 });
  });

  test('whatever the points, every column keeps its own lowest and highest, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(9), fc.nat(1_000)), { maxLength: 400 }),
        fc.integer({ min: 1, max: 40 }),
        (steps, columns) => {
          let at = 0;
          const all = steps.map(([step, used]) => {
            at += step;
            return { at, used, refused: 0 };
          });
          const drawn = thinned(all, columns);
          expect(drawn.length).toBeLessThanOrEqual(Math.max(all.length, 4 * columns));
          const heights = (some: readonly ChartPoint[]) => some.map(({ used }) => used);
          expect(Math.max(...heights(drawn))).toBe(Math.max(...heights(all)));
          expect(Math.min(...heights(drawn))).toBe(Math.min(...heights(all)));
          expect(drawn.every((point, index) => point.at >= (drawn[index - 1]?.at ?? 0))).toBe(true);
          expect(drawn.every((point) => all.includes(point))).toBe(true);
        },
      ),
    );
  });

  test('a point where nothing was refused has no mark; where something was, it stands at its use', () => {
    expect(refusalMarks(points([10, 1_000, 900], [0, 3, 0]), 1)).toEqual([
      { at: 1_000, until: 1_000, used: 1_000, refused: 3 },
    ]);
    expect(refusalMarks(points([1_000, 1_000], [0, 0]), 1)).toEqual([]);
  });

  test('refusals near each other become one mark with their sum, and marks stay apart', () => {
    const marks = refusalMarks(points(Array(200).fill(1_000), Array(200).fill(2)), 10_000);
    expect(marks).toHaveLength(20);
    expect(marks.reduce((sum, { refused }) => sum + refused, 0)).toBe(400);
    expect(marks.every(({ at }, index) => at - (marks[index - 1]?.at ?? -10_000) >= 10_000)).toBe(true);
  });

  test('use is drawn as steps that hold until the next point, with the surface below', () => {
    const steps = points([0, 2, 1]);
    const x = (at: number) => 10 + at / 1_000;
    const y = (used: number) => 30 - used * 10;
    expect(stepsPath(steps, x, y)).toBe('M10,30H11V10H12V20');
    expect(surfacePath(steps, x, y, 30)).toBe('M10,30H11V10H12V20V30H10Z');
    expect([stepsPath([], x, y), surfacePath([], x, y, 30)]).toEqual(['', '']);
  });

  test('the use at a moment is that of the last point until then', () => {
    const steps = points([4, 7, 5]);
    expect([-1, 0, 999, 1_000, 1_000.5, 9_000].map((at) => usedAt(steps, at))).toEqual([0, 4, 4, 7, 7, 5]);
  });

  test('at the pointer stands the mark whose cross or whose refusals are there, the nearest of several', () => {
    const marks = refusalMarks(points([9, 9, 9, 9, 9], [2, 3, 0, 1, 0]), 2_000);
    expect(marks.map(({ at, until }) => [at, until])).toEqual([
      [0, 1_000],
      [3_000, 3_000],
    ]);
    const refusedNear = (at: number) => markNear(marks, at, 600)?.refused ?? null;
    expect([-601, -600, 900, 1_600, 1_700, 2_400].map(refusedNear)).toEqual([null, 5, 5, 5, null, 1]);
    expect(markNear(marks, 2_000, 1_500)?.at).toBe(3_000);
  });

  test('a zoomed chart begins with the use of the point before it, and ends with that of its last', () => {
    expect(pointsWithin(points([1, 2, 3, 4]), { from: 500, to: 2_500 })).toEqual([
      { at: 500, used: 1, refused: 0 },
      { at: 1_000, used: 2, refused: 0 },
      { at: 2_000, used: 3, refused: 0 },
      { at: 2_500, used: 3, refused: 0 },
    ]);
  });

  test('a zoom that time has left behind shows the whole window again', () => {
    const whole = { from: 100, to: 200 };
    expect(spanWithin({ from: 120, to: 150 }, whole)).toEqual({ from: 120, to: 150 });
    expect(spanWithin({ from: 50, to: 150 }, whole)).toEqual({ from: 100, to: 150 });
    expect([spanWithin({ from: 10, to: 90 }, whole), spanWithin({ from: 0, to: 300 }, whole)]).toEqual([
      null,
      null,
    ]);
  });

  test('the scale reaches the limit, unless use is a trifle beside it; the reader can choose', () => {
    expect([scaleFor(points([0, 800]), 1_000), scaleFor(points([0, 8]), 1_000)]).toEqual(['limit', 'use']);
    expect(scaleFor(points([0, 0]), 1_000)).toBe('limit');
    expect(scaleLines(points([0, 8]), 13_000, 'limit')).toEqual([0, 5_000, 10_000, 13_000]);
    expect(scaleLines(points([0, 8]), 13_000, 'use')).toEqual([0, 2, 4, 6, 8, 10]);
    expect(scaleLines(points([1]), 13_000, 'use')).toEqual([0, 1, 2, 3, 4]);
    expect(scaleLines(points([1_200]), 1_000, 'limit').at(-1)).toBe(1_200);
  });
});

describe('times along a chart', () => {
  const at = (hour: number, minute = 0, second = 0): number =>
    new Date(2026, 10, 24, hour, minute, second).getTime();

  test('are round in local time, no more than there is room for', () => {
    expect(timeTicks({ from: at(1, 7), to: at(9, 30) }, 5)).toEqual([at(2), at(4), at(6), at(8)]);
    expect(timeTicks({ from: at(1), to: at(1, 10) }, 6)).toHaveLength(6);
  });

  test('say the time of day, the seconds where they matter, the day where one begins', () => {
    expect([tickText(at(15)), tickText(at(15, 4, 20)), tickText(at(0))]).toEqual([
      '15:00',
      '15:04:20',
      '24 Nov',
    ]);
  });
});

describe('an export', () => {
  test('has a header, times in UTC, plain numbers, and CRLF after each line (RFC 4180)', () => {
    expect(
      historyCsv({
        window: 'customer-recipients-day',
        limit: 13_000,
        points: [{ at: '2026-11-24T15:00:00.000Z', used: 12_998, refused: 2 }],
      }),
    ).toBe('at,used,refused,limit\r\n2026-11-24T15:00:00.000Z,12998,2,13000\r\n');
  });

  test('quotes what needs it, and lets no text become a formula', () => {
    expect(csvOf(['a'], [['say "hi", twice'], ['=1+1'], ['-5'], [-5]])).toBe(
      'a\r\n"say ""hi"", twice"\r\n\'=1+1\r\n\'-5\r\n-5\r\n',
    );
  });

  test('is named by window, user and time, with nothing a file system objects to', () => {
    const now = new Date('2026-11-24T15:04:05Z');
    expect(exportName({ window: 'user-messages-day', user: 'o/x:y@example.com' }, now, 'csv')).toBe(
      'user-messages-day o_x_y@example.com 2026-11-24T1504.csv',
    );
  });
});

const state = (changes: Partial<QuotaWindowState>): QuotaWindowState => ({
  window: 'user-messages-day',
  user: 'anna@example.com',
  used: 0,
  reserved: 0,
  limit: 10_000,
  limitSource: { kind: 'profile', text: '' },
  nextFreeAt: null,
  simulated: 0,
  messagesThatFit: 0,
  ...changes,
});

test('a fill goes to a whole number between what is used and the limit', () => {
  expect([fillTo(13_000, 25), fillTo(13, 90)]).toEqual([3_250, 11]);
  const half = state({ used: 5_000 });
  expect([fillProblem(5_000, half), fillProblem(10_000, half)]).toEqual([null, null]);
  expect(fillProblem(4_999, half)).toBe('5,000 are used now; filling only adds.');
  expect(fillProblem(10_001, half)).toBe('At most 10,000, the limit.');
  expect([fillProblem(1.5, half), fillProblem('x', half)]).toEqual(['A whole number.', 'A whole number.']);
});

test('a user is one row, and stands by the fuller of two windows', () => {
  const [row] = userRows([
    state({ window: 'customer-recipients-day', user: undefined }),
    state({ used: 100 }),
    state({ window: 'user-unique-recipients-day', used: 90, reserved: 50, limit: 13_000 }),
  ]);
  expect(row?.user).toBe('anna@example.com');
  expect(row && fullest(row)?.window).toBe('user-unique-recipients-day');
});

describe('the two counts of a message · UQ-5', () => {
  const windows = {
    messages: state({ used: 10_000, simulated: 7_000 }),
    unique: state({ window: 'user-unique-recipients-day', used: 2, limit: 13_000 }),
    day: state({ window: 'customer-recipients-day', user: undefined, used: 5_000, limit: 13_000 }),
  };

  test('stand in the reader’s own numbers, without what was filled in', () => {
    expect(twoCounts(windows).sent).toBe(
      'anna@example.com sent 3,000 messages to 2 addresses in the last 24 hours: 2 unique, and at least 3,000 of the customer’s 5,000.',
    );
    expect(twoCounts({ ...windows, messages: state({ used: 5, simulated: 5 }) }).sent).toBeNull();
  });

  test('1,000 messages to A and 1,000 to B are 2 for the user and 2,000 for the customer', () => {
    expect(twoCounts(windows).example).toBe(
      '1,000 messages to each of 2 addresses would add 2 unique, and 2,000 to the total: 15% of the customer’s day.',
    );
  });
});
