/**
 * The brush over the small picture of the history: two handles and what lies between them, moved by pointer or by arrow keys.
 * It is our own because the chart library's redraws a whole chart for each step of the pointer.
 */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { type BrushPart, movedSpan } from './brush-span.ts';
import styles from './chart.module.css';
import type { Span } from './chart-points.ts';
import { momentText, tickText } from './time-axis.ts';

const handleWidthPx = 8;
/** Between a handle and its time. */
const textApartPx = 5;
/** Room that a time to the second needs. */
const textRoomPx = 52;
/** An arrow key moves a handle by this share of the whole. */
const keyShare = 1 / 100;

type Props = {
  span: Span;
  whole: Span;
  /** The plot the brush lies over, in pixels; to its left is room for a time, to its right there is `right`. */
  plot: { left: number; right: number; width: number; top: number; height: number };
  onSpan: (span: Span) => void;
};

type Drag = { part: BrushPart; fromPx: number; span: Span };

export const Brush = ({ span, whole, plot, onSpan }: Props): ReactNode => {
  const [drag, setDrag] = useState<Drag | null>(null);
  const { left, right, width, top, height } = plot;
  const wholeMs = whole.to - whole.from;
  const room = Math.max(1, width - handleWidthPx);
  /** The left edge of the handle that stands at a time. */
  const placeOf = (at: number): number => left + ((at - whole.from) / wholeMs) * room;
  const [fromX, toX] = [placeOf(span.from), placeOf(span.to)];
  const middle = top + height / 2;
  const toIsOutside = toX + handleWidthPx + textApartPx + textRoomPx <= left + width + right;
  const toIsInside = toX - fromX - handleWidthPx >= textRoomPx + 2 * textApartPx;

  const partMoves = (part: BrushPart) => ({
    onPointerDown: (event: PointerEvent<SVGElement>): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ part, fromPx: event.clientX, span });
    },
    onPointerMove: (event: PointerEvent<SVGElement>): void => {
      if (!drag) return;
      const byMs = ((event.clientX - drag.fromPx) / room) * wholeMs;
      onSpan(movedSpan(drag.span, drag.part, byMs, whole));
    },
    onPointerUp: () => setDrag(null),
    onPointerCancel: () => setDrag(null),
  });

  const keyMoves = (part: BrushPart) => (event: KeyboardEvent<SVGElement>) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    onSpan(movedSpan(span, part, direction * keyShare * wholeMs, whole));
  };

  const handle = (part: 'from' | 'to', x: number): ReactNode => (
    <g
      className={styles.handle}
      role="slider"
      tabIndex={0}
      aria-label="Edge of the time that is shown: move it with the arrow keys"
      aria-valuemin={whole.from}
      aria-valuemax={whole.to}
      aria-valuenow={span[part]}
      aria-valuetext={momentText(span[part])}
      data-part={part}
      onKeyDown={keyMoves(part)}
      {...partMoves(part)}
    >
      <rect x={x} y={top} width={handleWidthPx} height={height} fill="var(--rb-accent-fill)" />
      <path d={`M${x + 1},${middle - 1}h6m0,2h-6`} stroke="#fff" />
    </g>
  );

  return (
    <g className={styles.brush} data-dragged={drag !== null || undefined}>
      <rect
        className={styles.brushed}
        x={fromX + handleWidthPx}
        y={top}
        width={Math.max(0, toX - fromX - handleWidthPx)}
        height={height}
        fill="var(--rb-accent-fill)"
        fillOpacity={0.2}
        {...partMoves('all')}
      />
      {handle('from', fromX)}
      {handle('to', toX)}
      <g
        className={styles.brushTimes}
        fill="var(--rb-accent)"
        fontSize={11}
        dominantBaseline="central"
        aria-hidden
      >
        <text x={fromX - textApartPx} y={middle} textAnchor="end">
          {tickText(span.from)}
          {/* Too near to the right edge for a text of its own. */}
          {!toIsOutside && !toIsInside && ` – ${tickText(span.to)}`}
        </text>
        {toIsOutside && (
          <text x={toX + handleWidthPx + textApartPx} y={middle}>
            {tickText(span.to)}
          </text>
        )}
        {!toIsOutside && toIsInside && (
          <text x={toX - textApartPx} y={middle} textAnchor="end">
            {tickText(span.to)}
          </text>
        )}
      </g>
    </g>
  );
};
