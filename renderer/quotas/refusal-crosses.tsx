/**
 * Refusals as crosses over the chart, drawn in one piece. The library's own dots announce themselves to the chart one by one,
 * each time they are drawn, and every part of the chart listens: thirty of them cost about as much as the rest of it.
 */
import type { ReactNode } from 'react';
import { DefaultZIndexes, useXAxisScale, useYAxisScale, ZIndexLayer } from 'recharts';
import type { RefusalMark } from './chart-points.ts';

/** Stands inside a chart, whose axes say where each cross is. */
export const RefusalCrosses = ({ marks }: { marks: readonly RefusalMark[] }): ReactNode => {
  const across = useXAxisScale();
  const upwards = useYAxisScale();
  return (
    <ZIndexLayer zIndex={DefaultZIndexes.scatter}>
      {marks.map(({ at, used }) => {
        const [x, y] = [across?.(at), upwards?.(used)];
        return x === undefined || y === undefined ? null : (
          <path
            key={at}
            d={`M${x - 4},${y - 4}l8,8m0,-8l-8,8`}
            stroke="var(--rb-refused)"
            strokeWidth={2}
            strokeLinecap="round"
            data-refusal
            aria-hidden
          />
        );
      })}
    </ZIndexLayer>
  );
};
