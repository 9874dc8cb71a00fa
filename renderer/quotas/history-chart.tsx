/** One window's use over time, as a chart that can be zoomed or as figures, and both to take along. */
import { Button, SegmentedControl } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { QuotaHistory } from '../../relay-core/contract/index.ts';
import { type Column, DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { figure } from '../design/figures.ts';
import { windowName } from '../design/quota-words.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import styles from './chart.module.css';
import {
  type ChartPoint,
  chartPoints,
  isUnused,
  pointsWithin,
  type Scale,
  type Span,
  scaleFor,
  spanOf,
  spanWithin,
} from './chart-points.ts';
import { ExportMenu } from './export/export-menu.tsx';
import { Overview } from './overview.tsx';
import { type Chosen, useHistory } from './quota-data.ts';
import { momentText, spanText } from './time-axis.ts';
import { UseChart } from './use-chart.tsx';

const columns: readonly Column<ChartPoint>[] = [
  { key: 'at', header: 'Time', track: 'minmax(130px, 1fr)', cell: ({ at }) => momentText(at) },
  { key: 'used', header: 'Used', track: '110px', align: 'end', cell: ({ used }) => figure(used) },
  {
    key: 'refused',
    header: 'Refused',
    track: '110px',
    align: 'end',
    cell: ({ refused }) => (refused > 0 ? <span className={styles.refused}>✕ {figure(refused)}</span> : '–'),
  },
];

const scales = [
  { value: 'use', label: 'Use' },
  { value: 'limit', label: 'Limit' },
] as const;

const isScale = (value: string): value is Scale => scales.some((one) => one.value === value);

type ShownProps = {
  title: string;
  history: QuotaHistory;
  source: string | undefined;
  fill: ReactNode;
};

const Shown = ({ title, history, source, fill }: ShownProps): ReactNode => {
  const [as, setAs] = useState<'chart' | 'figures'>('chart');
  const [chosenScale, setScale] = useState<Scale | null>(null);
  const [wanted, setWanted] = useState<Span | null>(null);
  // The brush keeps its own handles while they are dragged; a zoom from elsewhere sets it anew.
  const [brush, setBrush] = useState<{ key: number; span: Span | null }>({ key: 0, span: null });
  const zoomTo = useCallback((span: Span | null): void => {
    setWanted(span);
    setBrush(({ key }) => ({ key: key + 1, span }));
  }, []);
  const holder = useRef<HTMLDivElement>(null);
  const points = useMemo(() => chartPoints(history), [history]);
  const whole = useMemo(() => spanOf(points) ?? { from: 0, to: 1 }, [points]);
  const zoomed = useMemo(() => spanWithin(wanted, whole), [wanted, whole]);
  // The handles follow the pointer at once; the large chart follows them as fast as it can be drawn.
  const span = useDeferredValue(zoomed) ?? whole;
  const scale = chosenScale ?? scaleFor(points, history.limit);
  const rows = useMemo(
    () => (as === 'figures' ? pointsWithin(points, span).toReversed() : []),
    [as, points, span],
  );
  useShortcuts({ z: () => zoomTo(null) });
  return (
    <>
      <div className={styles.top}>
        <h3 className="section">{title}</h3>
        {fill}
        <div className={styles.tools}>
          {zoomed && (
            <Button
              variant="light"
              leftSection={<IconZoomReset size={14} />}
              title={`Shown: ${spanText(zoomed)} (z)`}
              onClick={() => zoomTo(null)}
            >
              Whole window
            </Button>
          )}
          {as === 'chart' && (
            <span className={styles.scale}>
              <span className="quiet">Scale to</span>
              <SegmentedControl
                aria-label="Scale to"
                data={[...scales]}
                value={scale}
                onChange={(value) => isScale(value) && setScale(value)}
                transitionDuration={0}
              />
            </span>
          )}
          <SegmentedControl
            aria-label="Shown as"
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'figures', label: 'Figures' },
            ]}
            value={as}
            onChange={(value) => setAs(value === 'figures' ? 'figures' : 'chart')}
            transitionDuration={0}
          />
          <ExportMenu history={history} span={span} holder={holder} shows={as} />
        </div>
      </div>
      <div className={styles.body} ref={holder}>
        {as === 'figures' ? (
          <DataTable
            label="Use over time, in figures"
            columns={columns}
            rows={rows}
            rowId={({ at }) => String(at)}
          />
        ) : (
          <>
            <UseChart
              points={points}
              span={span}
              limit={history.limit}
              source={source}
              scale={scale}
              onZoom={zoomTo}
            />
            <Overview key={brush.key} points={points} span={brush.span} onSpan={setWanted} />
          </>
        )}
      </div>
    </>
  );
};

type Props = {
  chosen: Chosen;
  /** Where the window's limit comes from, as far as known. */
  source: string | undefined;
  /** The control that fills the window. */
  fill: ReactNode;
};

export const HistoryChart = ({ chosen, source, fill }: Props): ReactNode => {
  const history = useHistory(chosen);
  const title = [windowName[chosen.window], chosen.user].filter(Boolean).join(': ');
  const unused = history.data !== undefined && isUnused(history.data);
  return (
    <section className={styles.history} aria-label="Use over time">
      {(unused || !history.data || history.isError) && (
        <div className={styles.top}>
          <h3 className="section">{title}</h3>
          {fill}
        </div>
      )}
      {history.isError && (
        <FailureNotice
          what="The use over time could not be read"
          error={history.error}
          retry={() => void history.refetch()}
        />
      )}
      {unused && !history.isError && (
        <EmptyState title="No use yet" action={{ label: 'Send a test message', to: '/send' }}>
          When a message is accepted, it is counted here; refusals stand as crosses where they happened. To
          see a full window now, fill it.
        </EmptyState>
      )}
      {history.data && !unused && !history.isError && (
        <Shown
          key={`${chosen.window} ${chosen.user ?? ''}`}
          title={title}
          history={history.data}
          source={source}
          fill={fill}
        />
      )}
    </section>
  );
};
