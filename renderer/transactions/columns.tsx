/** What stands in a row of the list. */
import {
  IconArrowNarrowRight,
  IconLock,
  IconLockOpen2,
  IconReplace,
  IconUserCheck,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Client, portOfRole, type TransactionSummary } from '../../relay-core/contract/index.ts';
import type { Column } from '../design/data-table.tsx';
import { bytes, figure } from '../design/figures.ts';
import { OutcomeCode, RulePill, Time } from '../design/marks.tsx';
import styles from './transactions.module.css';

/** An envelope address as people write it; the null sender is `<>`. */
export const addressText = (address: string): string => (address === '' ? '<>' : address);

const Envelope = ({ row }: { row: TransactionSummary }): ReactNode => {
  const { before, after } = row.envelope;
  const rewritten = before.from !== after.from && row.decision.outcome === 'accepted';
  const [first = '', ...others] = before.to;
  return (
    <span
      className={styles.envelopeCell}
      title={`${addressText(before.from)} → ${before.to.slice(0, 20).join(', ')}`}
    >
      <span className="cut">{addressText(before.from)}</span>
      {rewritten && (
        <IconReplace size={13} className={styles.rewritten} aria-label={`rewritten to ${after.from}`} />
      )}
      <IconArrowNarrowRight size={14} className={styles.arrow} aria-label="to" />
      <span className="cut">{first || 'no recipient'}</span>
      {others.length > 0 && <span className="quiet">+{figure(others.length)}</span>}
    </span>
  );
};

const Marks = ({ client }: { client: Client }): ReactNode => (
  <span className={styles.marks}>
    <span className="mono">{portOfRole[client.portRole]}</span>
    {client.tls ? (
      <IconLock size={13} className={styles.markOn} aria-label={`TLS: ${client.tls.version}`} />
    ) : (
      <IconLockOpen2 size={13} className={styles.markOff} aria-label="no TLS" />
    )}
    {client.authenticatedAs && (
      <IconUserCheck size={13} className={styles.markOn} aria-label={`AUTH: ${client.authenticatedAs}`} />
    )}
  </span>
);

export const columns: readonly Column<TransactionSummary>[] = [
  { key: 'time', header: 'Time', track: '66px', cell: (row) => <Time at={row.startedAt} place="column" /> },
  {
    key: 'outcome',
    header: 'Outcome',
    track: '92px',
    cell: (row) => <OutcomeCode decision={row.decision} />,
  },
  {
    key: 'rule',
    header: 'Rule',
    track: '76px',
    fromWidthPx: 480,
    cell: (row) => row.decision.rule && <RulePill rule={row.decision.rule} place="list" />,
  },
  {
    key: 'envelope',
    header: 'From → to',
    track: 'minmax(0, 3fr)',
    cell: (row) => <Envelope row={row} />,
  },
  {
    key: 'subject',
    header: 'Subject',
    track: 'minmax(0, 1.6fr)',
    fromWidthPx: 1_100,
    cell: (row) => row.message?.subject,
  },
  {
    key: 'client',
    header: 'Client',
    track: 'minmax(0, 1.7fr)',
    fromWidthPx: 900,
    cell: ({ client }) => (
      <span title={`${client.address}, HELO ${client.heloName}`}>
        <span className="mono">{client.address}</span> <span className="quiet">{client.heloName}</span>
      </span>
    ),
  },
  {
    key: 'marks',
    header: 'Port',
    track: '66px',
    fromWidthPx: 660,
    cell: ({ client }) => <Marks client={client} />,
  },
  {
    key: 'size',
    header: 'Size',
    track: '56px',
    align: 'end',
    fromWidthPx: 730,
    cell: ({ message }) => message && bytes(message.size),
  },
];
