/** Findings: what connections say about how clients are set up; and the alerts that the super administrator would get. */
import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { count } from '../design/figures.ts';
import { parts, useFindingsAddress } from './address.ts';
import { AlertsList } from './alerts-list.tsx';
import styles from './findings.module.css';
import { useAlerts, useFindings } from './findings-data.ts';
import { FindingsList } from './findings-list.tsx';
import { useUnreadAlerts } from './unread.ts';

const FindingsView = (): ReactNode => {
  const { part, opened, show, open, close } = useFindingsAddress();
  const findings = useFindings();
  const alerts = useAlerts();
  const unread = useUnreadAlerts();
  const shown = part === 'findings' ? findings : alerts;
  return (
    <div className={styles.view}>
      <div className={styles.toolbar} role="toolbar" aria-label="Findings or alerts">
        <SegmentedControl
          aria-label="Findings or alerts"
          data={[
            { value: 'findings', label: 'Findings' },
            { value: 'alerts', label: unread > 0 ? `Alerts, ${unread} new` : 'Alerts' },
          ]}
          value={part}
          onChange={(value) => show(parts.find((one) => one === value) ?? 'findings')}
          transitionDuration={0}
        />
        {shown.rows.length > 0 && (
          <span className={styles.read}>
            {count(shown.rows.length, part === 'findings' ? 'finding' : 'alert')}
            {shown.list.hasNextPage && ' read so far'}
          </span>
        )}
        <ActionIcon
          aria-label="Read again"
          title="Read again"
          loading={shown.list.isRefetching}
          onClick={() => void shown.list.refetch()}
        >
          <IconRefresh size={15} />
        </ActionIcon>
      </div>
      {part === 'findings' ? (
        <FindingsList {...findings} opened={opened} onOpen={open} onClose={close} />
      ) : (
        <AlertsList {...alerts} />
      )}
    </div>
  );
};

export default FindingsView;
