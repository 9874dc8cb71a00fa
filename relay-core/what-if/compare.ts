/** How a transaction ended against how it would end: what a draft changes for it. Pure. */
import type { Change, Ending, TransactionCourse } from './types.ts';

/** A refusal that stays one is the same, whichever rule gives it. */
export function changeOf(course: TransactionCourse, after: Ending): Change {
  const before = course.ending.outcome;
  switch (after.outcome) {
    case 'undetermined':
      return 'undetermined';
    case 'rejected':
      return before === 'accepted' ? 'newly-rejected' : 'same';
    case 'accepted':
      if (before !== 'accepted') return 'newly-accepted';
      return sameEnvelope(course, after) ? 'same' : 'envelope-changed';
  }
}

/** Whether the envelope would go on with the same reverse-path to the same recipients. */
function sameEnvelope(
  { reversePathAfter, recipients, answers }: TransactionCourse,
  after: Extract<Ending, { outcome: 'accepted' }>,
): boolean {
  if (after.reversePath !== reversePathAfter) return false;
  if (answers === null) return after.recipients.length === recipients.length;
  const before = recipients.filter((_, index) => answers[index] === 'accepted');
  return (
    before.length === after.recipients.length &&
    before.every((recipient, index) => recipient === after.recipients[index])
  );
}
