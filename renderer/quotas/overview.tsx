/** The whole history in small, with a brush over it: what lies between its two handles is what the chart above shows. */
import { useElementSize } from '@mantine/hooks';
import { memo, type ReactNode, useMemo } from 'react';
import { Brush } from './brush.tsx';
import styles from './chart.module.css';
import { type ChartPoint, type Span, spanOf, thinned } from './chart-points.ts';
import { type Place, surfacePath } from './steps.ts';

const heightPx = 34;
/** As wide as a small picture needs it. */
const columns = 100;
/** As the chart above, whose axis is on the left. */
const margin = { top: 1, right: 26, left: 60 };

/** Does not change while the brush is moved. */
const Picture = memo(
  ({ points, whole, width }: { points: readonly ChartPoint[]; whole: Span; width: number }): ReactNode => {
    const drawn = thinned(points, columns);
    const most = points.reduce((top, { used }) => Math.max(top, used), 1);
    const x: Place = (at) => ((at - whole.from) / (whole.to - whole.from)) * width;
    const y: Place = (used) => heightPx * (1 - used / most);
    return (
      <g transform={`translate(${margin.left},${margin.top})`}>
        <rect width={width} height={heightPx} fill="var(--rb-raised)" stroke="var(--rb-accent-fill)" />
        <path
          d={surfacePath(drawn, x, y, heightPx)}
          fill="var(--rb-accent-fill)"
          fillOpacity={0.14}
          stroke="var(--rb-accent-fill)"
        />
      </g>
    );
  },
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
            plot={{ ...margin, width: room, height: heightPx }}
            onSpan={onSpan}
          />
        </svg>
      )}
    </div>
  );
};
