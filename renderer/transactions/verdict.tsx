/** The head of a transaction: outcome, the sentence, and the facts of who was speaking. What would make it pass stands under the sentence. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { portOfRole, type Transaction } from '../../relay-core/contract/index.ts';
import { bytes, ordinal } from '../design/figures.ts';
import { Copy, OutcomeBadge, RulePill, Time } from '../design/marks.tsx';
import { connectionPlace } from '../findings/address.ts';
import styles from './detail.module.css';
import { placeOnConnection } from './place-on-connection.ts';
import { Remedies } from './remedies.tsx';
import { sentenceOf } from './sentence.ts';

const Fact = ({ name, children }: { name: string; children: ReactNode }): ReactNode => (
  <div className={styles.fact}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Facts = ({ transaction }: { transaction: Transaction }): ReactNode => {
  const { client, message, decision, id, sessionId } = transaction;
  const place = placeOnConnection(transaction);
  return (
    <dl className={styles.facts}>
      {message?.subject && (
        <Fact name="Subject">
          <span className={styles.subject} title={message.subject}>
            {message.subject}
          </span>
        </Fact>
      )}
      <Fact name="Client">
        <span className="mono">{client.address}</span>
        {client.addressClaimed && <span className="quiet"> claimed</span>}
      </Fact>
      <Fact name="HELO">
        <span className="mono">{client.heloName || '–'}</span>
      </Fact>
      <Fact name="Port">{portOfRole[client.portRole]}</Fact>
      <Fact name="TLS">
        {client.tls ? <span title={client.tls.cipher}>{client.tls.version}</span> : 'none'}
      </Fact>
      <Fact name="AUTH">{client.authenticatedAs ?? 'none'}</Fact>
      {decision.setting !== null && <Fact name="Setting">{decision.setting}</Fact>}
      {message && <Fact name="Size">{bytes(message.size)}</Fact>}
      <Fact name="Connection">
        <Link to={connectionPlace(sessionId)}>
          {place === null || place === 1 ? 'whole connection' : `${ordinal(place)} transaction on it`}
        </Link>
      </Fact>
      <Fact name="Id">
        <span className="mono">{id}</span> <Copy value={id} what="transaction id" />
      </Fact>
    </dl>
  );
};

export const Verdict = ({ transaction, end }: { transaction: Transaction; end?: ReactNode }): ReactNode => {
  const { decision } = transaction;
  const sentence = sentenceOf(transaction);
  return (
    <header className={styles.verdict}>
      <div className={styles.verdictTop}>
        <OutcomeBadge decision={decision} />
        {decision.rule !== null && <RulePill rule={decision.rule} place="text" />}
        <span className="quiet">
          <Time at={transaction.startedAt} place="heading" />
        </span>
        <span className={styles.verdictEnd}>
          <Copy value={sentence} what="sentence" />
          {end}
        </span>
      </div>
      <h2 className={styles.sentence}>{sentence}</h2>
      <Remedies key={transaction.id} transaction={transaction} />
      <Facts transaction={transaction} />
    </header>
  );
};
