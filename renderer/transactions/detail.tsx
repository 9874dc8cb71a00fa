/** One transaction: the sentence, the facts, and four ways to look at it. A mark set in one is seen in the others. */
import { ActionIcon, Tabs } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { type DetailTab, detailTabs } from './address.ts';
import { ContentChecks } from './content-checks.tsx';
import { Copies } from './copies.tsx';
import { DecisionPath } from './decision-path.tsx';
import styles from './detail.module.css';
import { Dialogue } from './dialogue.tsx';
import { EnvelopeChange } from './envelope.tsx';
import { ConnectionFindings } from './findings.tsx';
import { linksOf, type Mark } from './links.ts';
import { MessageContent } from './message.tsx';
import { QuotaUse } from './quota-use.tsx';
import { SendAgain } from './send-again.tsx';
import { Verdict } from './verdict.tsx';

const tabLabels: Record<DetailTab, string> = {
  decision: 'Decision',
  dialogue: 'Dialogue',
  envelope: 'Envelope',
  message: 'Message',
};

/** From this width of the pane, in pixels, the dialogue stands beside the decision. */
const besideFromPx = 980;

const useMark = (id: string) => {
  const [mark, setMark] = useState<Mark | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another transaction has other lines and steps.
  useEffect(() => setMark(null), [id]);
  return [mark, setMark] as const;
};

const Content = ({ transaction, tab, wide }: { transaction: Transaction; tab: DetailTab; wide: boolean }) => {
  const [mark, setMark] = useMark(transaction.id);
  const links = linksOf(transaction, mark);
  const dialogue = (
    <Dialogue transaction={transaction} links={links} onMark={setMark} steps={wide ? 'beside' : 'below'} />
  );
  switch (tab) {
    case 'decision':
      return (
        <div className={styles.columns} data-wide={wide || undefined}>
          <div className={styles.scroll}>
            <DecisionPath
              transaction={transaction}
              links={links}
              onMark={setMark}
              reply={wide ? 'beside' : 'here'}
            />
            <ConnectionFindings sessionId={transaction.sessionId} />
            {transaction.content && <ContentChecks content={transaction.content} id={transaction.id} />}
            {transaction.storage && <Copies copies={transaction.storage} />}
            <QuotaUse changes={transaction.quota} />
          </div>
          {wide && <div className={styles.besideDialogue}>{dialogue}</div>}
        </div>
      );
    case 'dialogue':
      return dialogue;
    case 'envelope':
      return <EnvelopeChange transaction={transaction} />;
    case 'message':
      return <MessageContent transaction={transaction} />;
  }
};

type Props = { id: string; tab: DetailTab; onTab: (tab: DetailTab) => void; onClose: () => void };

export const Detail = ({ id, tab, onTab, onClose }: Props): ReactNode => {
  const { ref, width } = useElementSize();
  const query = useQuery(
    api.transactions.get.queryOptions({
      input: { id },
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
    }),
  );
  const closeButton = (
    <ActionIcon aria-label="Close the transaction" title="Close (Esc)" onClick={onClose}>
      <IconX size={16} />
    </ActionIcon>
  );
  return (
    <section
      ref={ref}
      className={styles.detail}
      aria-label="Transaction"
      aria-busy={query.isPlaceholderData || query.isPending}
    >
      {query.isError && (
        <div className={styles.failed}>
          <FailureNotice
            what="This transaction could not be read"
            error={query.error}
            retry={() => void query.refetch()}
          />
          {closeButton}
        </div>
      )}
      {query.data && !query.isError && (
        <>
          <Verdict
            transaction={query.data}
            end={
              <>
                <SendAgain key={query.data.id} transaction={query.data} />
                {closeButton}
              </>
            }
          />
          <Tabs
            value={tab}
            onChange={(next) => onTab(detailTabs.find((one) => one === next) ?? 'decision')}
            className={styles.tabs ?? ''}
            keepMounted={false}
          >
            <Tabs.List>
              {detailTabs.map((one, index) => (
                <Tabs.Tab key={one} value={one} title={`${tabLabels[one]} (${index + 1})`}>
                  {tabLabels[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value={tab} className={styles.panel ?? ''}>
              <Content transaction={query.data} tab={tab} wide={width >= besideFromPx} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </section>
  );
};
