/** The one way an error shows: what happened, which value, what to do. It stays until what caused it is gone. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { failureOf } from '../api/failure.ts';
import styles from './notices.module.css';

type Props = {
  /** What was being done, as a person would say it: "The transactions could not be read". */
  what: string;
  error: unknown;
  retry?: () => void;
};

export const FailureNotice = ({ what, error, retry }: Props): ReactNode => {
  const { message, hint, path, line } = failureOf(error);
  const place = [path, line === undefined ? undefined : `line ${line}`].filter(Boolean).join(', ');
  return (
    <div className={styles.failure} role="alert">
      <IconAlertTriangle size={18} aria-hidden className={styles.failureIcon} />
      <div className={styles.failureText}>
        <strong>{what}.</strong>
        <p>
          {message}
          {place && <span className="mono quiet"> {place}</span>}
        </p>
        {hint && <p className="quiet">{hint}</p>}
      </div>
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
};
