/** Findings: what connections say about how clients are set up; and the alerts that the super administrator would get. */
import { ActionIcon, SegmentedControl } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { count } from '../design/figures.ts';
import { SearchBox } from '../design/search-box.tsx';
import { useShortcuts } from '../frame/shortcuts.ts';
import { parts, useFindingsAddress } from './address.ts';
import { AlertsList } from './alerts-list.tsx';
import styles from './findings.module.css';
import { type FindingsFilter, useAlerts, useFindings } from './findings-data.ts';
import { FindingsList } from './findings-list.tsx';
import { useUnreadAlerts } from './unread.ts';

const severities = [
  { value: '', label: 'All' },
  { value: 'problem', label: 'Problems' },
  { value: 'warning', label: 'Warnings' },
  { value: 'info', label: 'Notes' },
];

type FilterProps = { filter: FindingsFilter; set: (values: Record<string, string | null>) => void };

const Filter = ({ filter, set }: FilterProps): ReactNode => {
  const search = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(filter.search ?? '');
  const apply = useDebouncedCallback((value: string) => set({ search: value }), 200);
  useEffect(() => {
    // Whoever is typing leads: the address is behind by then, and would take letters back.
    if (document.activeElement !== search.current) setTyped(filter.search ?? '');
  }, [filter.search]);
  useShortcuts({ '/': () => search.current?.focus() });
  return (
    <>
      <SearchBox
        ref={search}
        className={styles.search}
        name="Search findings"
        placeholder="Search rule, client, text"
        value={typed}
        onChange={(value) => {
          setTyped(value);
          apply(value);
        }}
      />
      <SegmentedControl
        aria-label="Severity"
        data={severities}
        value={filter.severity ?? ''}
        onChange={(value) => set({ severity: value })}
        transitionDuration={0}
      />
    </>
  );
};

const readSoFar = ({
  findings,
  olderLeftOut,
}: Pick<ReturnType<typeof useFindings>, 'findings' | 'olderLeftOut'>) =>
  olderLeftOut ? `${count(findings, 'finding')} among the newest 5,000` : count(findings, 'finding');

const FindingsView = (): ReactNode => {
  const { part, filter, opened, show, set, open, close } = useFindingsAddress();
  const findings = useFindings(filter);
  const alerts = useAlerts();
  const unread = useUnreadAlerts();
  const shown = part === 'findings' ? findings : alerts;
  const clear = (): void => set({ severity: null, search: null });
  const filtered = filter.severity !== undefined || filter.search !== undefined;
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
        {part === 'findings' && <Filter filter={filter} set={set} />}
        {shown.rows.length > 0 && (
          <span
            className={styles.read}
            title={
              part === 'findings'
                ? 'Findings of one client that say the same but for their figures stand in one row'
                : undefined
            }
          >
            {part === 'findings'
              ? readSoFar(findings)
              : `${count(alerts.rows.length, 'alert')}${alerts.list.hasNextPage ? ' read so far' : ''}`}
          </span>
        )}
        <ActionIcon
          aria-label="Read again"
          title="Read again"
          loading={shown.list.isRefetching && !shown.list.isPlaceholderData}
          onClick={() => void shown.list.refetch()}
        >
          <IconRefresh size={15} />
        </ActionIcon>
      </div>
      {part === 'findings' ? (
        <FindingsList
          {...findings}
          opened={opened}
          onOpen={open}
          onClose={close}
          onClear={filtered ? clear : null}
        />
      ) : (
        <AlertsList {...alerts} />
      )}
    </div>
  );
};

export default FindingsView;
