/**
 * One pass over all stored transactions under a draft, a slice of time at a time, so that SMTP goes on between. What is
 * in memory does not grow with the store: some rows, the quota windows of one day, and the differences, which are bounded.
 */
import type { Configuration } from '../policy/types.ts';
import type { Courses } from '../store/types.ts';
import { createTimeSlices } from '../time-slices.ts';
import { changeOf } from './compare.ts';
import { createDifferences, type Differences } from './differences.ts';
import { createReplay } from './replay.ts';
import type { Change, Difference, Ending, Progress, Tally, TransactionCourse } from './types.ts';

export interface Run {
  readonly tally: Tally;
  readonly differences: Differences;
}

export interface RunOptions {
  /** Told at most once in `progressEveryMs`. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
}

const progressEveryMs = 100;

/** Runs a draft over what is stored; null when it was ended early. */
export async function runDraft(
  configuration: Configuration,
  { total, lastOfEarlierLedger, inOrder }: Courses,
  { onProgress, signal }: RunOptions = {},
): Promise<Run | null> {
  const replay = createReplay(configuration, lastOfEarlierLedger);
  const counting = createCounting();
  let done = 0;
  const slices = createTimeSlices();
  let toldAt = 0;
  for (const course of inOrder) {
    counting.count(course, replay.next(course));
    done += 1;
    if (!slices.isOver()) continue;
    if (performance.now() - toldAt >= progressEveryMs) {
      toldAt = performance.now();
      onProgress?.({ done, total });
    }
    await slices.next();
    if (signal?.aborted === true) return null;
  }
  return counting.result();
}

function createCounting() {
  const changes: Record<Change, number> = {
    same: 0,
    undetermined: 0,
    'newly-rejected': 0,
    'newly-accepted': 0,
    'envelope-changed': 0,
  };
  const byRule = new Map<string, number>();
  const differences = createDifferences();
  return {
    count(course: TransactionCourse, after: Ending): void {
      const change = changeOf(course, after);
      changes[change] += 1;
      const difference = differenceOf(course, change, after);
      if (difference === null) return;
      if (difference.after.outcome === 'rejected') {
        const { rule } = difference.after;
        byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
      }
      differences.add(difference);
    },
    result(): Run {
      const tally: Tally = {
        total: Object.values(changes).reduce((sum, each) => sum + each, 0),
        same: changes.same,
        newlyRejected: changes['newly-rejected'],
        newlyAccepted: changes['newly-accepted'],
        envelopeChanged: changes['envelope-changed'],
        undetermined: changes.undetermined,
        byRule: Object.fromEntries([...byRule].sort(([, one], [, other]) => other - one)),
      };
      return { tally, differences };
    },
  };
}

function differenceOf(course: TransactionCourse, change: Change, after: Ending): Difference | null {
  if (change === 'same' || change === 'undetermined' || after.outcome === 'undetermined') return null;
  const { number } = course;
  if (after.outcome === 'rejected') return { number, kind: change, after };
  const reversePath = after.reversePath === course.reversePath ? null : after.reversePath;
  const recipients = after.recipients.length;
  return { number, kind: change, after: { outcome: 'accepted', reversePath, recipients } };
}
