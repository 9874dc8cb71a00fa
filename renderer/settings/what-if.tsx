/** "What if" beside the bench file: how the stored transactions would have ended under the draft, and which of them otherwise. */
import { Button, CloseButton, Progress } from '@mantine/core';
import { IconArrowRight, IconFlask } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Difference, WhatIfResult } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { failureOf } from '../api/failure.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count, figure } from '../design/figures.ts';
import { RulePill } from '../design/marks.tsx';
import styles from './settings.module.css';
import { endTrial, type Trial, tryDraft, useTrial } from './trying.ts';
import own from './what-if.module.css';

/** Runs the draft over what is stored. */
export const WhatIfButton = ({ draft }: { draft: string }): ReactNode => {
  const { state } = useTrial();
  return (
    <Button
      variant="default"
      loading={state === 'running'}
      leftSection={<IconFlask size={14} />}
      title="How the stored transactions would have ended under this draft"
      onClick={() => void tryDraft(draft)}
    >
      What if
    </Button>
  );
};

/** What came of it; nothing while no draft was tried. A draft that cannot be read is told as such beside it. */
export const WhatIf = ({ draft }: { draft: string }): ReactNode => {
  const trial = useTrial();
  if (trial.state === 'none') return null;
  return (
    <section className={styles.block} aria-label="What if">
      <div className={own.head}>
        <h3>
          <IconFlask size={15} aria-hidden /> What if
        </h3>
        <CloseButton size="xs" aria-label="Put the result away" onClick={endTrial} />
      </div>
      {trial.draft !== draft && (
        <p className={own.earlier}>Of an earlier draft; run it again for this one.</p>
      )}
      <Outcome trial={trial} />
    </section>
  );
};

const Outcome = ({ trial }: { trial: Exclude<Trial, { state: 'none' }> }): ReactNode => {
  switch (trial.state) {
    case 'running':
      return <Running done={trial.done} total={trial.total} />;
    case 'failed':
      return failureOf(trial.error).problems.length > 0 ? (
        <p role="status">This draft has mistakes. Mend them, and run it again.</p>
      ) : (
        <FailureNotice what="The draft could not be tried" error={trial.error} />
      );
    case 'done':
      return <Result result={trial.result} />;
  }
};

const Running = ({ done, total }: { done: number; total: number | null }): ReactNode => (
  <div role="status">
    <p>
      {total === null ? 'Asking again …' : `${figure(done)} of ${count(total, 'transaction')} asked again`}
    </p>
    <Progress
      value={total === null || total === 0 ? 0 : (done / total) * 100}
      size="sm"
      aria-label="Transactions asked again"
    />
  </div>
);

type Row = { label: string; title: string; value: number; kind: string };

const rowsOf = (result: WhatIfResult): Row[] => [
  {
    label: 'Newly refused',
    title: 'Accepted then, refused now',
    value: result.newlyRejected,
    kind: 'refused',
  },
  {
    label: 'Newly accepted',
    title: 'Refused then, accepted now',
    value: result.newlyAccepted,
    kind: 'accepted',
  },
  {
    label: 'Other envelope',
    title: 'Accepted as before, with another sender after rewriting, or other recipients',
    value: result.envelopeChanged,
    kind: 'changed',
  },
  { label: 'The same', title: 'Accepted or refused as before', value: result.same, kind: 'same' },
  {
    label: 'Cannot be told',
    title: 'Refused before the recipients were known and now past that, or broken off by the client',
    value: result.undetermined,
    kind: 'same',
  },
];

const Result = ({ result }: { result: WhatIfResult }): ReactNode => {
  const rules = Object.entries(result.byRule);
  return (
    <>
      <p role="status">
        {result.total === 0
          ? 'Nothing is stored yet that could be asked again.'
          : `Of ${count(result.total, 'stored transaction')}, asked again in order, with quotas counted anew:`}
      </p>
      <dl className={own.counts}>
        {rowsOf(result).map(({ label, title, value, kind }) => (
          <div key={label} title={title} data-kind={value > 0 ? kind : 'same'}>
            <dt>{label}</dt>
            <dd>{figure(value)}</dd>
          </div>
        ))}
      </dl>
      {rules.length > 0 && (
        <>
          <h4 className={own.part}>Newly refused, by rule</h4>
          <dl className={own.counts}>
            {rules.map(([rule, value]) => (
              <div key={rule}>
                <dt>
                  <RulePill rule={rule} place="text" />
                </dt>
                <dd>{figure(value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {result.differencesKept > 0 && <Differences result={result} />}
      <p className="quiet">
        Connection, sign-in and content count as recorded. Windows filled in by hand are not part of it.
      </p>
    </>
  );
};

const pageSize = 20;

const Differences = ({ result: { resultId, differencesKept } }: { result: WhatIfResult }): ReactNode => {
  const list = useInfiniteQuery(
    api.whatIf.differences.infiniteOptions({
      input: (cursor: string | undefined) => ({ resultId, limit: pageSize, ...(cursor ? { cursor } : {}) }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <h4 className={own.part}>{count(differencesKept, 'difference')}, the newest first</h4>
      {list.isError && <FailureNotice what="The differences could not be read" error={list.error} />}
      <ul className={own.differences}>
        {items.map((difference) => (
          <Change key={difference.transactionId} difference={difference} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
};

const Change = ({ difference }: { difference: Difference }): ReactNode => {
  const { transactionId, from, to, before, after, kind } = difference;
  const [first = ''] = to;
  return (
    <li>
      <Link
        to={`/transactions/${encodeURIComponent(transactionId)}`}
        className={own.transaction ?? ''}
        title={`${from || '<>'} to ${to.join(', ')}`}
      >
        {from || '<>'} → {first}
        {to.length > 1 && ` +${to.length - 1}`}
      </Link>
      <span className={own.change} data-kind={kind}>
        {kind === 'envelope-changed' ? (
          <Envelope before={before} after={after} />
        ) : (
          <>
            <span className="mono">{before.replyCode ?? before.outcome}</span>
            {before.rule !== null && <RulePill rule={before.rule} place="text" />}
            <IconArrowRight size={12} aria-label="becomes" />
            <span className={own.after}>{after.outcome === 'accepted' ? 'accepted' : 'refused'}</span>
            {after.rule !== null && <RulePill rule={after.rule} place="text" />}
          </>
        )}
      </span>
    </li>
  );
};

const Envelope = ({ before, after }: Pick<Difference, 'before' | 'after'>): ReactNode =>
  before.from === after.from ? (
    <>
      {count(before.recipients, 'recipient')} <IconArrowRight size={12} aria-label="becomes" />{' '}
      {figure(after.recipients)}
    </>
  ) : (
    <>
      {before.from || '<>'} <IconArrowRight size={12} aria-label="becomes" /> {after.from || '<>'}
    </>
  );
