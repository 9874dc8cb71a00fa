/** What stands beside the title of the use over time: back to the whole, the scale, chart or figures, and both to take along. */
import { Button, SegmentedControl } from '@mantine/core';
import { IconZoomReset } from '@tabler/icons-react';
import { memo, type ReactNode, type RefObject } from 'react';
import type { QuotaHistory } from '../../relay-core/contract/index.ts';
import styles from './chart.module.css';
import type { Scale, Span } from './chart-points.ts';
import { ExportMenu } from './export/export-menu.tsx';

/** How use over time is shown. */
export type As = 'chart' | 'figures';

const scales = [
  { value: 'use', label: 'Use' },
  { value: 'limit', label: 'Limit' },
] as const;

const isScale = (value: string): value is Scale => scales.some((one) => one.value === value);

type Props = {
  history: QuotaHistory;
  /** The time shown, when asked. */
  spanNow: () => Span;
  /** It is not the whole. */
  zoomed: boolean;
  onWhole: () => void;
  as: As;
  onAs: (as: As) => void;
  scale: Scale;
  onScale: (scale: Scale) => void;
  /** Holds the chart. */
  holder: RefObject<HTMLElement | null>;
};

/** Not drawn anew while the brush is moved. */
export const ChartTools = memo(
  ({ history, spanNow, zoomed, onWhole, as, onAs, scale, onScale, holder }: Props): ReactNode => (
    <div className={styles.tools}>
      {zoomed && (
        <Button
          variant="light"
          leftSection={<IconZoomReset size={14} />}
          title="Zoom out to all of the window’s time (z)"
          onClick={onWhole}
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
            onChange={(value) => isScale(value) && onScale(value)}
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
        onChange={(value) => onAs(value === 'figures' ? 'figures' : 'chart')}
        transitionDuration={0}
      />
      <ExportMenu history={history} spanNow={spanNow} holder={holder} shows={as} />
    </div>
  ),
);
