/** The right side of the test sender: the verdict when it is there, and the dialogue, growing as it happens. */
import { Button, Loader } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { DialogueLine, SendResult } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy } from '../design/marks.tsx';
import { DialogueLog } from '../transactions/dialogue-lines.tsx';
import { dialogueText } from '../transactions/dialogue-text.ts';
import { Verdict } from '../transactions/verdict.tsx';
import styles from './send.module.css';

const Decided = ({ id }: { id: string }): ReactNode => {
  const query = useQuery(
    api.transactions.get.queryOptions({ input: { id }, staleTime: Number.POSITIVE_INFINITY }),
  );
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

const Undecided = ({ result }: { result: SendResult }): ReactNode => (
  <div className={styles.undecided} role="status">
    <IconPlugConnectedX size={18} aria-hidden />
    <div>
      <strong>The conversation ended before MAIL: this is no transaction.</strong>
      <p>{result.failure ?? 'The last reply below says why.'}</p>
    </div>
  </div>
);

type Props = {
  lines: readonly DialogueLine[];
  result: SendResult | undefined;
  pending: boolean;
  error: unknown;
};

export const Outcome = ({ lines, result, pending, error }: Props): ReactNode => {
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
