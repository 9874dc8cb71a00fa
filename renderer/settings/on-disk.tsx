/** The bench file on disk, where an editor or version control has changed it since it was loaded. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { BenchOnDisk } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { count } from '../design/figures.ts';
import { type Draft, isEdited, setDraft } from './draft.ts';
import { problemSentences } from './problem-text.ts';
import styles from './settings.module.css';

/** Asked when the page comes up and when one comes back to it: mostly from the editor that changed the file. */
const useOnDisk = (): BenchOnDisk | undefined =>
  useQuery(api.bench.disk.queryOptions({ staleTime: 0, refetchOnWindowFocus: 'always' })).data;

const firstProblem = ({ problems }: Extract<BenchOnDisk, { state: 'changed' }>): string => {
  const [first] = problems;
  if (first === undefined) return '';
  const line = first.line === undefined ? '' : `line ${first.line}: `;
  return `It could not run as it stands there (${count(problems.length, 'problem')}): ${line}${problemSentences(first).wrong}`;
};

/** A file that is gone or cannot be read: the bench runs on. */
const Unreadable = ({ title, children }: { title: string; children: string }): ReactNode => (
  <section className={styles.block} data-kind="disk" role="status">
    <h3>
      <IconAlertTriangle size={15} aria-hidden /> {title}
    </h3>
    <p>{children}</p>
  </section>
);

type Props = {
  draft: Draft;
  /** Whether a draft is being saved. */
  saving: boolean;
  onSaveOver: () => void;
};

export const ChangedOnDisk = ({ draft, saving, onSaveOver }: Props): ReactNode => {
  const onDisk = useOnDisk();
  const edited = isEdited(draft);
  if (onDisk?.state === 'missing')
    return (
      <Unreadable title="The file is no longer on disk">
        What runs is as before; saving writes the file again.
      </Unreadable>
    );
  if (onDisk?.state === 'unreadable')
    return (
      <Unreadable title="The file on disk cannot be read">{`${onDisk.message}. What runs is as before.`}</Unreadable>
    );
  if (onDisk?.state !== 'changed' || onDisk.version === draft.onDisk) return null;
  const { yaml, version } = onDisk;
  return (
    <section className={styles.block} data-kind="disk" role="status">
      <h3>
        <IconAlertTriangle size={15} aria-hidden /> The file on disk was changed since it was loaded
      </h3>
      <p>
        What runs is as before.{' '}
        {yaml === null
          ? firstProblem(onDisk)
          : 'To run what stands there, put it into the editor, look at it and save.'}
      </p>
      <div className={styles.conflict}>
        {yaml !== null && (
          <Button
            variant="default"
            onClick={() =>
              setDraft({ version: draft.version, running: draft.running, text: yaml, onDisk: version })
            }
          >
            {edited ? 'Put it in place of my edits' : 'Put it into the editor'}
          </Button>
        )}
        {edited && (
          <Button variant="default" loading={saving} onClick={onSaveOver}>
            Save my edits over it
          </Button>
        )}
      </div>
    </section>
  );
};
