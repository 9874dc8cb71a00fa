/**
 * What a draft changes for a transaction: how it ends under the draft against how it ends under the running file, both
 * asked in the same way. What the running file itself ends otherwise than it was is no work of the draft. Pure.
 */
import { isQuotaRule } from '../policy/rules/quotas.ts';
import type { Change, Ending, TransactionCourse, UndeterminedReason } from './types.ts';

export function changeOf(course: TransactionCourse, running: Ending, draft: Ending): Change {
  if (course.ending.outcome === 'abandoned') return 'brokenOff';
  // It was refused early, and the running file lets it past that.
  if (running.outcome === 'undetermined') return 'fileOtherwise';
  const already = otherwiseAlready(course, running);
  if (draft.outcome === 'undetermined') return already ?? 'recipientsUnknown';
  const change = between(running, draft);
  return change === 'same' ? (already ?? 'same') : change;
}

type Told = Exclude<Ending, { readonly outcome: 'undetermined' }>;

/** A refusal that stays one is the same, whichever rule gives it. */
function between(
  before: Told,
  after: Told,
): 'same' | 'newly-rejected' | 'newly-accepted' | 'envelope-changed' {
  if (after.outcome === 'rejected') return before.outcome === 'rejected' ? 'same' : 'newly-rejected';
  if (before.outcome === 'rejected') return 'newly-accepted';
  const isSame =
    before.reversePath === after.reversePath && sameRecipients(before.recipients, after.recipients);
  return isSame ? 'same' : 'envelope-changed';
}

/** Why the running file ends a transaction otherwise than it was; null where it ends it so. */
export function otherwiseAlready(course: TransactionCourse, running: Told): UndeterminedReason | null {
  const { ending } = course;
  if (running.outcome === 'rejected') {
    if (ending.outcome === 'rejected') return null;
    return isQuotaRule(running.rule) ? 'countsOtherwise' : 'fileOtherwise';
  }
  if (ending.outcome === 'rejected') return isQuotaRule(ending.rule) ? 'countsOtherwise' : 'fileOtherwise';
  return sameEnvelope(course, running) ? null : 'fileOtherwise';
}

/** Whether the envelope would go on with the same reverse-path to the same recipients. */
function sameEnvelope(
  { reversePathAfter, recipients, answers }: TransactionCourse,
  after: Extract<Ending, { outcome: 'accepted' }>,
): boolean {
  if (after.reversePath !== reversePathAfter) return false;
  if (answers === null) return after.recipients.length === recipients.length;
  return sameRecipients(
    recipients.filter((_, index) => answers[index] === 'accepted'),
    after.recipients,
  );
}

function sameRecipients(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((recipient, index) => recipient === others[index]);
}
