/** What the chart says at the pointer: the moment, the use at it, and the refusals whose cross is there. */
import type { ReactNode } from 'react';
import { figure } from '../design/figures.ts';
import styles from './chart.module.css';
import { type ChartPoint, markNear, type RefusalMark, usedAt } from './chart-points.ts';
import { momentText } from './time-axis.ts';

type Props = {
  /** The time at the pointer, in epoch milliseconds, and its place in pixels. */
  at: number;
  px: number;
  /** To the left of the pointer, where there is more room. */
  leftwards: boolean;
  points: readonly ChartPoint[];
  marks: readonly RefusalMark[];
  /** A cross reaches so far from where it stands. */
  nearMs: number;
};

export const Hover = ({ at, px, leftwards, points, marks, nearMs }: Props): ReactNode => {
  const mark = markNear(marks, at, nearMs);
  return (
    <div className={styles.pointed} style={{ left: px }} aria-hidden>
      <div className={styles.hover} data-leftwards={leftwards || undefined}>
        <div className="quiet">{momentText(at)}</div>
        <div>{figure(usedAt(points, at))} used</div>
        {mark && <div className={styles.refused}>✕ {figure(mark.refused)} refused around here</div>}
      </div>
    </div>
  );
};
