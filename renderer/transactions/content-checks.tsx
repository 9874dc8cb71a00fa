/** What was looked for in the message, and found; with a footer, the message as it would have been relayed. */
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ContentVerdict } from '../../relay-core/contract/index.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy, RulePill } from '../design/marks.tsx';
import { appendedFooters, type ContentLine, contentLines } from './content-words.ts';
import styles from './kept.module.css';
import { saveMessage } from './message-file.ts';

const sign: Record<ContentLine['state'], string> = { good: '✓', bad: '✕', changed: '+', open: '!' };

const Footers = ({ footers, id }: { footers: readonly string[]; id: string }): ReactNode => {
  const save = useMutation({ mutationFn: () => saveMessage(id, 'relayed') });
  return (
    <div className={styles.footers}>
      {footers.map((footer) => (
        <blockquote key={footer}>
          <pre>{footer}</pre>
          <Copy value={footer} what="footer" />
        </blockquote>
      ))}
      <Button
        variant="default"
        leftSection={<IconDownload size={14} />}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        Save as relayed, .eml
      </Button>
      {save.isError && <FailureNotice what="The message could not be saved" error={save.error} />}
    </div>
  );
};

export const ContentChecks = ({ content, id }: { content: ContentVerdict; id: string }): ReactNode => {
  const footers = appendedFooters(content);
  return (
    <section className={styles.kept} aria-label="Content checks">
      <h3 className="section">
        Content checks <RulePill rule="FIL-1" place="text" />
      </h3>
      <dl>
        {contentLines(content).map(({ check, state, result, detail }) => (
          <div key={`${check} ${detail}`}>
            <dt>{check}</dt>
            <dd data-state={state}>
              <strong>
                {sign[state]} {result}
              </strong>{' '}
              <span>{detail}</span>
            </dd>
          </div>
        ))}
      </dl>
      {footers.length > 0 && <Footers footers={footers} id={id} />}
    </section>
  );
};
