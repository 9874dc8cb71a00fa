/** The right side of the test sender: the verdict when it is there, and the dialogue, growing as it happens. */
import { Button, Loader, VisuallyHidden } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { DialogueLine, SendResult } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy, RulePill } from '../design/marks.tsx';
import { SeverityMark } from '../design/severity.tsx';
import { connectionPlace } from '../findings/address.ts';
import { DialogueLog } from '../transactions/dialogue-lines.tsx';
import { dialogueText } from '../transactions/dialogue-text.ts';
import { sentenceOf } from '../transactions/sentence.ts';
import { Verdict } from '../transactions/verdict.tsx';
import styles from './send.module.css';
import { sessionOfDialogue } from './session-of-dialogue.ts';

const useTransaction = (id: string | null) =>
  useQuery({
    ...api.transactions.get.queryOptions({ input: { id: id ?? '' }, staleTime: Number.POSITIVE_INFINITY }),
    enabled: id !== null,
  });

const Decided = ({ id }: { id: string }): ReactNode => {
  const query = useTransaction(id);
  if (query.isError) return <FailureNotice what="The transaction could not be read" error={query.error} />;
  return (
    query.data && (
      <Verdict
        transaction={query.data}
        end={
          <Button component={Link} to={`/transactions/${encodeURIComponent(id)}`} size="compact-xs">
            Open the transaction
          </Button>
        }
      />
    )
  );
};

/** What was found in the connection that a result came of, while there is no transaction to tell. */
const useFindings = (result: SendResult | undefined) => {
  const id = result?.transactionId === null ? sessionOfDialogue(result.dialogue) : null;
  const query = useQuery({
    ...api.sessions.get.queryOptions({ input: { id: id ?? '' }, staleTime: Number.POSITIVE_INFINITY }),
    enabled: id !== null,
  });
  return { id, findings: query.data?.findings ?? [] };
};

const endedBefore = 'The conversation ended before MAIL: this is no transaction.';

const Undecided = ({ result }: { result: SendResult }): ReactNode => {
  const { id, findings } = useFindings(result);
  return (
    <div className={styles.undecided}>
      <IconPlugConnectedX size={18} aria-hidden />
      <div>
        <strong>{endedBefore}</strong>
        {(result.failure || findings.length === 0) && (
          <p>{result.failure ?? 'The last reply below says why.'}</p>
        )}
        <ul aria-label="Seen in this connection">
          {findings.map(({ rule, severity, text, fix }) => (
            <li key={`${rule} ${text}`}>
              <SeverityMark severity={severity} /> {text} {fix && <span className="quiet">{fix}</span>}{' '}
              <RulePill rule={rule} place="text" />
            </li>
          ))}
        </ul>
        {id !== null && findings.length > 0 && <Link to={connectionPlace(id)}>Whole connection</Link>}
      </div>
    </div>
  );
};

/**
 * What a screen reader says when it is there: the verdict alone, the dialogue is read line by line when it is wanted.
 * The element stands from the beginning, since what comes with its words is not always spoken.
 */
const Spoken = ({ result, pending }: Pick<Props, 'result' | 'pending'>): ReactNode => {
  const { data } = useTransaction(result?.transactionId ?? null);
  const { findings } = useFindings(result);
  const undecided = [endedBefore, result?.failure ?? '', ...findings.map(({ text }) => text)]
    .join(' ')
    .trim();
  const words =
    pending || !result ? '' : result.transactionId === null ? undecided : data && sentenceOf(data);
  return <VisuallyHidden role="status">{words}</VisuallyHidden>;
};

type Props = {
  lines: readonly DialogueLine[];
  result: SendResult | undefined;
  pending: boolean;
  error: unknown;
};

export const Outcome = (props: Props): ReactNode => (
  <>
    <Spoken result={props.result} pending={props.pending} />
    <Shown {...props} />
  </>
);

const Shown = ({ lines, result, pending, error }: Props): ReactNode => {
  if (!pending && !result && !error)
    return (
      <EmptyState title="The dialogue will stand here">
        Fill in the form and press Send (Ctrl Enter). Each command and reply appears as it happens; when the
        relay has decided, its verdict stands on top. Nothing leaves this machine.
      </EmptyState>
    );
  return (
    <div className={styles.outcome}>
      {error !== null && error !== undefined && (
        <FailureNotice what="The message was not sent" error={error} />
      )}
      {result?.transactionId && <Decided id={result.transactionId} />}
      {result && result.transactionId === null && <Undecided result={result} />}
      {result?.transactionId && result.failure && <p className={styles.failure}>{result.failure}</p>}
      {(lines.length > 0 || pending) && (
        <div className={styles.dialogueHead}>
          <span className="section">Dialogue</span>
          {pending && (
            <>
              <Loader size={12} /> <span className="quiet">sending</span>
            </>
          )}
          <span className={styles.end}>
            <Copy value={dialogueText(lines)} what="dialogue as text" />
          </span>
        </div>
      )}
      <DialogueLog lines={lines} />
    </div>
  );
};
