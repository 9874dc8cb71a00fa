/**
 * What people do with the engine's clock: step it on, run it fast, start over. Each change is kept with the ledger
 * before it holds, so that a killed engine goes on with the same time.
 */
import type { SpamWatch } from './abuse/spam-watch.ts';
import { type ClockSetting, lastMoment, type MovableClock, mayHaveRunOnMs } from './clock.ts';
import type { QuotaCounts } from './quota/types.ts';
import type { Kept, Store } from './store/types.ts';

/** A change that was made, or why it was not: for people. */
export type Done = { readonly outcome: 'done' } | Refused;

export interface Refused {
  readonly outcome: 'refused';
  readonly message: string;
  readonly hint?: string;
  /** The input key that is in the way. */
  readonly path?: string;
}

export interface ClockControl {
  /** Steps to a later time; from there time runs on at 1×. */
  moveTo(at: number): Done;
  /** Steps on by so many milliseconds: the offset grows by exactly these. */
  stepBy(byMs: number): Done;
  /** Runs at so many engine seconds a second from now on, the offset kept. */
  run(speed: number): Done;
  /** Back to wall time, with empty windows and no suspension for spam. Places held by open transactions stay held. */
  startOver(): Done;
  /** Stops keeping the setting of a fast clock; keeps it for the last time, as one that was stopped in order. */
  stop(): void;
}

export interface ClockParts {
  readonly clock: MovableClock;
  readonly store: Pick<Store, 'keepClock' | 'startOver'>;
  readonly counts: Pick<QuotaCounts, 'startOver'>;
  readonly spamWatch: Pick<SpamWatch, 'startOver'>;
  /** Time moves, or was moved: whoever watches wants to know. */
  readonly onMoved: () => void;
}

const tickMs = mayHaveRunOnMs / 2;

export function createClockControl({ clock, store, counts, spamWatch, onMoved }: ClockParts): ClockControl {
  /** The offset of a fast clock grows. A setting that cannot be kept now is kept a second later. */
  function keepIfFast(): void {
    if (clock.state().speed !== 1) store.keepClock(clock.setting());
  }

  // From here on it runs again: what was kept when it was stopped does not hold any more.
  keepIfFast();
  // A simulated clock is shown, so it has to be seen to go; wall time everybody has.
  const tick = setInterval(() => {
    if (clock.state().mode === 'real') return;
    keepIfFast();
    onMoved();
  }, tickMs);
  tick.unref();

  /** Keeps the setting that would be, then brings it about. */
  function change(next: ClockSetting, apply: () => void): Done {
    const kept = store.keepClock(next);
    if (kept.outcome !== 'kept') return notKept(kept);
    apply();
    onMoved();
    return { outcome: 'done' };
  }

  return {
    moveTo(at) {
      const { now, offsetMs } = clock.state();
      if (at < now) return jumpBack(at, now);
      if (at > lastMoment) return tooFar;
      const next = {
        ...clock.setting(),
        mode: 'simulated',
        speed: 1,
        offsetMs: offsetMs + at - now,
      } as const;
      return change(next, () => clock.simulate(at, 1));
    },
    stepBy(byMs) {
      const { now } = clock.state();
      if (byMs < 0) return jumpBack(now + byMs, now);
      if (now + byMs > lastMoment) return tooFar;
      const setting = clock.setting();
      const offsetMs = setting.offsetMs + byMs;
      const next = { ...setting, mode: 'simulated', speed: 1, offsetMs } as const;
      return change(next, () => clock.step(byMs));
    },
    run(speed) {
      const next = { ...clock.setting(), mode: 'simulated', speed } as const;
      return change(next, () => clock.simulate(clock.now(), speed));
    },
    startOver() {
      const kept = store.startOver({ ...clock.setting(), mode: 'real', speed: 1, offsetMs: 0 });
      if (kept.outcome !== 'kept') return notKept(kept);
      clock.startOver();
      counts.startOver();
      spamWatch.startOver();
      onMoved();
      return { outcome: 'done' };
    },
    stop() {
      clearInterval(tick);
      if (clock.state().mode === 'simulated') store.keepClock({ ...clock.setting(), after: 'stopped' });
    },
  };
}

function jumpBack(at: number, now: number): Refused {
  return {
    outcome: 'refused',
    message: `It is ${iso(now)} on the engine's clock; it cannot go back to ${iso(at)}, since what was counted since then would be counted before it was sent.`,
    hint: 'Start over (mode: real) to return to wall time with empty windows.',
  };
}

const tooFar: Refused = {
  outcome: 'refused',
  message: 'The engine’s clock ends with the year 9999.',
  hint: 'Start over (mode: real) to return to wall time with empty windows.',
};

function notKept({ detail }: Exclude<Kept, { outcome: 'kept' }>): Refused {
  return { outcome: 'refused', message: `The change could not be kept, and was not made: ${detail}` };
}

/** Times before 1970 or after 9999 have no place in a sentence; they are bounded first. */
function iso(epochMs: number): string {
  return new Date(Math.min(lastMoment, Math.max(0, epochMs))).toISOString();
}
