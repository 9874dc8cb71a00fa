/**
 * Engine time: what quota windows, records and charts go by. Real, or simulated: moved on by steps, or run faster than
 * wall time. It never goes back, but by starting over. Knows nothing of what lives by it.
 */

export interface ClockState {
  /** Epoch milliseconds of engine time. */
  readonly now: number;
  readonly mode: 'real' | 'simulated';
  /** Engine seconds for each second of wall time. */
  readonly speed: number;
  /** How far engine time is ahead of wall time, in milliseconds. */
  readonly offsetMs: number;
}

/** A clock's setting as it is kept, with the wall time at which it was so. */
export interface ClockSetting extends Omit<ClockState, 'now'> {
  readonly setAt: number;
  /** Whether the clock ran on from there, for nobody knows how long, or was stopped there in order. */
  readonly after: 'ran-on' | 'stopped';
}

export interface Clock {
  /** Epoch milliseconds, whole, never going back. */
  now(): number;
  state(): ClockState;
}

export interface MovableClock extends Clock {
  /** The state as it would be kept now, while the clock runs on. */
  setting(): ClockSetting;
  /** Simulated from now on: goes on from `at`, which is not before `now()`, with `speed`. */
  simulate(at: number, speed: number): void;
  /** Simulated from now on, at 1×: goes on so many milliseconds later than it stands, to the millisecond. */
  step(byMs: number): void;
  /** Wall time again, with no offset. The one way in which time goes back. */
  startOver(): void;
}

/** ISO 8601 has four digits for a year: the clock stops there. */
export const lastMoment = Date.UTC(9999, 11, 31);

/**
 * How long the fast clock of a killed engine may have run on after its setting was last kept, in milliseconds of wall
 * time; the engine keeps it twice as often. While the engine is off, time goes with wall time.
 */
export const mayHaveRunOnMs = 2000;

/** Wall time without an offset, as for a new ledger. */
export const realTime: ClockSetting = { mode: 'real', speed: 1, offsetMs: 0, setAt: 0, after: 'stopped' };

/**
 * A clock that goes on from a kept setting. While the machine's own clock is set back, it stands still.
 * @param notBefore engine time that is in the records already, so that a simulated clock cannot go back behind it
 */
export function createClock(
  kept: ClockSetting = realTime,
  notBefore = 0,
  wallNow: () => number = Date.now,
): MovableClock {
  let latestWall = 0;
  const wall = () => {
    latestWall = Math.max(latestWall, Math.floor(wallNow()));
    return latestWall;
  };

  let { mode, speed } = kept;
  /** Engine time was `from` when wall time was `fromWall`. */
  let fromWall = wall();
  let from = fromWall;
  if (mode === 'simulated')
    from = Math.max(fromWall + kept.offsetMs + mayHaveGainedMs(kept, fromWall), notBefore);

  const timeAt = (wallTime: number) => Math.min(lastMoment, from + Math.floor((wallTime - fromWall) * speed));

  const stateAt = (wallTime: number): ClockState => {
    const now = timeAt(wallTime);
    return { now, mode, speed, offsetMs: now - wallTime };
  };

  return {
    now: () => timeAt(wall()),
    state: () => stateAt(wall()),
    setting() {
      const setAt = wall();
      const { now: _, ...setting } = stateAt(setAt);
      return { ...setting, setAt, after: 'ran-on' };
    },
    simulate(at, nextSpeed) {
      const wallTime = wall();
      from = Math.max(timeAt(wallTime), at);
      fromWall = wallTime;
      mode = 'simulated';
      speed = nextSpeed;
    },
    step(byMs) {
      const wallTime = wall();
      from = timeAt(wallTime) + byMs;
      fromWall = wallTime;
      mode = 'simulated';
      speed = 1;
    },
    startOver() {
      fromWall = wall();
      from = fromWall;
      mode = 'real';
      speed = 1;
    },
  };
}

/** What a clock may have gained on wall time after its setting was kept: nothing when it was stopped in order. */
function mayHaveGainedMs({ after, setAt, speed }: ClockSetting, wallTime: number): number {
  if (after === 'stopped') return 0;
  return Math.ceil(Math.min(Math.max(0, wallTime - setAt), mayHaveRunOnMs) * (speed - 1));
}
