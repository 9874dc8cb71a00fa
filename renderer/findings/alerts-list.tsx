/** Alerts to the super administrator, newest first, each with the mail that the service would have sent (ABU-1, ABU-2). */
import { Button } from '@mantine/core';
import { IconMailOff, IconUserPause } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import type { Alert } from '../../relay-core/contract/index.ts';
import { useStatus } from '../api/snapshot.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy, RulePill, Time } from '../design/marks.tsx';
import { addressText } from '../transactions/columns.tsx';
import styles from './findings.module.css';
import type { useAlerts } from './findings-data.ts';
import { useMarkSeen } from './unread.ts';

const NoAlerts = (): ReactNode => {
  const status = useStatus();
  const relay = status?.listeners.find(({ role }) => role === 'relay');
  const server = relay ? `${relay.host}:${relay.port}` : '127.0.0.1:2525';
  const domain = status?.primaryDomain ?? 'example.com';
  return (
    <EmptyState
      title="No alerts yet"
      commands={[
        {
          what: 'A message that counts as spam: it holds the GTUBE test pattern',
          command: `swaks --server ${server} --ehlo mail.${domain} --from anna@${domain} --to someone@example.org --body 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X'`,
        },
      ]}
    >
      When many messages of one sender are found to be spam within 24 hours, the super administrator is
      alerted. The alert will stand here, with the mail that would be sent. Nothing is sent.
    </EmptyState>
  );
};

const Mail = ({ mail }: Pick<Alert, 'mail'>): ReactNode => (
  <section className={styles.mail} aria-label="The mail that would have been sent">
    <header>
      <span className={styles.notSent}>
        <IconMailOff size={14} aria-hidden /> not sent
      </span>
      <dl>
        <div>
          <dt>To</dt>
          <dd>
            {mail.to ?? <span className="quiet">nobody: the bench file names no super administrator</span>}
          </dd>
        </div>
        <div>
          <dt>Subject</dt>
          <dd>
            <strong>{mail.subject}</strong>
          </dd>
        </div>
      </dl>
      <Copy value={`${mail.subject}\n\n${mail.body}`} what="mail as text" />
    </header>
    <pre>{mail.body}</pre>
  </section>
);

const AlertEntry = ({ alert }: { alert: Alert }): ReactNode => (
  <article className={styles.alert} aria-label={`Alert about ${addressText(alert.sender)}`}>
    <div>
      <p className={styles.alertTop}>
        <Time at={alert.at} place="heading" /> <RulePill rule={alert.rule} place="text" />
      </p>
      <h2 className="mono">{addressText(alert.sender)}</h2>
      <p>{alert.text}</p>
      {alert.suspendedUntil !== null && (
        <p className={styles.suspended}>
          <IconUserPause size={15} aria-hidden /> Suspended until{' '}
          <Time at={alert.suspendedUntil} place="heading" />
        </p>
      )}
    </div>
    <Mail mail={alert.mail} />
  </article>
);

export const AlertsList = ({ list, rows, more }: ReturnType<typeof useAlerts>): ReactNode => {
  const markSeen = useMarkSeen();
  const [newest] = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: shown once is seen once.
  useEffect(() => {
    if (newest) markSeen(newest);
  }, [newest]);
  return (
    <div className={styles.alerts}>
      {list.isError && (
        <FailureNotice
          what="The alerts could not be read"
          error={list.error}
          retry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && rows.length === 0 && <NoAlerts />}
      {rows.map((alert) => (
        <AlertEntry key={alert.id} alert={alert} />
      ))}
      {list.hasNextPage && (
        <Button m="sm" variant="default" loading={list.isFetchingNextPage} onClick={more}>
          Show older alerts
        </Button>
      )}
    </div>
  );
};
