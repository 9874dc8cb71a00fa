/** The whole history in small, with a brush over it: what lies between its two handles is what the chart above shows. */
import { useElementSize } from '@mantine/hooks';
import { memo, type ReactNode, useMemo } from 'react';
import { Area, AreaChart, Brush, YAxis } from 'recharts';
import styles from './chart.module.css';
import type { ChartPoint, Span } from './chart-points.ts';
import { thinned } from './chart-points.ts';
import { tickText } from './time-axis.ts';

const heightPx = 34;
/** As wide as a small picture needs it; each point is a place where a handle can stand. */
const columns = 100;
const margin = { top: 0, right: 26, bottom: 0, left: 60 };

/** The place of the last point at or before a time; the first when there is none. */
const indexAt = (points: readonly ChartPoint[], time: number): number =>
  Math.max(
    0,
    points.findLastIndex(({ at }) => at <= time),
  );

type Props = {
  points: readonly ChartPoint[];
  /** Where the handles stand at first; null for all. */
  span: Span | null;
  onSpan: (span: Span | null) => void;
};

export const Overview = memo(({ points, span, onSpan }: Props): ReactNode => {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const data = useMemo(() => [...thinned(points, columns)], [points]);
  const last = data.length - 1;
  const startIndex = span ? indexAt(data, span.from) : 0;
  const endIndex = span ? Math.min(last, Math.max(startIndex + 1, indexAt(data, span.to))) : last;
  return (
    <div ref={ref} className={styles.overview}>
      {width > 0 && last > 1 && (
        <AreaChart width={width} height={heightPx + 2} data={data} margin={margin} accessibilityLayer={false}>
          <YAxis hide domain={[0, 'dataMax']} />
          <Brush
            dataKey="at"
            height={heightPx}
            y={1}
            x={margin.left}
            width={width - margin.left - margin.right}
            travellerWidth={8}
            startIndex={startIndex}
            endIndex={endIndex}
            tickFormatter={tickText}
            stroke="var(--rb-accent-fill)"
            fill="var(--rb-raised)"
            ariaLabel="Edge of the time that is shown: move it with the arrow keys"
            onChange={({ startIndex: start, endIndex: end }) => {
              const [from, to] = [data[start]?.at, data[end]?.at];
              if (from === undefined || to === undefined) return;
              onSpan(start === 0 && end === last ? null : { from, to });
            }}
          >
            <AreaChart data={data}>
              <YAxis hide domain={[0, 'dataMax']} />
              <Area
                type="stepAfter"
                dataKey="used"
                stroke="var(--rb-accent-fill)"
                fill="var(--rb-accent-fill)"
                fillOpacity={0.14}
                isAnimationActive={false}
              />
            </AreaChart>
          </Brush>
        </AreaChart>
      )}
    </div>
  );
});
