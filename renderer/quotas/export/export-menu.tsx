/** Takes the chart along as a picture, or its figures as CSV. */
import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode, RefObject } from 'react';
import type { QuotaHistory } from '../../../relay-core/contract/index.ts';
import { FailureNotice } from '../../design/failure-notice.tsx';
import { figure } from '../../design/figures.ts';
import { windowName, windowUnit } from '../../design/quota-words.ts';
import type { Span } from '../chart-points.ts';
import { spanText } from '../time-axis.ts';
import { historyCsv } from './csv.ts';
import { exportName } from './file-name.ts';
import { type Heading, pngPicture, svgPicture } from './picture.ts';
import { saveFile } from './save-file.ts';

type Format = 'png' | 'svg' | 'csv';

const headingOf = ({ window, user, limit }: QuotaHistory, span: Span): Heading => ({
  title: [windowName[window], user].filter(Boolean).join(': '),
  note: `${spanText(span)} (engine time) · limit ${figure(limit)} ${windowUnit[window]} · Relay Bench`,
});

type Props = {
  history: QuotaHistory;
  /** The time shown, when asked. */
  spanNow: () => Span;
  /** Holds the chart; empty while the figures are shown. */
  holder: RefObject<HTMLElement | null>;
  shows: 'chart' | 'figures';
};

export const ExportMenu = ({ history, spanNow, holder, shows }: Props): ReactNode => {
  const taking = useMutation({
    mutationFn: async (format: Format) => {
      const name = exportName(history, new Date(), format);
      if (format === 'csv') return saveFile(new Blob([historyCsv(history)], { type: 'text/csv' }), name);
      const chart = holder.current?.querySelector<SVGSVGElement>('svg.recharts-surface');
      if (!chart) throw new Error('There is no chart on the page to take.');
      const svg = svgPicture(chart, headingOf(history, spanNow()));
      saveFile(format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await pngPicture(svg), name);
    },
  });
  const pictureless = shows === 'figures';
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={14} />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={pictureless} onClick={() => taking.mutate('png')}>
            Chart as PNG
          </Menu.Item>
          <Menu.Item disabled={pictureless} onClick={() => taking.mutate('svg')}>
            Chart as SVG
          </Menu.Item>
          <Menu.Item onClick={() => taking.mutate('csv')}>Figures as CSV</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {taking.isError && <FailureNotice what="Nothing was exported" error={taking.error} />}
    </>
  );
};
