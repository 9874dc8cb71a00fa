/** Findings over all connections, newest first; opening one shows its connection beside or below the list. */
import { type ReactNode, useState } from 'react';
import type { SessionFinding } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { DataTable } from '../design/data-table.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { useShortcuts } from '../frame/shortcuts.ts';
import type { OpenFinding } from './address.ts';
import { columns } from './columns.tsx';
import { Connection } from './connection.tsx';
import styles from './findings.module.css';
import type { useFindings } from './findings-data.ts';

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

type Props = ReturnType<typeof useFindings> & {
  opened: OpenFinding | null;
  onOpen: (finding: OpenFinding) => void;
  onClose: () => void;
};

export const FindingsList = ({ list, rows, more, opened, onOpen, onClose }: Props): ReactNode => {
  const [current, setCurrent] = useState<string | null>(opened?.id ?? null);
  const openRow = ({ id, sessionId }: SessionFinding): void => onOpen({ id, sessionId });
  const rowOf = (id: string | null): SessionFinding | undefined => rows.find((row) => row.id === id);
  const open = (id: string): void => {
    setCurrent(id);
    const row = rowOf(id);
    if (row) openRow(row);
  };
  // With a connection open, going through the list is reading: the pane follows.
  const move = (id: string): void => (opened ? open(id) : setCurrent(id));
  const step = (by: 1 | -1) => () => {
    const index = rows.findIndex(({ id }) => id === current);
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(index + by, rows.length - 1))];
    if (next) move(next.id);
  };
  const openCurrent = (): void => {
    if (current !== null) open(current);
  };
  useShortcuts({
    j: step(1),
    k: step(-1),
    Enter: openCurrent,
    Escape: onClose,
  });
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
        {list.isSuccess && rows.length === 0 && <NoFindings />}
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
      {opened && <Connection sessionId={opened.sessionId} onClose={onClose} />}
    </div>
  );
};
