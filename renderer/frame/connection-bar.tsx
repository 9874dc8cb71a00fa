/** Says that the engine is gone and being looked for, or how far its start has come. What was read before stays on the page. */
import { Button, Loader } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import {
  cancelWaiting,
  connectionState,
  type StartProgress,
  waitingForEngine,
  watchConnection,
} from '../api/connection.ts';
import { figure } from '../design/figures.ts';
import styles from './frame.module.css';

const Elapsed = ({ since }: { since: number }): ReactNode => {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), 1_000, { autoInvoke: true });
  const seconds = Math.floor((now - since) / 1_000);
  return seconds > 2 && <span className="quiet">for {seconds} s</span>;
};

const Starting = ({ progress: { done, total } }: { progress: StartProgress }): ReactNode => (
  <div className={styles.starting} role="status">
    <Loader size={12} color="currentColor" />
    <span>
      <strong>The engine is starting.</strong> Counting what was sent in the last 24 hours: {figure(done)} of{' '}
      {figure(total)}.
    </span>
  </div>
);

/** What was asked for meanwhile goes out when the engine is back, unless the person would rather not. */
const Waiting = (): ReactNode => {
  const names = useSyncExternalStore(watchConnection, waitingForEngine);
  return (
    names.length > 0 && (
      <span className={styles.waiting}>
        <span>Waits for it: {names.join(', ')}.</span>
        <Button size="compact-xs" variant="default" onClick={cancelWaiting}>
          Cancel
        </Button>
      </span>
    )
  );
};

export const ConnectionBar = (): ReactNode => {
  const connection = useSyncExternalStore(watchConnection, connectionState);
  if (connection.state === 'starting') return <Starting progress={connection.progress} />;
  if (connection.state !== 'lost') return null;
  return (
    <div className={styles.lost} role="alert">
      <IconPlugConnectedX size={16} aria-hidden />
      <span className={styles.lostText}>
        <strong>Connection lost.</strong> {connection.message} What you see is what was read before.
      </span>
      <Waiting />
      <span className={styles.lostEnd}>
        <Elapsed since={connection.since} />
        {connection.wayOut === 'by-itself' && (
          <>
            <Loader size={12} color="currentColor" /> connecting again
          </>
        )}
      </span>
    </div>
  );
};
