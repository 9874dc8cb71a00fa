/** What the engine noticed about the connection this transaction came in on, and what to change. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/client.ts';
import { RulePill } from '../design/marks.tsx';
import { severityWord } from '../design/severity.tsx';
import styles from './detail.module.css';

export const ConnectionFindings = ({ sessionId }: { sessionId: string }): ReactNode => {
  const { data } = useQuery(
    api.sessions.get.queryOptions({ input: { id: sessionId }, staleTime: Number.POSITIVE_INFINITY }),
  );
  if (!data || data.findings.length === 0) return null;
  return (
    <section className={styles.findings} aria-label="Seen in this connection">
      <h3 className="section">Seen in this connection</h3>
      <ul>
        {data.findings.map(({ rule, severity, text, fix }) => (
          <li key={`${rule} ${text}`} data-severity={severity}>
            <strong>{severityWord[severity]}:</strong> {text} {fix && <span className="quiet">{fix}</span>}{' '}
            <RulePill rule={rule} place="text" />
          </li>
        ))}
      </ul>
    </section>
  );
};
