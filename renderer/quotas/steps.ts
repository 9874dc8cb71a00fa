/** Use over time as the steps of an SVG path: it holds from each point until the next. Pure. */
import type { ChartPoint } from './chart-points.ts';

/** Where a time or a use stands in a picture, in pixels. */
export type Place = (value: number) => number;

/** Tenths of a pixel are finer than anybody sees. */
const rounded = (px: number): number => Math.round(px * 10) / 10;

/** The steps through points in order of time, as commands of a path; empty without points. */
export const stepsPath = (points: readonly ChartPoint[], across: Place, upwards: Place): string =>
  points
    .map(({ at, used }, index) => {
      const [x, y] = [rounded(across(at)), rounded(upwards(used))];
      return index === 0 ? `M${x},${y}` : `H${x}V${y}`;
    })
    .join('');

/** The same steps with the surface below them, down to a height in pixels. */
export const surfacePath = (
  points: readonly ChartPoint[],
  across: Place,
  upwards: Place,
  bottom: number,
): string => {
  const first = points[0];
  return first
    ? `${stepsPath(points, across, upwards)}V${rounded(bottom)}H${rounded(across(first.at))}Z`
    : '';
};
