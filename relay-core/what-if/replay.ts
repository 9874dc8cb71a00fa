/**
 * Stored transactions asked again under another bench file, one after the other: HELO, MAIL, each RCPT, DATA, end of
 * data, as far as each went. Pure: `decide` answers, and the quotas are counted anew from nothing.
 *
 * Taken as recorded: the connection (address, HELO name, port, TLS), who signed in, the declared size, what was said of
 * a message's content, and who was suspended for it (ABU-2). A client that signed in as somebody who is no active user
 * of the draft would have been refused there (AUT-6) and counts as refused, since a client that was told to sign in does
 * not send without. A message that was never sent, since DATA was refused, counts as one that nothing is said against.
 * Not replayed: counts of connections (HEL-3), windows filled in by hand, places held by transactions that came to nothing.
 */
import { addressKey } from '../organisation/mail-domain.ts';
import { decide } from '../policy/decide.ts';
import type { RuleId } from '../policy/rule-book.ts';
import { ruleOfWindow } from '../policy/rules/quotas.ts';
import type { Configuration, Decision } from '../policy/types.ts';
import { createQuotaCounts } from '../quota/counts.ts';
import { exceededWindow } from '../quota/exceeded.ts';
import type { QuotaCounts } from '../quota/types.ts';
import { type HeardSender, senders } from './senders.ts';
import type { Ending, TransactionCourse } from './types.ts';

export interface Replay {
  /** How the next transaction would end. They come in the order they were kept. */
  next(course: TransactionCourse): Ending;
}

const undetermined: Ending = { outcome: 'undetermined' };
const wrongSignIn: RuleId = 'AUT-6';
/** A sender is suspended for what was found in its messages, so that stands as recorded too. */
const suspendedForSpam: RuleId = 'ABU-2';
/** The rule of a refusal at end of data that is policy's own; every other was about the content, or the disk. */
const tooLarge: RuleId = 'RFC-1870';

/** @param lastOfEarlierLedger behind this transaction the quota windows were emptied by hand; 0 for never */
export function createReplay(configuration: Configuration, lastOfEarlierLedger: number): Replay {
  const senderOf = senders(configuration);
  let counts = createQuotaCounts();
  let latest = 0;

  /** The windows begin anew with a new ledger, and where engine time goes back, which it does for no other reason. */
  function countsAt({ number, finishedAt }: TransactionCourse): QuotaCounts {
    if (number === lastOfEarlierLedger + 1 || finishedAt < latest) counts = createQuotaCounts();
    latest = finishedAt;
    return counts;
  }

  return {
    next(course) {
      const quotas = countsAt(course);
      if (course.ending.outcome === 'abandoned') return undetermined;
      const sender = senderOf(course.client, course.reversePath);
      if (sender.standing === 'cannot-sign-in') return rejectedBy(wrongSignIn);
      return (
        refusedBeforeRecipients(configuration, sender, course) ??
        fromRecipientsOn(configuration, sender, course, quotas)
      );
    },
  };
}

/** What HELO and MAIL say; null when they let it pass. */
function refusedBeforeRecipients(
  configuration: Configuration,
  sender: HeardSender,
  { reversePath, declaredBytes, ending }: TransactionCourse,
): Ending | null {
  const refusal = refusalIn(sender.atHelo) ?? refusalIn(sender.atMail);
  if (refusal !== null) return refusal;
  if (declaredBytes !== null) {
    const { session } = sender;
    const sized = refusalIn(decide(configuration, { stage: 'mail', session, reversePath, declaredBytes }));
    if (sized !== null) return sized;
  }
  return ending.outcome === 'rejected' && ending.stage === 'mail' ? undetermined : null;
}

function fromRecipientsOn(
  configuration: Configuration,
  sender: HeardSender,
  course: TransactionCourse,
  quotas: QuotaCounts,
): Ending {
  const { ending, finishedAt, messageBytes } = course;
  const { session } = sender;
  const { envelope, refusal } = recipientsOf(configuration, sender, course);
  const brokeOffThere = ending.outcome === 'rejected' && ending.stage === 'rcpt';
  if (refusal !== null && (brokeOffThere || envelope.forwardPaths.length === 0)) return refusal;
  if (brokeOffThere) return undetermined;

  const { atData } = sender;
  if (atData.outcome === 'rejected') return rejectedBy(atData.rule);
  if (ending.outcome === 'rejected' && ending.rule === suspendedForSpam) return rejectedBy(ending.rule);
  const demand = { user: sender.countsUnder, recipients: envelope.forwardPaths.map(addressKey) };
  // What `decide` would say, without its sentences.
  const exceeded = exceededWindow(quotas.counts(demand, finishedAt), configuration.quotaLimits);
  if (exceeded !== null) return rejectedBy(ruleOfWindow(exceeded.window));

  if (messageBytes !== null) {
    const size = refusalIn(
      decide(configuration, { stage: 'end-of-data', session, envelope, messageBytes, content: null }),
    );
    if (size !== null) return size;
    if (ending.outcome === 'rejected' && ending.stage === 'end-of-data' && ending.rule !== tooLarge)
      return rejectedBy(ending.rule);
  }
  quotas.restore({ at: finishedAt, ...demand });
  return { outcome: 'accepted', reversePath: atData.reversePath, recipients: envelope.forwardPaths };
}

/** The recipients that would be accepted, and the last refusal among the others. */
function recipientsOf(
  configuration: Configuration,
  { session }: HeardSender,
  { reversePath, recipients, answers }: TransactionCourse,
) {
  const forwardPaths: string[] = [];
  const envelope = { reversePath, forwardPaths };
  let refusal: Ending | null = null;
  for (const [index, forwardPath] of recipients.entries()) {
    const answer =
      answers?.[index] === 'malformed'
        ? malformed
        : refusalIn(decide(configuration, { stage: 'rcpt', session, envelope, forwardPath }));
    if (answer === null) forwardPaths.push(forwardPath);
    else refusal = answer;
  }
  return { envelope, refusal };
}

function refusalIn(decision: Decision): Ending | null {
  return decision.outcome === 'rejected' ? rejectedBy(decision.rule) : null;
}

function rejectedBy(rule: string): Ending {
  return { outcome: 'rejected', rule };
}

const malformed = rejectedBy('RFC-5321' satisfies RuleId);
