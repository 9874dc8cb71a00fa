/** What this bench can do about a full window and the real service cannot: move its clock on, and take fills out again. */
import { Button } from '@mantine/core';
import { IconArrowBackUp, IconFlask, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  type QuotaChange,
  type QuotaWindowState,
  ruleOfWindow,
  type Transaction,
} from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';
import { quotasKey, useClockChange, useReadQuotasAgain } from '../clock/clock-changes.ts';
import { engineTimeAt } from '../clock/engine-time.ts';
import { useClockReading } from '../clock/use-engine-time.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import { count, figure } from '../design/figures.ts';
import { windowUnit } from '../design/quota-words.ts';
import styles from './remedies.module.css';

const sendAgain = 'Send the message again.';

/** Moves the engine's clock to the moment from which on it passes, as the controls under Quotas do. */
export const MoveClock = ({ until }: { until: string }): ReactNode => {
  const reading = useClockReading();
  const change = useClockChange();
  if (!reading) return null;
  const isPast = engineTimeAt(reading, Date.now()) >= Date.parse(until);
  return (
    <div className={styles.bench}>
      {isPast ? (
        <span role="status">
          {change.data ? 'The clock is there now.' : 'That is past.'} {sendAgain}
        </span>
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlayerTrackNext size={12} />}
          loading={change.isPending}
          title="Moves the engine’s clock on to that moment; from there time runs at 1×"
          onClick={() => change.mutate({ mode: 'simulated', now: until, speed: 1 })}
        >
          Move the clock there
        </Button>
      )}
      {change.isError && <FailureNotice what="The clock was not moved" error={change.error} />}
    </div>
  );
};

/** The window that a refusal comes from; undefined for refusals that no window makes. */
export const fullWindowOf = ({ decision, quota }: Transaction): QuotaChange | undefined =>
  decision.outcome === 'rejected'
    ? quota.find(({ window }) => ruleOfWindow[window] === decision.rule)
    : undefined;

/** Whether a window has room again once what was filled in by hand is taken out. */
export const isFullByFills = ({ used, reserved, limit, simulated }: QuotaWindowState): boolean =>
  simulated > 0 && used + reserved >= limit && used + reserved - simulated < limit;

/** More users than these do not hold one's address within theirs. */
const namesakes = 100;

const useWindow = (wanted: QuotaChange) => {
  const { window, user } = wanted;
  return useQuery({
    queryKey: [quotasKey, 'one', window, user],
    queryFn: () => client.quotas.list({ limit: user === undefined ? 0 : namesakes, search: user ?? '' }),
    select: ({ windows }) => windows.find((state) => state.window === window && state.user === user) ?? null,
    staleTime: 0,
  });
};

/** A row of its own among the remedies, for as long as the window is full by what was filled in. */
export const UndoFills = ({ full }: { full: QuotaChange }): ReactNode => {
  const state = useWindow(full).data;
  const readAgain = useReadQuotasAgain();
  const undo = useMutation({ mutationFn: () => client.quotas.removeFills(), onSuccess: readAgain });
  if (!undo.data && !(state && isFullByFills(state))) return null;
  return (
    <li>
      <span className={styles.side}>
        <IconFlask size={14} /> Bench
      </span>
      <span className={styles.text}>
        {undo.data ? (
          <span role="status">
            Undone: {count(undo.data.removed, 'fill')}. {sendAgain}
          </span>
        ) : (
          state &&
          `${figure(state.simulated)} of the ${windowUnit[full.window]} were filled in by hand: take them out.`
        )}
        {undo.isError && <FailureNotice what="The fills were not undone" error={undo.error} />}
      </span>
      {!undo.data && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconArrowBackUp size={12} />}
          loading={undo.isPending}
          className={styles.put ?? ''}
          title="Takes out everything that was filled in, in all windows"
          onClick={() => undo.mutate()}
        >
          Undo fills
        </Button>
      )}
    </li>
  );
};
