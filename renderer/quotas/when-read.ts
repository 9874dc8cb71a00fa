/** What the engine stood at when a list was read, and whether the list is old by now. Pure. */
import type { Snapshot } from '../../relay-core/contract/index.ts';

export type WhenRead = {
  latestTransaction: string | null;
  /** How far engine time was ahead of wall time, in milliseconds: it changes where the clock is stepped on or runs fast. */
  aheadMs: number;
};

/** Engine time that may go by beside wall time before a list is old: far less than a window needs to empty. */
const oldAfterMs = 5_000;

/** As a snapshot tells it. */
export const standingOf = ({ latestTransaction, status }: Snapshot): WhenRead => ({
  latestTransaction,
  aheadMs: status.clock.offsetMs,
});

/** Whether something was sent since, or engine time was stepped on, ran fast, or was started over. */
export const isOld = (read: WhenRead, now: WhenRead): boolean =>
  read.latestTransaction !== now.latestTransaction || Math.abs(now.aheadMs - read.aheadMs) > oldAfterMs;
