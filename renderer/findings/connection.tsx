/** The connection that a finding was made in: all its findings with their fix, its transactions, its dialogue. */
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Session } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count, figure } from '../design/figures.ts';
import { Copy, OutcomeCode, RulePill, Time } from '../design/marks.tsx';
import { SeverityMark } from '../design/severity.tsx';
import { addressText } from '../transactions/columns.tsx';
import { DialogueLog } from '../transactions/dialogue-lines.tsx';
import { dialogueText } from '../transactions/dialogue-text.ts';
import styles from './findings.module.css';

const Findings = ({ findings }: Pick<Session, 'findings'>): ReactNode => (
  <ul className={styles.seen}>
    {findings.map(({ rule, severity, text, fix }) => (
      <li key={`${rule} ${text}`}>
        <p>
          <SeverityMark severity={severity} /> <RulePill rule={rule} place="text" />
        </p>
        <p className={styles.text}>{text}</p>
        {fix && (
          <p className={styles.fix}>
            <span className="quiet">What to change:</span> {fix}
          </p>
        )}
      </li>
    ))}
  </ul>
);

const Transactions = ({
  transactions,
  transactionsOmitted,
}: Pick<Session, 'transactions' | 'transactionsOmitted'>): ReactNode =>
  transactions.length === 0 ? (
    <p className="quiet">The connection ended before a transaction began.</p>
  ) : (
    <ul className={styles.transactions}>
      {transactions.map(({ id, decision, envelope: { before } }) => (
        <li key={id}>
          <Link to={`/transactions/${encodeURIComponent(id)}`} className={styles.transaction ?? ''}>
            <OutcomeCode decision={decision} />
            <span className="cut">
              {addressText(before.from)} → {before.to[0] ?? 'no recipient'}
              {before.to.length > 1 && ` and ${before.to.length - 1} more`}
            </span>
          </Link>
        </li>
      ))}
      {transactionsOmitted > 0 && <li className="quiet">and {figure(transactionsOmitted)} more</li>}
    </ul>
  );

const Content = ({ session }: { session: Session }): ReactNode => {
  const { findings, transactions, transactionsOmitted, dialogue, dialogueOmitted } = session;
  return (
    <>
      <Findings findings={findings} />
      <section className={styles.block} aria-label="Transactions of this connection">
        <h3 className="section">
          {count(transactions.length + transactionsOmitted, 'transaction')} in this connection
        </h3>
        <Transactions transactions={transactions} transactionsOmitted={transactionsOmitted} />
      </section>
      <section className={styles.dialogue} aria-label="Dialogue of this connection">
        <h3 className="section">
          Dialogue <Copy value={dialogueText(dialogue)} what="dialogue as text" />
          {dialogueOmitted > 0 && ` without ${count(dialogueOmitted, 'line')}`}
        </h3>
        <DialogueLog lines={dialogue} />
      </section>
    </>
  );
};

type Props = { sessionId: string; onClose: () => void };

export const Connection = ({ sessionId, onClose }: Props): ReactNode => {
  const query = useQuery(api.sessions.get.queryOptions({ input: { id: sessionId } }));
  return (
    <section className={styles.connection} aria-label="Connection" aria-busy={query.isPending}>
      <div className={styles.connectionTop}>
        {query.data && (
          <h2>
            <span className="mono">{query.data.client.address}</span>{' '}
            <span className="quiet">HELO {query.data.client.heloName || 'not given'},</span>{' '}
            <span className="quiet">
              <Time at={query.data.startedAt} place="heading" />
            </span>
          </h2>
        )}
        <ActionIcon ml="auto" aria-label="Close the connection" title="Close (Esc)" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      {query.isError && (
        <FailureNotice
          what="This connection could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.data && <Content session={query.data} />}
    </section>
  );
};
