/** Findings over all connections, put together, newest first; opening one shows its newest connection beside or below the list. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useStatus } from '../api/snapshot.ts';
import { DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { useRowWalk } from '../frame/row-walk.ts';
import { useShortcuts } from '../frame/shortcuts.ts';
import type { OpenConnection } from './address.ts';
import { columns } from './columns.tsx';
import { Connection } from './connection.tsx';
import styles from './findings.module.css';
import type { useFindings } from './findings-data.ts';
import { useMarkProblemsSeen } from './unread.ts';

const NoFindings = (): ReactNode => {
  const relay = useStatus()?.listeners.find(({ role }) => role === 'relay');
  const server = relay ? `${relay.host}:${relay.port}` : '127.0.0.1:2525';
  return (
    <EmptyState
      title="No findings yet"
      commands={[
        {
          what: 'A client that greets with a generic name',
          command: `swaks --server ${server} --ehlo localhost --quit-after EHLO`,
        },
      ]}
    >
      What connections say about how their clients are set up will stand here, with what to change: a generic
      HELO name, one connection for each message, a failed TLS handshake or sign-in.
    </EmptyState>
  );
};

const NothingFits = ({ onClear }: { onClear: () => void }): ReactNode => (
  <EmptyState title="No finding fits">
    <p>The search looks through rules, client addresses, HELO names, what was seen and what to change.</p>
    <Button mt="sm" variant="default" onClick={onClear}>
      Show all findings
    </Button>
  </EmptyState>
);

type Props = Pick<ReturnType<typeof useFindings>, 'list' | 'rows' | 'more'> & {
  opened: OpenConnection | null;
  onOpen: (connection: OpenConnection) => void;
  onClose: () => void;
  /** Given where a filter leaves something out. */
  onClear: (() => void) | null;
};

export const FindingsList = ({ list, rows, more, opened, onOpen, onClose, onClear }: Props): ReactNode => {
  const markSeen = useMarkProblemsSeen();
  const newestProblem = rows.find(({ severity }) => severity === 'problem');
  // biome-ignore lint/correctness/useExhaustiveDependencies: shown once is seen once.
  useEffect(() => {
    if (newestProblem) markSeen(newestProblem.lastAt);
  }, [newestProblem]);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  // A connection that a link led to has no row here.
  const openRow = opened === null ? null : (opened.id ?? '');
  const openNow = useRef(openRow);
  useEffect(() => {
    openNow.current = openRow;
  }, [openRow]);
  const open = (id: string): void => {
    const row = rows.find((each) => each.id === id);
    if (!row) return;
    openNow.current = id;
    onOpen({ id, sessionId: row.sessionId });
  };
  const close = (): void => {
    openNow.current = null;
    onClose();
  };
  const { current, move, keys } = useRowWalk({
    ids,
    shown: opened?.id ?? null,
    openNow: () => openNow.current,
    open,
  });
  useShortcuts({ ...keys, Escape: close });
  return (
    <div className={styles.split} data-open={opened ? true : undefined}>
      <div className={styles.list}>
        {list.isError && (
          <FailureNotice
            what="The findings could not be read"
            error={list.error}
            retry={() => void list.refetch()}
          />
        )}
        {list.isSuccess &&
          rows.length === 0 &&
          (onClear ? <NothingFits onClear={onClear} /> : <NoFindings />)}
        {rows.length > 0 && (
          <DataTable
            label="Findings, newest first"
            columns={columns}
            rows={rows}
            rowId={({ id }) => id}
            current={current}
            onMove={move}
            onOpen={open}
            onNearEnd={more}
          />
        )}
      </div>
      {opened && <Connection sessionId={opened.sessionId} onClose={close} />}
    </div>
  );
};
