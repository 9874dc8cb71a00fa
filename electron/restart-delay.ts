/**
 * How long to wait before a dead engine is started again: at once for the first death, longer for each that follows
 * quickly, never more than the last value. A port that another program holds is so found free by itself.
 */
const delaysMs = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** An engine that ran longer than this, in milliseconds, was well: its death counts as a first one. */
export const steadyAfterMs = 60_000;

/** @param failures how many times in a row the engine died soon after it was started */
export const restartDelayMs = (failures: number): number =>
  delaysMs[Math.min(Math.max(failures, 0), delaysMs.length - 1)] ?? delaysMs[0];
