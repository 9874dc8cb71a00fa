/** One window's use over time: the limit as a line, refusals as marks; the same figures as a table beside it. */
import { SegmentedControl } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { QuotaHistory } from '../../relay-core/contract/index.ts';
import { type Column, DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { figure, localTime } from '../design/figures.ts';
import { Time } from '../design/marks.tsx';
import { windowName } from '../design/quota-words.ts';
import { type ChartPoint, chartPoints, refusalMarks, topOf } from './chart-points.ts';
import { type Chosen, useHistory } from './quota-data.ts';
import styles from './quotas.module.css';

const axis = { fontSize: 11, fill: 'var(--rb-text-faint)' };

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const Hover = ({ active, payload }: { active?: boolean; payload?: readonly { payload?: ChartPoint }[] }) => {
  const point = payload?.find((one) => one.payload !== undefined && 'used' in one.payload)?.payload;
  if (!active || !point) return null;
  return (
    <div className={styles.hover}>
      <div className="quiet">{localTime(new Date(point.at).toISOString())}</div>
      <div>{figure(point.used)} used</div>
      {point.refused > 0 && <div className={styles.refused}>✕ {figure(point.refused)} refused</div>}
    </div>
  );
};

const Cross = ({ cx = 0, cy = 0 }: { cx?: number; cy?: number }): ReactNode => (
  <path
    d={`M${cx - 4},${cy - 4}l8,8m0,-8l-8,8`}
    stroke="var(--rb-refused)"
    strokeWidth={2}
    strokeLinecap="round"
    aria-hidden
  />
);

const Chart = ({ history }: { history: QuotaHistory }): ReactNode => {
  const points = useMemo(() => chartPoints(history), [history]);
  const marks = useMemo(() => refusalMarks(history), [history]);
  const top = topOf(history);
  const now = points.at(-1);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={points}
        margin={{ top: 22, right: 26, bottom: 0, left: 4 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--rb-line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          tickFormatter={(at: number) => clock.format(at)}
          tick={axis}
          stroke="var(--rb-line-strong)"
          minTickGap={48}
        />
        <YAxis
          domain={[0, top]}
          tickFormatter={(value: number) => figure(value)}
          tick={axis}
          stroke="var(--rb-line-strong)"
          width={56}
          allowDecimals={false}
        />
        <Tooltip content={<Hover />} isAnimationActive={false} cursor={{ stroke: 'var(--rb-line-strong)' }} />
        <Area
          type="stepAfter"
          dataKey="used"
          stroke="var(--rb-accent-fill)"
          strokeWidth={1.6}
          fill="var(--rb-accent-fill)"
          fillOpacity={0.14}
          isAnimationActive={false}
        />
        <ReferenceLine
          y={history.limit}
          stroke="var(--rb-refused)"
          strokeDasharray="5 3"
          ifOverflow="hidden"
          label={{
            value: `limit ${figure(history.limit)}`,
            position: 'insideTopLeft',
            fontSize: 11,
            fill: 'var(--rb-refused)',
            dy: -18,
          }}
        />
        {/* Without data of its own, a series would draw the chart's. */}
        {marks.length > 0 && (
          <Scatter data={marks} dataKey="limit" shape={<Cross />} isAnimationActive={false} />
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
              dy: -9,
              fontSize: 11,
              fontWeight: 600,
              fill: 'var(--rb-text)',
            }}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
};

const columns: readonly Column<QuotaHistory['points'][number]>[] = [
  { key: 'at', header: 'Time', track: 'minmax(110px, 1fr)', cell: ({ at }) => <Time at={at} /> },
  { key: 'used', header: 'Used', track: '110px', align: 'end', cell: ({ used }) => figure(used) },
  {
    key: 'refused',
    header: 'Refused',
    track: '110px',
    align: 'end',
    cell: ({ refused }) => (refused > 0 ? <span className={styles.refused}>✕ {figure(refused)}</span> : '–'),
  },
];

const Shown = ({ history, as }: { history: QuotaHistory; as: string }): ReactNode => {
  const rows = useMemo(() => history.points.toReversed(), [history]);
  if (history.points.length === 0)
    return (
      <EmptyState title="No use yet" action={{ label: 'Send a test message', to: '/send' }}>
        When a message is accepted, its recipients are counted here; refusals stand on the limit’s line as
        marks.
      </EmptyState>
    );
  if (as === 'figures')
    return (
      <DataTable label="Use over time, in figures" columns={columns} rows={rows} rowId={({ at }) => at} />
    );
  return (
    <div
      className={styles.plot}
      role="img"
      aria-label={`Use over time; the limit is ${figure(history.limit)}. The figures stand under “Figures”.`}
    >
      <Chart history={history} />
    </div>
  );
};

export const HistoryChart = ({ chosen }: { chosen: Chosen }): ReactNode => {
  const [as, setAs] = useState('chart');
  const history = useHistory(chosen);
  return (
    <section className={styles.history} aria-label="Use over time">
      <div className={styles.historyTop}>
        <h3 className="section">
          {windowName[chosen.window]}
          {chosen.user && `: ${chosen.user}`}
        </h3>
        <SegmentedControl
          ml="auto"
          aria-label="Shown as"
          data={[
            { value: 'chart', label: 'Chart' },
            { value: 'figures', label: 'Figures' },
          ]}
          value={as}
          onChange={setAs}
          transitionDuration={0}
        />
      </div>
      <div className={styles.historyBody}>
        {history.isError && (
          <FailureNotice
            what="The use over time could not be read"
            error={history.error}
            retry={() => void history.refetch()}
          />
        )}
        {history.data && !history.isError && <Shown history={history.data} as={as} />}
      </div>
    </section>
  );
};
