/** A quota history as points of a chart. Pure. */
import type { QuotaHistory } from '../../relay-core/contract/index.ts';

/** `at` in epoch milliseconds. */
export type ChartPoint = { at: number; used: number; refused: number };

/** A mark for refusals; it stands at the height of the limit, which is what refused. */
export type RefusalMark = { at: number; limit: number; refused: number };

/** Points in order of time. */
export const chartPoints = ({ points }: QuotaHistory): ChartPoint[] =>
  points.map(({ at, used, refused }) => ({ at: Date.parse(at), used, refused }));

/** At most this many marks fit beside each other; more become one with their sum. */
const mostMarks = 40;

/** Where refusals happened. */
export const refusalMarks = ({ points, limit }: QuotaHistory): RefusalMark[] => {
  const perMark = Math.max(1, Math.ceil(points.length / mostMarks));
  const marks = new Map<number, RefusalMark>();
  for (const [index, { at, refused }] of points.entries()) {
    if (refused === 0) continue;
    const group = Math.floor(index / perMark);
    const before = marks.get(group);
    marks.set(
      group,
      before ? { ...before, refused: before.refused + refused } : { at: Date.parse(at), limit, refused },
    );
  }
  return [...marks.values()];
};

/** Below this share of the limit, the limit's line would press the use flat on the axis. */
const limitShownFrom = 0.04;

/** The top of the scale: the limit, unless use is so small beside it that its own shape would be lost. */
export const topOf = ({ points, limit }: QuotaHistory): number => {
  const most = Math.max(0, ...points.map(({ used }) => used));
  const refused = points.some((point) => point.refused > 0);
  if (refused || most >= limit * limitShownFrom || most === 0) return Math.max(limit, most);
  return Math.max(4, Math.ceil(most * 1.25));
};
