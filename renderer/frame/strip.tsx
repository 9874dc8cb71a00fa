/** The strip on top: whose organisation, which listeners, a simulated clock, and what keeps the engine from working fully. */
import { Badge, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconWorld } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ListenerState } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { FrameClock } from '../clock/frame-clock.tsx';
import { count } from '../design/figures.ts';
import { Copy } from '../design/marks.tsx';
import styles from './frame.module.css';

const roleNames: Record<ListenerState['role'], string> = {
  relay: 'plain or STARTTLS',
  smtps: 'TLS from the first byte',
  submission: 'submission, STARTTLS',
  proxy: 'behind PROXY v1',
};

/** `host:port` as it is written into a configuration. */
export const listenerAddress = ({ host, port }: ListenerState): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

const Listener = ({ listener }: { listener: ListenerState }): ReactNode => {
  const address = listenerAddress(listener);
  const name = listener.role === 'proxy' ? 'PROXY' : String(listener.standsFor);
  if (listener.problem)
    return (
      <Tooltip label={listener.problem}>
        <span className={styles.listener} data-problem>
          <IconAlertTriangle size={14} aria-hidden />
          <span>
            {name} → <span className="mono">{address}</span> does not listen
          </span>
        </span>
      </Tooltip>
    );
  return (
    <span className={styles.listener}>
      <Tooltip label={`Stands for port ${listener.standsFor}: ${roleNames[listener.role]}`}>
        <span>
          {name} → <span className="mono">{address}</span>
        </span>
      </Tooltip>
      <Copy value={address} what={`address for port ${listener.standsFor}`} />
      {listener.beyondLoopback && (
        <Tooltip label="Other machines can reach this listener. Set listeners.host to 127.0.0.1 to keep it to this one.">
          <span className={styles.beyond}>
            <IconWorld size={13} aria-hidden /> open to the network
          </span>
        </Tooltip>
      )}
    </span>
  );
};

export const Strip = (): ReactNode => {
  const status = useStatus();
  return (
    <header className={styles.strip}>
      {status && (
        <>
          <Tooltip
            label={`${status.primaryDomain}, ${count(status.licences, 'licence')}, profile ${status.profile}`}
          >
            <strong className={`cut ${styles.organisation}`}>{status.organisation}</strong>
          </Tooltip>
          {status.example && (
            <Tooltip label="This organisation came with Relay Bench. Settings hold your own.">
              <Badge variant="default" size="sm" tt="none" radius="sm" className={styles.example}>
                example
              </Badge>
            </Tooltip>
          )}
          <FrameClock />
          <div className={styles.listeners}>
            {status.listeners.map((listener) => (
              <Listener key={listener.role} listener={listener} />
            ))}
          </div>
        </>
      )}
    </header>
  );
};

/** What keeps the engine from working fully, a line each, until it is mended. */
export const Problems = (): ReactNode => {
  const status = useStatus();
  return status?.problems.map((problem) => (
    <div key={problem} className={styles.problem} role="alert">
      <IconAlertTriangle size={15} aria-hidden /> {problem}
    </div>
  ));
};
