/**
 * What of the chart changes with the time it shows: the times along it, use as steps, refusals as crosses. It is drawn here, in
 * few pieces, since the chart library goes through all of its parts for each of its points, and again whenever an axis changes:
 * too slow to follow the brush.
 */
import { memo, type ReactNode, useMemo } from 'react';
import { usePlotArea, useYAxisScale } from 'recharts';
import { figure } from '../design/figures.ts';
import { type ChartPoint, type RefusalMark, type Span, thinned } from './chart-points.ts';
import { type Place, stepsPath, surfacePath } from './steps.ts';
import { tickText, timeTicks } from './time-axis.ts';

/** Four points in so many pixels look as all of them would. */
const columnPx = 2;
/** One time on the axis needs so much room. */
const tickApartPx = 78;
const tickLengthPx = 6;
/** From the end of a tick to the line its text stands on. */
const textBelowPx = 11;
const figureApartPx = 12;
/** Nearer to the top than this, a figure stands below. */
const nearTopPx = 18;

type TimesProps = { span: Span; x: Place; y: number; room: number };

const Times = ({ span, x, y, room }: TimesProps): ReactNode => (
  <g fontSize={11} fill="var(--rb-text-faint)" textAnchor="middle">
    {timeTicks(span, Math.floor(room / tickApartPx)).map((at, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the next time along takes the elements over, which have no state.
      <g key={index} transform={`translate(${x(at)},${y})`}>
        <path d={`M0,0v${tickLengthPx}`} stroke="var(--rb-line-strong)" />
        <text y={tickLengthPx + textBelowPx}>{tickText(at)}</text>
      </g>
    ))}
  </g>
);

/** The use at the end of the time shown, with its figure beside it: below it where the limit's words are above. */
const Now = ({ used, x, y, top }: { used: number; x: number; y: number; top: number }): ReactNode => (
  <>
    <circle cx={x} cy={y} r={3.5} fill="var(--rb-accent-fill)" stroke="var(--rb-surface)" />
    <text
      x={x - figureApartPx}
      y={y - top < nearTopPx ? y + 16 : y - 5}
      textAnchor="end"
      fontSize={11}
      fontWeight={600}
      fill="var(--rb-text)"
      // Readable over the steps too.
      stroke="var(--rb-surface)"
      strokeWidth={3}
      paintOrder="stroke"
    >
      {figure(used)}
    </text>
  </>
);

type Props = {
  /** Those of the time shown. */
  points: readonly ChartPoint[];
  span: Span;
  marks: readonly RefusalMark[];
  /** What is being marked to zoom in on. */
  chosen: Span | null;
};

/** Stands inside a chart, whose plot and scale it takes. */
export const UseDrawn = memo(({ points, span, marks, chosen }: Props): ReactNode => {
  const plot = usePlotArea();
  const upwards = useYAxisScale();
  const room = plot?.width ?? 0;
  const drawn = useMemo(() => thinned(points, Math.floor(room / columnPx)), [points, room]);
  if (!plot || !upwards) return null;
  const bottom = plot.y + plot.height;
  const x: Place = (at) => plot.x + ((at - span.from) / (span.to - span.from)) * plot.width;
  const y: Place = (used) => upwards(used) ?? bottom;
  const now = points.at(-1);
  return (
    <g pointerEvents="none">
      <path d={surfacePath(drawn, x, y, bottom)} fill="var(--rb-accent-fill)" fillOpacity={0.14} />
      <path
        d={stepsPath(drawn, x, y)}
        fill="none"
        stroke="var(--rb-accent-fill)"
        strokeWidth={1.6}
        data-use
      />
      <path d={`M${plot.x},${bottom}h${plot.width}`} stroke="var(--rb-line-strong)" />
      <Times span={span} x={x} y={bottom} room={room} />
      {chosen && (
        <rect
          x={x(chosen.from)}
          y={plot.y}
          width={x(chosen.to) - x(chosen.from)}
          height={plot.height}
          fill="var(--rb-accent)"
          fillOpacity={0.12}
        />
      )}
      {now && <Now used={now.used} x={x(now.at)} y={y(now.used)} top={plot.y} />}
      {marks.map(({ at, used }) => (
        <path
          key={at}
          d={`M${x(at) - 4},${y(used) - 4}l8,8m0,-8l-8,8`}
          stroke="var(--rb-refused)"
          strokeWidth={2}
          strokeLinecap="round"
          data-refusal
        />
      ))}
    </g>
  );
});
