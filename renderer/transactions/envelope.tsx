/** The envelope before and after, side by side, with the rule that changed it (ENV-5); the header fields below, which play no part (SND-4). */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { type Column, DataTable } from '../design/data-table.tsx';
import { count } from '../design/figures.ts';
import { Copy, RulePill } from '../design/marks.tsx';
import { addressText } from './columns.tsx';
import styles from './envelope.module.css';

type Recipient = { address: string; reply: string; kept: boolean };

const recipientsOf = ({ recipients, envelope }: Transaction): Recipient[] => {
  const kept = new Set(envelope.after.to);
  return recipients.map(({ address, reply }) => ({ address, reply, kept: kept.has(address) }));
};

const columns: readonly Column<Recipient & { key: string }>[] = [
  {
    key: 'before',
    header: 'RCPT TO',
    track: 'minmax(0, 1fr)',
    cell: ({ address }) => <span className="mono">{address}</span>,
  },
  {
    key: 'after',
    header: 'After',
    track: 'minmax(0, 1fr)',
    cell: ({ address, kept }) =>
      kept ? <span className="mono">{address}</span> : <span className={styles.dropped}>✕ not accepted</span>,
  },
  {
    key: 'reply',
    header: 'Reply to RCPT',
    track: 'minmax(0, 1.2fr)',
    cell: ({ reply }) => (
      <span className="mono" title={reply}>
        {reply}
      </span>
    ),
  },
];

/** Rules that change an envelope sender. */
const rewritingRules = new Set(['ENV-1', 'ENV-3']);

const HeaderFields = ({ id }: { id: string }): ReactNode => {
  const { data } = useQuery(
    api.transactions.message.queryOptions({ input: { id }, staleTime: Number.POSITIVE_INFINITY }),
  );
  const fields = ['From', 'Reply-To'].map((name) => ({
    name,
    value: data?.headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value ?? null,
  }));
  return (
    <dl className={styles.fields}>
      {fields.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={value === null ? 'quiet' : 'mono'}>{value ?? (data ? 'not given' : '…')}</dd>
        </div>
      ))}
    </dl>
  );
};

const Side = ({ title, from, changed }: { title: string; from: string; changed: boolean }): ReactNode => (
  <div className={styles.side} data-changed={changed || undefined}>
    <h3 className="section">{title}</h3>
    <div className={styles.from}>
      <span className="quiet">MAIL FROM</span> <span className="mono">{addressText(from)}</span>
      <Copy value={from} what={`sender ${title.toLowerCase()}`} />
    </div>
  </div>
);

export const EnvelopeChange = ({ transaction }: { transaction: Transaction }): ReactNode => {
  const { envelope, decision, message, id } = transaction;
  const { before, after } = envelope;
  const accepted = decision.outcome === 'accepted';
  const rewritten = before.from !== after.from;
  const rule = decision.trace.find((step) => rewritingRules.has(step.rule));
  const recipients = recipientsOf(transaction).map((one, index) => ({ ...one, key: String(index) }));
  return (
    <div className={styles.envelope}>
      <div className={styles.sides}>
        <Side title="Before" from={before.from} changed={false} />
        <Side title={accepted ? 'After' : 'After, had it passed'} from={after.from} changed={rewritten} />
      </div>
      <p className={styles.change}>
        {rewritten && rule && <RulePill rule={rule.rule} place="text" />}
        {rewritten ? (rule?.text ?? 'The sender was rewritten.') : 'The sender is passed on as it came.'}
      </p>
      <h3 className={`section ${styles.heading}`}>
        {count(before.to.length, 'recipient')}
        {after.to.length < before.to.length && `, ${after.to.length} accepted`}
      </h3>
      <div className={styles.recipients}>
        <DataTable label="Recipients" columns={columns} rows={recipients} rowId={({ key }) => key} />
      </div>
      <div className={styles.header}>
        <h3 className="section">
          Header fields, which play no part <RulePill rule="SND-4" place="text" />
        </h3>
        {message ? (
          <HeaderFields id={id} />
        ) : (
          <p className="quiet">No content was sent, so there is no header.</p>
        )}
      </div>
    </div>
  );
};
