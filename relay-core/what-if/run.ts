/**
 * One pass over all stored transactions under the running file and under a draft, a slice of time at a time, so that SMTP
 * goes on between. What is in memory does not grow with the store: some rows, the quota windows of one day for each of the
 * two files, and the differences, which are bounded.
 */
import type { Courses } from '../store/types.ts';
import { createTimeSlices } from '../time-slices.ts';
import { changeOf, otherwiseAlready } from './compare.ts';
import { createDifferences, type Differences } from './differences.ts';
import { createKeys, createReplay } from './replay.ts';
import type {
  Asked,
  Change,
  Difference,
  DifferenceKind,
  Ending,
  EndingSeen,
  Progress,
  Tally,
  TransactionCourse,
} from './types.ts';

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

/** Runs a draft and the running file over what is stored; null when it was ended early. */
export async function runDraft(
  { draft, running }: Asked,
  { total, lastOfEarlierLedger, inOrder }: Courses,
  { onProgress, signal }: RunOptions = {},
): Promise<Run | null> {
  const keysOf = createKeys();
  const asDrafted = createReplay(draft, lastOfEarlierLedger, keysOf);
  const asRunning = createReplay(running, lastOfEarlierLedger, keysOf);
  const counting = createCounting();
  let done = 0;
  const slices = createTimeSlices();
  let toldAt = 0;
  for (const course of inOrder) {
    counting.count(course, asRunning.next(course), asDrafted.next(course));
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
    brokenOff: 0,
    recipientsUnknown: 0,
    countsOtherwise: 0,
    fileOtherwise: 0,
    'newly-rejected': 0,
    'newly-accepted': 0,
    'envelope-changed': 0,
  };
  const byRule = new Map<string, number>();
  const differences = createDifferences();
  return {
    count(course: TransactionCourse, before: Ending, after: Ending): void {
      const change = changeOf(course, before, after);
      changes[change] += 1;
      if (!isDifference(change) || before.outcome === 'undetermined' || after.outcome === 'undetermined')
        return;
      const difference: Difference = {
        number: course.number,
        kind: change,
        before: otherwiseAlready(course, before) === null ? null : seen(course, before),
        after: seen(course, after),
      };
      if (difference.after.outcome === 'rejected') {
        const { rule } = difference.after;
        byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
      }
      differences.add(difference);
    },
    result(): Run {
      const { brokenOff, recipientsUnknown, countsOtherwise, fileOtherwise } = changes;
      const tally: Tally = {
        total: Object.values(changes).reduce((sum, each) => sum + each, 0),
        same: changes.same,
        newlyRejected: changes['newly-rejected'],
        newlyAccepted: changes['newly-accepted'],
        envelopeChanged: changes['envelope-changed'],
        undetermined: brokenOff + recipientsUnknown + countsOtherwise + fileOtherwise,
        undeterminedBecause: { brokenOff, recipientsUnknown, countsOtherwise, fileOtherwise },
        byRule: Object.fromEntries([...byRule].sort(([, one], [, other]) => other - one)),
      };
      return { tally, differences };
    },
  };
}

function isDifference(change: Change): change is DifferenceKind {
  return change === 'newly-rejected' || change === 'newly-accepted' || change === 'envelope-changed';
}

function seen(
  { reversePath }: TransactionCourse,
  ending: Exclude<Ending, { outcome: 'undetermined' }>,
): EndingSeen {
  if (ending.outcome === 'rejected') return ending;
  return {
    outcome: 'accepted',
    reversePath: ending.reversePath === reversePath ? null : ending.reversePath,
    recipients: ending.recipients.length,
  };
}
