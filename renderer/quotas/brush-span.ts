/** How the stretch of time under the brush changes when a part of the brush is moved. Pure. */
import type { Span } from './chart-points.ts';

/** What of the brush is moved: one of its handles, or all of it. */
export type BrushPart = 'from' | 'to' | 'all';

/** The handles stay so far apart, as a share of the whole. */
const leastShare = 1 / 400;

const clamped = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(value, most));

/**
 * The stretch after a part of it was moved. Handles do not pass each other, and nothing leaves the whole.
 * @param byMs in milliseconds, to the right where positive
 */
export const movedSpan = ({ from, to }: Span, part: BrushPart, byMs: number, whole: Span): Span => {
  const least = Math.min((whole.to - whole.from) * leastShare, to - from);
  switch (part) {
    case 'from':
      return { from: Math.round(clamped(from + byMs, whole.from, to - least)), to };
    case 'to':
      return { from, to: Math.round(clamped(to + byMs, from + least, whole.to)) };
    case 'all': {
      const by = Math.round(clamped(byMs, whole.from - from, whole.to - to));
      return { from: from + by, to: to + by };
    }
  }
};
