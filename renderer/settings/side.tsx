/** Beside the editor: what is wrong, what was changed by the last save, what is worth a thought, what does nothing yet. */
import { Button, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowBarToDown,
  IconArrowLeft,
  IconCircleCheck,
  IconDownload,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { BenchNotice, BenchProblem } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count, localTime, utcTime } from '../design/figures.ts';
import { Copy } from '../design/marks.tsx';
import { changedLinesText } from './changed-lines.ts';
import type { PutIn } from './draft.ts';
import { isFirstLook, problemSentences } from './problem-text.ts';
import type { Saved } from './saving.ts';
import styles from './settings.module.css';

type Place = { path?: string | undefined; line?: number | undefined };
type GoTo = (place: Place) => void;

const Entry = ({ place, onGo, children }: { place: Place; onGo: GoTo; children: ReactNode }): ReactNode => (
  <li>
    <UnstyledButton className={styles.entry ?? ''} title="Go to the line" onClick={() => onGo(place)}>
      <span className={`mono ${styles.where}`}>
        {[place.line === undefined ? null : `line ${place.line}`, place.path].filter(Boolean).join(', ')}
      </span>
      <span>{children}</span>
    </UnstyledButton>
  </li>
);

const Problem = ({ problem, onGo }: { problem: BenchProblem; onGo: GoTo }): ReactNode => {
  const { wrong, advice } = problemSentences(problem);
  return (
    <Entry place={problem} onGo={onGo}>
      {wrong}
      {advice !== null && <span className={`quiet ${styles.advice}`}>{advice}</span>}
    </Entry>
  );
};

export const Problems = ({ problems, onGo }: { problems: readonly BenchProblem[]; onGo: GoTo }): ReactNode =>
  problems.length > 0 && (
    <section className={styles.block} data-kind="problem" role="alert">
      <h3>
        <IconAlertTriangle size={15} aria-hidden /> {count(problems.length, 'problem')}: this draft cannot run
      </h3>
      <ul>
        {problems.map((problem) => (
          <Problem
            key={`${problem.line} ${problem.column} ${problem.message}`}
            problem={problem}
            onGo={onGo}
          />
        ))}
      </ul>
      {isFirstLook(problems) && (
        <p className="quiet">
          What values mean together is looked at once each is right: more may show then.
        </p>
      )}
    </section>
  );

type PutInProps = { putIn: PutIn; onShow: () => void };

/** A change that came from a refusal: where it stands, until it is saved. */
export const ChangePutIn = ({ putIn: { transactionId, lines }, onShow }: PutInProps): ReactNode => (
  <section className={styles.block} data-kind="put-in" role="status">
    <h3>
      <IconArrowBarToDown size={15} aria-hidden /> Put in from a transaction, not saved yet
    </h3>
    {lines?.length === 0 && <p>The draft has it already.</p>}
    {lines !== null && lines.length > 0 && (
      <UnstyledButton className={styles.entry ?? ''} title="Go to the line" onClick={onShow}>
        {changedLinesText(lines)}, marked in the file
      </UnstyledButton>
    )}
    <BackTo transactionId={transactionId} />
  </section>
);

const BackTo = ({ transactionId }: { transactionId: string }): ReactNode => (
  <Button
    component={Link}
    to={`/transactions/${encodeURIComponent(transactionId)}`}
    variant="default"
    className={styles.backTo ?? ''}
    leftSection={<IconArrowLeft size={14} />}
  >
    Back to the transaction
  </Button>
);

export const Changes = ({ changes, at, inForceAt, transactionId }: Saved): ReactNode => (
  <section className={styles.block} data-kind="saved" role="status">
    <h3>
      <IconCircleCheck size={15} aria-hidden /> Saved at {localTime(at)};{' '}
      {changes.length === 0
        ? 'nothing changed'
        : `${count(changes.length, 'change')}, in force ${inForceAt === undefined ? 'now' : `at ${localTime(inForceAt)}`}`}
    </h3>
    <ul>
      {changes.map((change) => (
        <li key={change} className={`mono ${styles.change}`}>
          {change}
        </li>
      ))}
    </ul>
    {transactionId !== undefined && <BackTo transactionId={transactionId} />}
  </section>
);

type NoticesProps = { notices: readonly BenchNotice[]; onGo: GoTo };

export const Notices = ({ notices, onGo }: NoticesProps): ReactNode =>
  notices.length > 0 && (
    <section className={styles.block} data-kind="warning">
      <h3>
        <IconAlertTriangle size={15} aria-hidden /> Worth a thought
      </h3>
      <ul>
        {notices.map(({ path, text }) => (
          <Entry key={`${path} ${text}`} place={{ path }} onGo={onGo}>
            {text}
          </Entry>
        ))}
      </ul>
    </section>
  );

const savePem = (pem: string): void => {
  const address = URL.createObjectURL(new Blob([pem], { type: 'application/x-pem-file' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'relay-bench-ca.pem';
  link.click();
  URL.revokeObjectURL(address);
};

export const CertificateAuthority = (): ReactNode => {
  const query = useQuery(api.certificateAuthority.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  return (
    <section className={styles.block}>
      <h3>Certificate authority</h3>
      {query.isError && <FailureNotice what="The certificate could not be read" error={query.error} />}
      {query.data && (
        <>
          <p>
            Signs the certificates of this engine’s listeners. A mail server that checks certificates has to
            trust it: in Postfix, <span className="mono">smtp_tls_CAfile</span>.
          </p>
          <p className={`mono ${styles.fingerprint}`}>SHA-256 {query.data.fingerprint256}</p>
          <p className="quiet" title={utcTime(query.data.notAfter)}>
            Valid until {new Date(query.data.notAfter).toLocaleDateString('en-GB', { dateStyle: 'long' })}
          </p>
          <div className={styles.caActions}>
            <Button
              variant="default"
              leftSection={<IconDownload size={14} />}
              onClick={() => savePem(query.data.pem)}
            >
              Save certificate
            </Button>
            <Copy value={query.data.pem} what="certificate" />
          </div>
        </>
      )}
    </section>
  );
};
