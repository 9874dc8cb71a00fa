/** The controls of the engine's clock: steps, pace, and the way back. What a step leads to is shown by the page around. */
import { Button, SegmentedControl } from '@mantine/core';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClockStep } from '../../relay-core/contract/index.ts';
import { FailureNotice } from '../design/failure-notice.tsx';
import styles from './clock.module.css';
import { useClockChange, useStep } from './clock-changes.ts';
import { aheadInWords } from './engine-time.ts';
import { StartOver } from './start-over.tsx';
import { useClockReading } from './use-engine-time.ts';

const steps = [
  { minutes: 10, label: '10 min' },
  { minutes: 60, label: '1 h' },
  { minutes: 1_440, label: '24 h' },
] as const;

const paces = [1, 60, 3_600].map((speed) => ({ value: String(speed), label: `${speed}×` }));

/** Where the next place frees up: the step that leads there, and when; `at` is null where nothing is used. */
export type NextPlace = { step: ClockStep; at: string | null };

export const ClockControls = ({ nextPlace }: { nextPlace: NextPlace | null }): ReactNode => {
  const clock = useClockReading()?.clock;
  const step = useStep();
  const change = useClockChange();
  if (!clock) return null;
  const simulated = clock.mode === 'simulated';
  const ahead = aheadInWords(clock.offsetMs);
  const busy = step.isPending || change.isPending;
  const stepOn = (by: ClockStep): void => {
    change.reset();
    step.mutate(by);
  };
  return (
    <>
      <section className={styles.controls} aria-label="Clock">
        <h3 className="section">Clock</h3>
        <span className={styles.mode} data-simulated={simulated || undefined}>
          {simulated ? (ahead ? `${ahead} ahead` : 'simulated') : 'wall time'}
        </span>
        <fieldset className={styles.steps} aria-label="Step the clock on">
          {steps.map(({ minutes, label }) => (
            <Button
              key={minutes}
              variant="default"
              disabled={busy}
              aria-label={`Step on by ${label}`}
              title={`Step on by ${label}; then time runs at 1×`}
              onClick={() => stepOn({ minutes })}
            >
              +{label}
            </Button>
          ))}
          <Button
            variant="default"
            disabled={busy || nextPlace?.at === null || nextPlace === null}
            leftSection={<IconPlayerTrackNext size={13} />}
            aria-label="Step on to the next free place"
            title={
              nextPlace?.at
                ? 'Step to where the next place of the window shown frees up'
                : 'Nothing is used in the window shown, so no place will free up'
            }
            onClick={() => nextPlace && stepOn(nextPlace.step)}
          >
            Next free place
          </Button>
        </fieldset>
        <SegmentedControl
          aria-label="Pace of the clock"
          data={paces}
          value={String(clock.speed)}
          disabled={busy}
          onChange={(speed) => {
            step.reset();
            change.mutate({ mode: 'simulated', speed: Number(speed) });
          }}
          transitionDuration={0}
        />
        <StartOver size="xs" disabled={!simulated} />
      </section>
      {step.isError && <FailureNotice what="The clock was not stepped on" error={step.error} />}
      {change.isError && <FailureNotice what="The clock’s pace was not changed" error={change.error} />}
    </>
  );
};
