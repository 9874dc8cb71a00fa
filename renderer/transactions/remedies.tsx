/** What would make a refused transaction pass: who acts, in one sentence, and for settings a button that puts the change into the bench file's draft. */
import { Button } from '@mantine/core';
import { IconClockHour4, IconServer2, IconSettings } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import type { PatchOperation, Remedy, Transaction } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy } from '../design/marks.tsx';
import { currentDraft, isEdited, setDraft } from '../settings/draft.ts';
import { fullWindowOf, MoveClock, UndoFills } from './bench-remedies.tsx';
import styles from './remedies.module.css';

const sides: Record<Remedy['side'], { word: string; icon: ReactNode }> = {
  client: { word: 'Client', icon: <IconServer2 size={14} /> },
  wait: { word: 'Wait', icon: <IconClockHour4 size={14} /> },
  settings: { word: 'Settings', icon: <IconSettings size={14} /> },
};

/** Opens Settings with the change in the draft, beside its edits: it is seen there before it is saved. */
const useDraftChange = (transactionId: string) => {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (change: PatchOperation[]) => {
      const draft = currentDraft();
      const edited = isEdited(draft) ? draft : null;
      const { yaml: running } = edited ? { yaml: edited.running } : await client.bench.read();
      const changed = await client.bench.draft({ change, ...(edited ? { yaml: edited.text } : {}) });
      setDraft({
        // A draft with edits began from the file it began from: if that was replaced since, saving will ask.
        version: edited?.version ?? changed.version,
        running,
        text: changed.yaml,
        putIn: { transactionId, lines: changed.lines },
      });
    },
    onSuccess: () => void navigate('/settings'),
  });
};

export const Remedies = ({ transaction }: { transaction: Transaction }): ReactNode => {
  const { decision, id } = transaction;
  const draft = useDraftChange(id);
  const { remedies, noRemedyReason } = decision;
  const full = fullWindowOf(transaction);
  if (remedies.length === 0) {
    return noRemedyReason === null ? null : <p className={styles.none}>{noRemedyReason}</p>;
  }
  return (
    <section className={styles.remedies} aria-label="What would make it pass">
      <h3 className="section">Would pass with any one of these</h3>
      <ol>
        {remedies.map(({ side, text, change, until }) => (
          <li key={text} data-side={side}>
            <span className={styles.side}>
              {sides[side].icon} {sides[side].word}
            </span>
            <span className={styles.text}>
              {text}
              {until !== undefined && <MoveClock until={until} />}
            </span>
            {change ? (
              <Button
                size="compact-xs"
                variant="default"
                loading={draft.isPending && draft.variables === change}
                className={styles.put ?? ''}
                title="Opens Settings with this change, to be looked at and saved"
                onClick={() => draft.mutate(change)}
              >
                Put into settings
              </Button>
            ) : (
              <Copy value={text} what="this advice" />
            )}
          </li>
        ))}
        {full && <UndoFills full={full} />}
      </ol>
      {draft.isError && (
        <>
          <FailureNotice what="The change was not put into the settings" error={draft.error} />
          <Button component={Link} to="/settings" variant="default" mx="sm">
            Open Settings
          </Button>
        </>
      )}
    </section>
  );
};
