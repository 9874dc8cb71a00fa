/** One window's use over time, as a chart that can be zoomed or as figures, and both to take along. */
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
import { type As, ChartTools } from './chart-tools.tsx';
import { Overview } from './overview.tsx';
import { type Chosen, useHistory } from './quota-data.ts';
import { momentText } from './time-axis.ts';
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

type ShownProps = {
  title: string;
  history: QuotaHistory;
  source: string | undefined;
  fill: ReactNode;
};

const Shown = ({ title, history, source, fill }: ShownProps): ReactNode => {
  const [as, setAs] = useState<As>('chart');
  const [chosenScale, setScale] = useState<Scale | null>(null);
  const [wanted, setWanted] = useState<Span | null>(null);
  const holder = useRef<HTMLDivElement>(null);
  const points = useMemo(() => chartPoints(history), [history]);
  const whole = useMemo(() => spanOf(points) ?? { from: 0, to: 1 }, [points]);
  const brushed = useMemo(() => spanWithin(wanted, whole), [wanted, whole]);
  // The handles follow the pointer at once; the large chart follows them as fast as it can be drawn.
  const zoomed = useDeferredValue(brushed);
  const span = zoomed ?? whole;
  const shownSpan = useRef(span);
  shownSpan.current = span;
  const spanNow = useCallback(() => shownSpan.current, []);
  const ownScale = useMemo(() => scaleFor(points, history.limit), [points, history.limit]);
  const scale = chosenScale ?? ownScale;
  const rows = useMemo(
    () => (as === 'figures' ? pointsWithin(points, span).toReversed() : []),
    [as, points, span],
  );
  const showWhole = useCallback(() => setWanted(null), []);
  useShortcuts({ z: showWhole });
  return (
    <>
      <div className={styles.top}>
        <h3 className="section">{title}</h3>
        {fill}
        <ChartTools
          history={history}
          spanNow={spanNow}
          zoomed={zoomed !== null}
          onWhole={showWhole}
          as={as}
          onAs={setAs}
          scale={scale}
          onScale={setScale}
          holder={holder}
        />
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
              onZoom={setWanted}
            />
            <Overview points={points} span={brushed} onSpan={setWanted} />
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
