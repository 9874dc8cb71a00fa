/** Says which transaction the form was filled in from, until that is sent. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { FilledFrom } from './again.ts';
import styles from './send.module.css';

export const FilledFromNote = ({ transactionId, notes }: FilledFrom): ReactNode => (
  <div className={styles.filledFrom} role="status">
    <p>
      As in transaction{' '}
      <span className="mono">
        <Link to={`/transactions/${encodeURIComponent(transactionId)}`}>{transactionId}</Link>
      </span>
      .
    </p>
    {notes.map((note) => (
      <p key={note}>{note}</p>
    ))}
  </div>
);
