/** Use over time as a step line, the limit as a line, refusals as crosses where they happened. Dragging across it zooms in. */
import { useElementSize } from '@mantine/hooks';
import { memo, type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { AreaChart, CartesianGrid, ReferenceLine, XAxis, YAxis } from 'recharts';
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
} from './chart-points.ts';
import { Hover } from './hover.tsx';
import { UseDrawn } from './use-drawn.tsx';

const axisWidthPx = 56;
/** Below is room for the times. */
const margin = { top: 22, right: 26, bottom: 30, left: 4 };
/** Where the plot begins. */
const plotLeftPx = margin.left + axisWidthPx;
/** Crosses stand at least so far apart; what is nearer becomes one. */
const markApartPx = 14;
/** A drag shorter than this is a click. */
const dragFromPx = 6;
const tick = { fontSize: 11, fill: 'var(--rb-text-faint)' };

/** The lines of a scale; the same array while they are the same, since the chart is laid out anew for each other one. */
const useScaleLines = (points: readonly ChartPoint[], limit: number, scale: Scale): number[] => {
  const lines = useMemo(() => scaleLines(points, limit, scale).join(' '), [points, limit, scale]);
  return useMemo(() => lines.split(' ').map(Number), [lines]);
};

type FrameProps = {
  limit: number;
  /** Where the limit comes from, for its line. */
  source: string | undefined;
  lines: number[];
  /** The width of the plot, in pixels. */
  room: number;
};

/** A character of the limit's words takes about so much, in pixels. */
const characterPx = 6;

/** What stands at the limit's line, without the source where there is no room for it. */
const limitWords = ({ limit, source, lines, room }: FrameProps): string => {
  const beyond = limit > (lines.at(-1) ?? limit);
  const words = (from: string): string =>
    `${beyond ? '↑ ' : ''}limit ${figure(limit)}${from}${beyond ? ', above this scale' : ''}`;
  const whole = words(source ? `: ${source}` : '');
  return whole.length * characterPx <= room ? whole : words('');
};

/** What stays while the time shown changes: the scale and its lines, the limit. */
const Frame = memo((props: FrameProps): ReactNode => {
  const { limit, lines } = props;
  const top = lines.at(-1) ?? limit;
  const beyond = limit > top;
  return (
    <>
      {/* The library wants one for its lines; the times, which move, are drawn with the use. */}
      <XAxis hide dataKey="at" type="number" domain={[0, 1]} allowDataOverflow />
      <CartesianGrid stroke="var(--rb-line)" vertical={false} />
      <YAxis
        domain={[0, top]}
        ticks={lines}
        niceTicks="none"
        interval={0}
        tickFormatter={figure}
        tick={tick}
        stroke="var(--rb-line-strong)"
        width={axisWidthPx}
        allowDataOverflow
      />
      <ReferenceLine
        y={beyond ? top : limit}
        stroke="var(--rb-refused)"
        strokeDasharray={beyond ? '2 4' : '5 3'}
        label={{
          value: limitWords(props),
          position: 'insideTopLeft',
          fontSize: 11,
          fill: 'var(--rb-refused)',
          dy: -18,
        }}
      />
    </>
  );
});

type PlotProps = FrameProps & {
  width: number;
  height: number;
  points: readonly ChartPoint[];
  span: Span;
  marks: readonly RefusalMark[];
  chosen: Span | null;
};

/** Not drawn anew for the pointer that moves over it. */
const Plot = memo(
  ({ width, height, limit, source, lines, room, ...drawn }: PlotProps): ReactNode => (
    <AreaChart width={width} height={height} margin={margin} accessibilityLayer={false}>
      <Frame limit={limit} source={source} lines={lines} room={room} />
      <UseDrawn {...drawn} />
    </AreaChart>
  ),
);

type Props = {
  points: readonly ChartPoint[];
  /** The time shown. */
  span: Span;
  limit: number;
  source: string | undefined;
  scale: Scale;
  onZoom: (span: Span) => void;
};

type Drag = { fromPx: number; toPx: number };

export const UseChart = memo(({ points, span, limit, source, scale, onZoom }: Props): ReactNode => {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [drag, setDrag] = useState<Drag | null>(null);
  /** Where the pointer is over the plot, in pixels from its beginning; null while it is elsewhere. */
  const [hoverPx, setHoverPx] = useState<number | null>(null);
  const room = Math.max(1, width - plotLeftPx - margin.right);
  const msPerPx = (span.to - span.from) / room;
  const within = useMemo(() => pointsWithin(points, span), [points, span]);
  const marks = useMemo(() => refusalMarks(within, markApartPx * msPerPx), [within, msPerPx]);
  const lines = useScaleLines(within, limit, scale);
  const chosen = useMemo((): Span | null => {
    if (!drag || Math.abs(drag.toPx - drag.fromPx) < dragFromPx) return null;
    const [from, to] = [Math.min(drag.fromPx, drag.toPx), Math.max(drag.fromPx, drag.toPx)];
    return { from: Math.round(span.from + from * msPerPx), to: Math.round(span.from + to * msPerPx) };
  }, [drag, span, msPerPx]);
  const pxOf = ({ clientX, currentTarget }: PointerEvent): number =>
    Math.max(0, Math.min(clientX - currentTarget.getBoundingClientRect().left - plotLeftPx, room));
  return (
    <div
      ref={ref}
      className={styles.plot}
      role="img"
      aria-label={`Use over time; the limit is ${figure(limit)}. The figures stand under “Figures”.`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const px = pxOf(event);
        setDrag({ fromPx: px, toPx: px });
      }}
      onPointerMove={(event) => {
        const px = pxOf(event);
        setHoverPx(px);
        if (drag) setDrag({ ...drag, toPx: px });
      }}
      onPointerUp={() => {
        if (chosen) onZoom(chosen);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => setHoverPx(null)}
    >
      {width > 0 && height > 0 && (
        <Plot
          width={width}
          height={height}
          limit={limit}
          source={source}
          lines={lines}
          room={room}
          points={within}
          span={span}
          marks={marks}
          chosen={chosen}
        />
      )}
      {hoverPx !== null && (
        <Hover
          px={plotLeftPx + hoverPx}
          leftwards={hoverPx > room / 2}
          at={span.from + hoverPx * msPerPx}
          points={within}
          marks={marks}
          nearMs={(markApartPx / 2) * msPerPx}
        />
      )}
    </div>
  );
});
