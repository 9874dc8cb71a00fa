/** Engine time: what windows, propagation and charts go by. Real for now; simulated time will move the same clock. */

export interface ClockState {
  /** Epoch milliseconds of engine time. */
  readonly now: number;
  readonly mode: 'real' | 'simulated';
  /** Engine seconds for each second of wall time. */
  readonly speed: number;
  /** How far engine time is ahead of wall time, in milliseconds. */
  readonly offsetMs: number;
}

export interface Clock {
  /** Epoch milliseconds, whole, never going back. */
  now(): number;
  state(): ClockState;
}

/** Wall time that never goes back: while the machine's clock is set back, it stands still. */
export function realClock(wallNow: () => number = Date.now): Clock {
  let latest = 0;
  const now = () => {
    latest = Math.max(latest, Math.floor(wallNow()));
    return latest;
  };
  return { now, state: () => ({ now: now(), mode: 'real', speed: 1, offsetMs: 0 }) };
}
