/** What would make a refused transaction pass: who acts, in one sentence, and for settings a button that puts the change into the bench file's draft. */
import { Button } from '@mantine/core';
import { IconClockHour4, IconServer2, IconSettings } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { DecisionView, PatchOperation, Remedy } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { Copy } from '../design/marks.tsx';
import { currentDraft, isEdited, setDraft } from '../settings/draft.ts';
import styles from './remedies.module.css';

const sides: Record<Remedy['side'], { word: string; icon: ReactNode }> = {
  client: { word: 'Client', icon: <IconServer2 size={14} /> },
  wait: { word: 'Wait', icon: <IconClockHour4 size={14} /> },
  settings: { word: 'Settings', icon: <IconSettings size={14} /> },
};

/** Edits that are not saved yet are nobody's to throw away. */
class DraftInTheWay extends Error {
  constructor() {
    super(
      'The bench file has edits that are not saved. Save them or take them back in Settings, then come again.',
    );
  }
}

/** Opens Settings with the change in the draft: it is seen there before it is saved. */
const useDraftChange = () => {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (change: PatchOperation[]) => {
      if (isEdited(currentDraft())) throw new DraftInTheWay();
      const [running, changed] = await Promise.all([client.bench.read(), client.bench.draft({ change })]);
      setDraft({ version: changed.version, running: running.yaml, text: changed.yaml });
    },
    onSuccess: () => void navigate('/settings'),
  });
};

export const Remedies = ({ decision }: { decision: DecisionView }): ReactNode => {
  const draft = useDraftChange();
  const { remedies, noRemedyReason } = decision;
  if (remedies.length === 0) {
    return noRemedyReason === null ? null : <p className={styles.none}>{noRemedyReason}</p>;
  }
  return (
    <section className={styles.remedies} aria-label="What would make it pass">
      <h3 className="section">Would pass with any one of these</h3>
      <ol>
        {remedies.map(({ side, text, change }) => (
          <li key={text} data-side={side}>
            <span className={styles.side}>
              {sides[side].icon} {sides[side].word}
            </span>
            <span className={styles.text}>{text}</span>
            {change ? (
              <Button
                size="compact-xs"
                variant="default"
                loading={draft.isPending && draft.variables === change}
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
      </ol>
      {draft.isError && <FailureNotice what="The change was not put into the settings" error={draft.error} />}
    </section>
  );
};
