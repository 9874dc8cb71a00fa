/** Use over time as a step line, the limit as a line, refusals as crosses where they happened. Dragging across it zooms in. */
import { useElementSize } from '@mantine/hooks';
import { memo, type ReactNode, useMemo, useState } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceArea,
  ReferenceDot,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { figure } from '../design/figures.ts';
import styles from './chart.module.css';
import {
  type ChartPoint,
  pointsWithin,
  type RefusalMark,
  refusalMarks,
  type Scale,
  type Span,
  scaleLines,
  thinned,
} from './chart-points.ts';
import { RefusalCrosses } from './refusal-crosses.tsx';
import { momentText, tickText, timeTicks } from './time-axis.ts';

const axisWidthPx = 56;
const margin = { top: 22, right: 26, bottom: 0, left: 4 };
/** Crosses stand at least so far apart; what is nearer becomes one. */
const markApartPx = 14;
/** Four points in so many pixels look as all of them would. */
const columnPx = 5;
/** One time on the axis needs so much room. */
const tickApartPx = 78;
/** A drag shorter than this is a click. */
const dragFromPx = 6;
const tick = { fontSize: 11, fill: 'var(--rb-text-faint)' };

type HoverProps = { active?: boolean; payload?: readonly { payload?: ChartPoint }[]; marks: RefusalMark[] };

const Hover = ({ active, payload, marks }: HoverProps): ReactNode => {
  const point = payload?.[0]?.payload;
  if (!active || !point) return null;
  const mark = marks.find(({ at, until }) => point.at >= at && point.at <= until);
  return (
    <div className={styles.hover}>
      <div className="quiet">{momentText(point.at)}</div>
      <div>{figure(point.used)} used</div>
      {mark && <div className={styles.refused}>✕ {figure(mark.refused)} refused around here</div>}
    </div>
  );
};

type Props = {
  points: readonly ChartPoint[];
  /** The time shown. */
  span: Span;
  limit: number;
  /** Where the limit comes from, for its line. */
  source: string | undefined;
  scale: Scale;
  onZoom: (span: Span) => void;
};

type Drag = { from: number; fromPx: number; to: number; toPx: number };

/** Where the pointer is along the plot, in pixels and in time. */
const placeOf = (clientX: number, plot: Element, span: Span): { at: number; px: number } => {
  const { left, width } = plot.getBoundingClientRect();
  const begin = margin.left + axisWidthPx;
  const room = Math.max(1, width - begin - margin.right);
  const px = Math.max(0, Math.min(clientX - left - begin, room));
  return { px, at: span.from + (px / room) * (span.to - span.from) };
};

/** Drawn anew only when what it shows changes: moving the pointer over it is the library's own affair. */
const Plot = memo(
  ({
    points,
    span,
    limit,
    source,
    scale,
    width,
    height,
    chosen,
  }: Omit<Props, 'onZoom'> & { width: number; height: number; chosen: Span | null }): ReactNode => {
    const room = Math.max(1, width - axisWidthPx - margin.left - margin.right);
    const within = useMemo(() => pointsWithin(points, span), [points, span]);
    const drawn = useMemo(() => [...thinned(within, Math.floor(room / columnPx))], [within, room]);
    const marks = useMemo(
      () => refusalMarks(within, ((span.to - span.from) * markApartPx) / room),
      [within, span, room],
    );
    const lines = useMemo(() => scaleLines(within, limit, scale), [within, limit, scale]);
    const times = useMemo(() => timeTicks(span, Math.floor(room / tickApartPx)), [span, room]);
    const top = lines.at(-1) ?? limit;
    const beyond = limit > top;
    const now = drawn.at(-1);
    return (
      <AreaChart width={width} height={height} data={drawn} margin={margin} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--rb-line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={[span.from, span.to]}
          ticks={times}
          niceTicks="none"
          interval={0}
          tickFormatter={tickText}
          tick={tick}
          stroke="var(--rb-line-strong)"
          allowDataOverflow
        />
        <YAxis
          domain={[0, top]}
          ticks={lines}
          niceTicks="none"
          interval={0}
          tickFormatter={figure}
          tick={tick}
          stroke="var(--rb-line-strong)"
          width={axisWidthPx}
        />
        <Tooltip
          content={<Hover marks={marks} />}
          isAnimationActive={false}
          cursor={{ stroke: 'var(--rb-line-strong)' }}
        />
        <Area
          type="stepAfter"
          dataKey="used"
          stroke="var(--rb-accent-fill)"
          strokeWidth={1.6}
          fill="var(--rb-accent-fill)"
          fillOpacity={0.14}
          activeDot={false}
          isAnimationActive={false}
        />
        <ReferenceLine
          y={beyond ? top : limit}
          stroke="var(--rb-refused)"
          strokeDasharray={beyond ? '2 4' : '5 3'}
          label={{
            value: `${beyond ? '↑ ' : ''}limit ${figure(limit)}${source ? `: ${source}` : ''}${beyond ? ', above this scale' : ''}`,
            position: 'insideTopLeft',
            fontSize: 11,
            fill: 'var(--rb-refused)',
            dy: -18,
          }}
        />
        {chosen && (
          <ReferenceArea x1={chosen.from} x2={chosen.to} fill="var(--rb-accent)" fillOpacity={0.12} />
        )}
        {now && (
          <ReferenceDot
            x={now.at}
            y={now.used}
            r={3.5}
            fill="var(--rb-accent-fill)"
            stroke="var(--rb-surface)"
            label={{
              value: figure(now.used),
              position: 'left',
              offset: 8,
              dy: now.used > top * 0.9 ? 12 : -9,
              fontSize: 11,
              fontWeight: 600,
              fill: 'var(--rb-text)',
            }}
          />
        )}
        <RefusalCrosses marks={marks} />
      </AreaChart>
    );
  },
);

export const UseChart = memo(({ onZoom, ...shown }: Props): ReactNode => {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [drag, setDrag] = useState<Drag | null>(null);
  const { span } = shown;
  const wide = drag !== null && Math.abs(drag.toPx - drag.fromPx) >= dragFromPx;
  const from = wide ? Math.min(drag.from, drag.to) : null;
  const to = wide ? Math.max(drag.from, drag.to) : null;
  const chosen = useMemo(() => (from === null || to === null ? null : { from, to }), [from, to]);
  return (
    <div
      ref={ref}
      className={styles.plot}
      role="img"
      aria-label={`Use over time; the limit is ${figure(shown.limit)}. The figures stand under “Figures”.`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const { at, px } = placeOf(event.clientX, event.currentTarget, span);
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: at, fromPx: px, to: at, toPx: px });
      }}
      onPointerMove={(event) => {
        if (!drag) return;
        const { at, px } = placeOf(event.clientX, event.currentTarget, span);
        setDrag({ ...drag, to: at, toPx: px });
      }}
      onPointerUp={() => {
        if (chosen) onZoom({ from: Math.round(chosen.from), to: Math.round(chosen.to) });
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
    >
      {width > 0 && height > 0 && <Plot {...shown} width={width} height={height} chosen={chosen} />}
    </div>
  );
});
