/** "What if" beside the bench file: how the stored transactions would end under the draft, and which of them otherwise than under the running file. */
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
import { rowsOf } from './what-if-rows.ts';

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

type Count = { label: string; title: string; value: number; kind: string };

const countsOf = (result: WhatIfResult): Count[] => [
  {
    label: 'Newly refused',
    title: 'Accepted under the running file, refused under the draft',
    value: result.newlyRejected,
    kind: 'refused',
  },
  {
    label: 'Newly accepted',
    title: 'Refused under the running file, accepted under the draft',
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
    title: 'The record cannot tell, or it is not the draft’s work',
    value: result.undetermined,
    kind: 'same',
  },
];

/** Why nothing can be told, where that is so of any. */
const reasonsOf = ({ undeterminedBecause: because }: WhatIfResult): Pick<Count, 'label' | 'value'>[] =>
  [
    {
      label:
        'not the draft’s work: quotas stood otherwise then, by windows filled in, places held or other limits',
      value: because.countsOtherwise,
    },
    { label: 'not the draft’s work: another bench file decided then', value: because.fileOtherwise },
    {
      label: 'refused before the recipients were known, and past that under the draft',
      value: because.recipientsUnknown,
    },
    { label: 'broken off by the client', value: because.brokenOff },
  ].filter(({ value }) => value > 0);

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
        {countsOf(result).map(({ label, title, value, kind }) => (
          <div key={label} title={title} data-kind={value > 0 ? kind : 'same'}>
            <dt>{label}</dt>
            <dd>{figure(value)}</dd>
          </div>
        ))}
        {reasonsOf(result).map(({ label, value }) => (
          <div key={label} className={own.reason}>
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
        What the draft changes against the running file. Connection, sign-in and content count as recorded;
        windows filled in by hand are not part of it.
      </p>
    </>
  );
};

const pageSize = 100;

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
        {rowsOf(items).map(({ first, alike }) => (
          <Change key={first.transactionId} difference={first} alike={alike} />
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

const Change = ({ difference, alike }: { difference: Difference; alike: number }): ReactNode => {
  const { transactionId, from, to, before, beforeUnder, after, kind } = difference;
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
      {alike > 1 && (
        <span className={own.alike} title="So many alike, one behind the other; the link leads to the newest">
          × {figure(alike)}
        </span>
      )}
      <span className={own.change} data-kind={kind}>
        {beforeUnder === 'running-file' && 'under the running file: '}
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
