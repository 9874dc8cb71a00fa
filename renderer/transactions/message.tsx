/** The content: headers, text, HTML, attachments, and the message as it arrived. */
import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { decodeWords } from 'postal-mime';
import { type ReactNode, useState } from 'react';
import type { MessageView, Transaction } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { EmptyState } from '../design/empty-state.tsx';
import { FailureNotice } from '../design/failure-notice.tsx';
import { bytes, count } from '../design/figures.ts';
import { Copy } from '../design/marks.tsx';
import { HtmlFrame } from './html-frame.tsx';
import styles from './message.module.css';
import { saveMessage } from './message-file.ts';

const parts = ['text', 'html', 'headers', 'attachments', 'raw'] as const;
type Part = (typeof parts)[number];

const partLabel = (part: Part, view: MessageView): string =>
  ({
    headers: 'Headers',
    text: 'Text',
    html: 'HTML',
    attachments: `Attachments (${view.attachments.length})`,
    raw: 'Raw',
  })[part];

const has = (part: Part, view: MessageView): boolean =>
  (part !== 'headers' || view.rawOnly === null) &&
  (part !== 'text' || view.text !== null) &&
  (part !== 'html' || view.html !== null) &&
  (part !== 'attachments' || view.attachments.length > 0);

/** What encoded words (RFC 2047) say, below them. */
const Decoded = ({ value }: { value: string }): ReactNode => {
  if (!value.includes('=?')) return null;
  const decoded = decodeWords(value);
  return decoded !== value && <div className={styles.decoded}>{decoded}</div>;
};

const Headers = ({ view }: { view: MessageView }): ReactNode => (
  <dl className={styles.headers}>
    {view.headers.map(({ name, value }, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and the message never changes.
      <div key={index}>
        <dt>{name}</dt>
        <dd className="mono">
          {value}
          <Decoded value={value} />
        </dd>
      </div>
    ))}
  </dl>
);

const Attachments = ({ view }: { view: MessageView }): ReactNode => (
  <ul className={styles.attachments}>
    {view.attachments.map(({ filename, contentType, size }) => (
      <li key={`${filename} ${size}`}>
        <strong>{filename}</strong> <span className="quiet">{contentType}</span> {bytes(size)}
      </li>
    ))}
  </ul>
);

const PartContent = ({ part, view }: { part: Part; view: MessageView }): ReactNode => {
  switch (part) {
    case 'headers':
      return <Headers view={view} />;
    case 'text':
      return <pre className={styles.text}>{view.text}</pre>;
    case 'html':
      return <HtmlFrame html={view.html ?? ''} />;
    case 'attachments':
      return <Attachments view={view} />;
    case 'raw':
      return (
        <>
          <pre className={`mono ${styles.text}`}>{view.raw}</pre>
          {view.rawTruncated && (
            <p className={styles.frameNote}>This is the first part. The .eml file holds the whole message.</p>
          )}
        </>
      );
  }
};

const Content = ({ view, id, size }: { view: MessageView; id: string; size: number }): ReactNode => {
  const offered = parts.filter((part) => has(part, view));
  const [chosen, setChosen] = useState<Part>(offered[0] ?? 'raw');
  const save = useMutation({ mutationFn: () => saveMessage(id, 'arrived') });
  const copied = chosen === 'text' ? view.text : chosen === 'raw' ? view.raw : null;
  return (
    <div className={styles.message}>
      <div className={styles.bar}>
        <SegmentedControl
          aria-label="Part of the message"
          data={offered.map((part) => ({ value: part, label: partLabel(part, view) }))}
          value={chosen}
          onChange={(value) => setChosen(parts.find((part) => part === value) ?? 'headers')}
          transitionDuration={0}
        />
        {copied !== null && <Copy value={copied} what={partLabel(chosen, view).toLowerCase()} />}
        <Button
          ml="auto"
          variant="default"
          leftSection={<IconDownload size={14} />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save .eml, {bytes(size)}
        </Button>
      </div>
      {save.isError && <FailureNotice what="The message could not be saved" error={save.error} />}
      {view.rawOnly !== null && <p className={styles.rawOnly}>{view.rawOnly}</p>}
      <div className={styles.part} data-part={chosen}>
        <PartContent part={chosen} view={view} />
      </div>
    </div>
  );
};

export const MessageContent = ({ transaction }: { transaction: Transaction }): ReactNode => {
  const { id, message, envelope } = transaction;
  const query = useQuery({
    ...api.transactions.message.queryOptions({ input: { id }, staleTime: Number.POSITIVE_INFINITY }),
    enabled: message !== null,
  });
  if (message === null)
    return (
      <EmptyState title="No content was taken">
        The transaction ended before its content: the relay answers DATA with its refusal, so that a client
        need not send what would be refused. {count(envelope.before.to.length, 'recipient')} had been named.
      </EmptyState>
    );
  if (query.isError)
    return (
      <FailureNotice
        what="The message could not be read"
        error={query.error}
        retry={() => void query.refetch()}
      />
    );
  return query.data && <Content key={id} view={query.data} id={id} size={message.size} />;
};
