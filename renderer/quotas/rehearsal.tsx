/** One press for the refusal people come to see, and the way back from all fills. */
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconBolt } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, client } from '../api/client.ts';
import { useReadQuotasAgain } from '../clock/clock-changes.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count } from '../design/figures.ts';
import styles from './quotas.module.css';
import { type FillLeft, provokeRefusal } from './refusal-on-purpose.ts';
import { rehearsalOffers } from './rehearsal-offers.ts';

const pathOf = (id: string): string => `/transactions/${encodeURIComponent(id)}`;

/** What is left of a fill that showed no refusal, and how to be rid of it. */
const fillWords: Record<FillLeft, string> = {
  none: 'Nothing was filled.',
  'taken-out': 'The fill was taken out again.',
  stays: 'The fill stays: “Undo fills” takes it out, together with all others.',
};

/** A longer bench file is not read only to say who comes first in it, since that would hold the page up. */
const readUpToCharacters = 200_000;

const firstSenderIn = ({ yaml }: { yaml: string }): string | undefined =>
  yaml.length > readUpToCharacters ? undefined : rehearsalOffers(yaml).firstSender;

/** Who it is done with: the user that is shown, or else the first of the bench file that may send. */
const useWhom = (user: string | undefined): string => {
  const { data } = useQuery(
    api.bench.read.queryOptions({
      enabled: user === undefined,
      select: firstSenderIn,
    }),
  );
  return user ?? data ?? 'the first user that may send';
};

export const Rehearsal = ({ user }: { user: string | undefined }): ReactNode => {
  const navigate = useNavigate();
  const readAgain = useReadQuotasAgain();
  const undo = useMutation({ mutationFn: () => client.quotas.removeFills(), onSuccess: readAgain });
  const show = useMutation({
    mutationFn: () => provokeRefusal(user),
    onSettled: readAgain,
    onSuccess: (provoked) => {
      if (provoked.outcome === 'refused') void navigate(pathOf(provoked.id));
    },
  });
  const came = show.data;
  const whom = useWhom(user);
  return (
    <>
      <section className={styles.rehearsal} aria-label="Rehearsal">
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={14} />}
          loading={undo.isPending}
          title="Takes out everything that was filled in, in all windows"
          onClick={() => {
            show.reset();
            undo.mutate();
          }}
        >
          Undo fills
        </Button>
        <Button
          leftSection={<IconBolt size={14} />}
          loading={show.isPending}
          title={`Fills the messages window of ${whom}, sends one message more as that user, and opens its refusal`}
          onClick={() => {
            undo.reset();
            show.mutate();
          }}
        >
          Show me 550 5.4.5
        </Button>
        <span className={`quiet ${styles.whom}`}>fills the messages of {whom}</span>
      </section>
      {undo.data && (
        <p className={styles.said} role="status">
          {undo.data.removed === 0
            ? 'Nothing was filled in.'
            : `Undone: ${count(undo.data.removed, 'fill')}. What was sent still counts.`}
        </p>
      )}
      {undo.isError && <FailureNotice what="The fills were not undone" error={undo.error} />}
      {show.isError && <FailureNotice what="550 5.4.5 could not be shown" error={show.error} />}
      {came?.outcome === 'not-tried' && (
        <p className={styles.said} role="alert">
          <strong>550 5.4.5 cannot be shown now.</strong> {came.message}
        </p>
      )}
      {came?.outcome === 'not-sent' && (
        <>
          <FailureNotice what="550 5.4.5 could not be shown" error={came.error} />
          <p className={styles.said}>{fillWords[came.fill]}</p>
        </>
      )}
      {came?.outcome === 'no-transaction' && (
        <p className={styles.said} role="alert">
          <strong>550 5.4.5 could not be shown.</strong> {came.message} {fillWords[came.fill]}
        </p>
      )}
      {came?.outcome === 'otherwise' && (
        <p className={styles.said} role="alert">
          <strong>The relay answered something else:</strong> {came.answer}. {fillWords[came.fill]}{' '}
          <Link to={pathOf(came.id)}>Open the transaction</Link>
        </p>
      )}
    </>
  );
};
