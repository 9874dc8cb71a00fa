/** The whole history in small, with a brush over it: what lies between its two handles is what the chart above shows. */
import { useElementSize } from '@mantine/hooks';
import { memo, type ReactNode, useMemo } from 'react';
import { Brush } from './brush.tsx';
import styles from './chart.module.css';
import { type ChartPoint, type Span, spanOf, thinned } from './chart-points.ts';

const heightPx = 34;
/** As wide as a small picture needs it. */
const columns = 100;
/** As the chart above, whose axis is on the left. */
const margin = { top: 1, right: 26, left: 60 };

/** Use as steps in a box of a width and height, from its lower left corner to its lower right one. */
const stepsPath = (points: readonly ChartPoint[], { from, to }: Span, width: number): string => {
  const most = points.reduce((top, { used }) => Math.max(top, used), 1);
  const steps = points.map(({ at, used }) => {
    const x = ((at - from) / (to - from)) * width;
    return `H${x.toFixed(1)}V${(heightPx * (1 - used / most)).toFixed(1)}`;
  });
  return `M0,${heightPx}${steps.join('')}H${width}V${heightPx}`;
};

/** Does not change while the brush is moved. */
const Picture = memo(
  ({ points, whole, width }: { points: readonly ChartPoint[]; whole: Span; width: number }): ReactNode => (
    <g transform={`translate(${margin.left},${margin.top})`}>
      <rect width={width} height={heightPx} fill="var(--rb-raised)" stroke="var(--rb-accent-fill)" />
      <path
        d={stepsPath(thinned(points, columns), whole, width)}
        fill="var(--rb-accent-fill)"
        fillOpacity={0.14}
        stroke="var(--rb-accent-fill)"
      />
    </g>
  ),
);

type Props = {
  points: readonly ChartPoint[];
  /** The time shown; null for all. */
  span: Span | null;
  onSpan: (span: Span) => void;
};

export const Overview = ({ points, span, onSpan }: Props): ReactNode => {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const whole = useMemo(() => spanOf(points), [points]);
  const room = width - margin.left - margin.right;
  return (
    <div ref={ref} className={styles.overview}>
      {room > 0 && whole && whole.to > whole.from && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a picture, and a title would hang at the pointer.
        <svg width={width} height={heightPx + 2} role="group" aria-label="The whole history, in small">
          <Picture points={points} whole={whole} width={room} />
          <Brush
            span={span ?? whole}
            whole={whole}
            plot={{ left: margin.left, width: room, top: margin.top, height: heightPx }}
            onSpan={onSpan}
          />
        </svg>
      )}
    </div>
  );
};
