/**
 * A quota history as what a chart of a given width can show: the points of the time looked at, thinned to its pixels, the
 * refusals as marks, and the top of its scale. Pure.
 */
import type { QuotaHistory } from '../../relay-core/contract/index.ts';

/** `at` in epoch milliseconds; `used` holds from then until the next point. */
export type ChartPoint = { at: number; used: number; refused: number };

/** A stretch of time, in epoch milliseconds. */
export type Span = { from: number; to: number };

/** What the scale reaches to: the limit, or the use, whose shape may be lost beside the limit. */
export type Scale = 'limit' | 'use';

/** Points in order of time. */
export const chartPoints = ({ points }: QuotaHistory): ChartPoint[] =>
  points.map(({ at, used, refused }) => ({ at: Date.parse(at), used, refused }));

/** The time that points cover; null when there are none. */
export const spanOf = (points: readonly ChartPoint[]): Span | null => {
  const [first, last] = [points[0], points.at(-1)];
  return first && last ? { from: first.at, to: last.at } : null;
};

/** The part of `wanted` that lies in `whole`; null, for the whole, when nothing worth a look is left of it. */
export const spanWithin = (wanted: Span | null, whole: Span): Span | null => {
  if (!wanted) return null;
  const from = Math.max(wanted.from, whole.from);
  const to = Math.min(wanted.to, whole.to);
  const all = from <= whole.from && to >= whole.to;
  return all || to <= from ? null : { from, to };
};

/** How many points lie before a time. */
const countBefore = (points: readonly ChartPoint[], time: number): number => {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.at ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The use at a time: that of the last point until then; 0 before the first. */
export const usedAt = (points: readonly ChartPoint[], time: number): number =>
  points[countBefore(points, time + 1) - 1]?.used ?? 0;

/** The points within a span. Use at its beginning is that of the last point before it; use at its end, of the last in it. */
export const pointsWithin = (points: readonly ChartPoint[], { from, to }: Span): ChartPoint[] => {
  const begin = countBefore(points, from);
  const within = points.slice(begin, countBefore(points, to + 1));
  const before = points[begin - 1];
  if (before && within[0]?.at !== from) within.unshift({ at: from, used: before.used, refused: 0 });
  const last = within.at(-1);
  if (last && last.at < to) within.push({ at: to, used: last.used, refused: 0 });
  return within;
};

/**
 * At most four points for each pixel column, which draw as all of them would: the first, the lowest, the highest and the
 * last in it (M4; Jugel, Jerzak, Hackenbroich and Markl, VLDB 2014). Points that need no thinning stay as they are.
 * @param points in order of time
 */
export const thinned = (points: readonly ChartPoint[], columns: number): readonly ChartPoint[] => {
  const span = spanOf(points);
  if (!span || columns < 1 || points.length <= 4 * columns) return points;
  const columnMs = (span.to - span.from) / columns;
  const kept: ChartPoint[] = [];
  let start = 0;
  while (start < points.length) {
    const at = points[start]?.at ?? 0;
    const column = Math.min(columns - 1, Math.floor((at - span.from) / columnMs));
    const nextColumn =
      column === columns - 1 ? Number.POSITIVE_INFINITY : span.from + (column + 1) * columnMs;
    let [end, lowest, highest] = [start, start, start];
    for (; end < points.length && (points[end]?.at ?? 0) < nextColumn; end += 1) {
      const used = points[end]?.used ?? 0;
      if (used < (points[lowest]?.used ?? 0)) lowest = end;
      if (used > (points[highest]?.used ?? 0)) highest = end;
    }
    // Rounding can put a point at the very edge of its own column: it is taken all the same, so that each turn moves on.
    end = Math.max(end, start + 1);
    for (const index of [...new Set([start, lowest, highest, end - 1])].sort((a, b) => a - b)) {
      const point = points[index];
      if (point) kept.push(point);
    }
    start = end;
  }
  return kept;
};

/** Refusals near each other as one mark, where the first of them happened, at the use of that time. */
export type RefusalMark = { at: number; until: number; used: number; refused: number };

/** Where refusals happened; those within `apartMs` of a mark's first are counted in it, so that marks never overlap. */
export const refusalMarks = (points: readonly ChartPoint[], apartMs: number): RefusalMark[] => {
  const marks: RefusalMark[] = [];
  for (const { at, used, refused } of points) {
    if (refused === 0) continue;
    const mark = marks.at(-1);
    if (mark && at - mark.at < apartMs) {
      mark.refused += refused;
      mark.until = at;
      mark.used = Math.max(mark.used, used);
    } else marks.push({ at, until: at, used, refused });
  }
  return marks;
};

/** The mark whose cross or whose refusals are within `nearMs` of a time, the nearest cross of several; null for none. */
export const markNear = (marks: readonly RefusalMark[], time: number, nearMs: number): RefusalMark | null => {
  const near = marks.filter(({ at, until }) => time >= at - nearMs && time <= until + nearMs);
  return near.toSorted((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time))[0] ?? null;
};

/** Nothing used and nothing refused: there is nothing to draw. */
export const isUnused = ({ points }: QuotaHistory): boolean =>
  points.every(({ used, refused }) => used === 0 && refused === 0);

const mostUsed = (points: readonly ChartPoint[]): number =>
  points.reduce((most, { used }) => Math.max(most, used), 0);

/** Below this share of the limit, use would lie flat on the axis. */
const flatBelow = 0.08;

/** The scale to begin with: the limit's, unless use is a trifle beside it. */
export const scaleFor = (points: readonly ChartPoint[], limit: number): Scale =>
  mostUsed(points) < limit * flatBelow && mostUsed(points) > 0 ? 'use' : 'limit';

/** Steps that people count in. */
const niceSteps = [1, 2, 2.5, 5, 10];
/** More lines than these are no help. */
const mostLines = 5;

/** The step between lines of a scale up to `top`: whole, of the form 1, 2, 2.5 or 5 × 10ⁿ. */
const stepFor = (top: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, top / mostLines)));
  const step = niceSteps.find((nice) => Number.isInteger(nice * power) && nice * power * mostLines >= top);
  return (step ?? 10) * power;
};

/** The lines of a scale: 0 and upwards in equal steps, and its top, which is the limit or a step above all use. */
export const scaleLines = (points: readonly ChartPoint[], limit: number, scale: Scale): number[] => {
  const most = mostUsed(points);
  const reach = scale === 'limit' ? Math.max(limit, most, 1) : Math.max(4, most * 1.1);
  const step = stepFor(reach);
  const top = scale === 'limit' ? reach : Math.ceil(reach / step) * step;
  const lines = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  // A line close under the limit would stand in its figure's way.
  const last = lines.at(-1) ?? 0;
  if (last < top && top - last < step * 0.4 && lines.length > 1) lines.pop();
  return lines.at(-1) === top ? lines : [...lines, top];
};
