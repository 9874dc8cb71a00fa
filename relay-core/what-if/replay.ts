/**
 * Stored transactions asked again under another bench file, one after the other: HELO, MAIL, each RCPT, DATA, end of
 * data, as far as each went. Pure: `decide` answers, and the quotas are counted anew from nothing.
 *
 * Taken as recorded: the connection (address, HELO name, port, TLS), who signed in, the declared size, what was said of
 * a message's content, and who was suspended for it (ABU-2). A client that signed in as somebody who is no active user
 * of the file is refused, as the relay refuses it (AUT-6). A message that was never sent, since DATA was refused, counts
 * as one that nothing is said against.
 * Not replayed: counts of connections (HEL-3), windows filled in by hand, places held by transactions that came to nothing.
 */

import { ruleOfWindow } from '../contract/word-tables.ts';
import { addressKey } from '../organisation/mail-domain.ts';
import type { AddressKey } from '../organisation/types.ts';
import { decide } from '../policy/decide.ts';
import type { RuleId } from '../policy/rule-book.ts';
import type { Configuration, Decision } from '../policy/types.ts';
import { createQuotaCounts } from '../quota/counts.ts';
import { exceededWindow } from '../quota/exceeded.ts';
import type { QuotaCounts, QuotaDemand, QuotaLimits } from '../quota/types.ts';
import { type Sender, senders } from './senders.ts';
import type { Ending, TransactionCourse } from './types.ts';

export interface Replay {
  /** How the next transaction would end. They come in the order they were kept. */
  next(course: TransactionCourse): Ending;
}

const nobody: readonly AddressKey[] = [];
const undetermined: Ending = { outcome: 'undetermined' };
const wrongSyntax: RuleId = 'RFC-5321';
/** A sender is suspended for what was found in its messages, so that stands as recorded too. */
const suspendedForSpam: RuleId = 'ABU-2';
/** The rule of a refusal at end of data that is policy's own; every other was about the content, or the disk. */
const tooLarge: RuleId = 'RFC-1870';

/** The recipients of a course in the form they are counted in. */
export type KeysOf = (course: TransactionCourse) => readonly AddressKey[];

/** Works them out once for several replays that are asked about the same course in turn. */
export function createKeys(): KeysOf {
  let latest: readonly string[] = [];
  let keys: readonly AddressKey[] = [];
  return ({ recipients }) => {
    if (recipients !== latest) {
      latest = recipients;
      keys = recipients.map(addressKey);
    }
    return keys;
  };
}

/** @param lastOfEarlierLedger behind this transaction the quota windows were emptied by hand; 0 for never */
export function createReplay(
  configuration: Configuration,
  lastOfEarlierLedger: number,
  keysOf: KeysOf = createKeys(),
): Replay {
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
      return (
        refusedBeforeRecipients(configuration, sender, course) ??
        fromRecipientsOn(configuration, sender, course, keysOf(course), quotas)
      );
    },
  };
}

/** What HELO and MAIL say; null when they let it pass. */
function refusedBeforeRecipients(
  configuration: Configuration,
  sender: Sender,
  { reversePath, declaredBytes, ending }: TransactionCourse,
): Ending | null {
  const refusal = refusalIn(sender.atHelo) ?? refusalIn(sender.atMail);
  if (refusal !== null) return refusal;
  // A MAIL whose syntax is wrong is refused under every bench file, as a recipient is.
  if (ending.outcome === 'rejected' && ending.stage === 'mail' && ending.rule === wrongSyntax)
    return malformed;
  // `decide` words the size for each message; what is not larger than announced need not be worded.
  if (declaredBytes !== null && declaredBytes > configuration.messageBytes) {
    const { session } = sender;
    const sized = refusalIn(decide(configuration, { stage: 'mail', session, reversePath, declaredBytes }));
    if (sized !== null) return sized;
  }
  return ending.outcome === 'rejected' && ending.stage === 'mail' ? undetermined : null;
}

function fromRecipientsOn(
  configuration: Configuration,
  sender: Sender,
  course: TransactionCourse,
  keys: readonly AddressKey[],
  quotas: QuotaCounts,
): Ending {
  const { ending, finishedAt, messageBytes } = course;
  const { session } = sender;
  const { envelope, accepted, refusal } = recipientsOf(configuration, sender, course, keys);
  const brokeOffThere = ending.outcome === 'rejected' && ending.stage === 'rcpt';
  if (refusal !== null && (brokeOffThere || envelope.forwardPaths.length === 0)) return refusal;
  if (brokeOffThere) return undetermined;

  const { atData } = sender;
  if (atData.outcome === 'rejected') return rejectedBy(atData.rule);
  if (ending.outcome === 'rejected' && ending.rule === suspendedForSpam) return rejectedBy(ending.rule);
  const demand = { user: sender.countsUnder, recipients: accepted };
  // What `decide` would say, without its sentences.
  const exceeded = exceededIn(quotas, demand, finishedAt, configuration.quotaLimits);
  if (exceeded !== null) return rejectedBy(ruleOfWindow[exceeded.window]);

  if (messageBytes !== null) {
    if (messageBytes > configuration.messageBytes) {
      const size = refusalIn(
        decide(configuration, { stage: 'end-of-data', session, envelope, messageBytes, content: null }),
      );
      if (size !== null) return size;
    }
    if (ending.outcome === 'rejected' && ending.stage === 'end-of-data' && ending.rule !== tooLarge)
      return rejectedBy(ending.rule);
  }
  charge(quotas, demand, finishedAt, configuration.quotaLimits);
  return { outcome: 'accepted', reversePath: atData.reversePath, recipients: envelope.forwardPaths };
}

/** The recipients that would be accepted, and the last refusal among the others. */
function recipientsOf(
  configuration: Configuration,
  { session }: Sender,
  { reversePath, recipients, answers }: TransactionCourse,
  keys: readonly AddressKey[],
) {
  const forwardPaths: string[] = [];
  const accepted: AddressKey[] = [];
  const envelope = { reversePath, forwardPaths };
  let refusal: Ending | null = null;
  for (const [index, forwardPath] of recipients.entries()) {
    const answer =
      answers?.[index] === 'malformed'
        ? malformed
        : refusalIn(decide(configuration, { stage: 'rcpt', session, envelope, forwardPath }));
    if (answer === null) {
      forwardPaths.push(forwardPath);
      accepted.push(keys[index] ?? addressKey(forwardPath));
    } else refusal = answer;
  }
  return { envelope, accepted, refusal };
}

/**
 * Whether a user's unique recipients can be the first to run out. They are never more than the recipients of the customer's
 * day, which are asked about before: so with a limit that is not lower than the day's they need not be counted (CQ-7).
 */
function uniqueCanRunOut(limits: QuotaLimits): boolean {
  return limits['user-unique-recipients-day'].value < limits['customer-recipients-day'].value;
}

function charge(
  quotas: QuotaCounts,
  { user, recipients }: QuotaDemand,
  at: number,
  limits: QuotaLimits,
): void {
  if (user === null || uniqueCanRunOut(limits)) {
    quotas.restore({ at, user, recipients });
  } else {
    quotas.restore({ at, user: null, recipients });
    quotas.restore({ at, user, recipients: nobody });
  }
}

/**
 * The window a message would go over; null where it fits. Which of its recipients are new to the user is looked up only
 * where it matters: while there is room for all of them, it does not.
 */
function exceededIn(quotas: QuotaCounts, demand: QuotaDemand, at: number, limits: QuotaLimits) {
  const { user, recipients } = demand;
  const countsUnique = uniqueCanRunOut(limits);
  for (const { window, used, reserved } of quotas.counts({ user, recipients: nobody }, at)) {
    if (window === 'user-unique-recipients-day' && !countsUnique) continue;
    const most = window === 'user-messages-day' ? 1 : recipients.length;
    if (used + reserved + most > limits[window].value)
      return exceededWindow(quotas.counts(demand, at), limits);
  }
  return null;
}

function refusalIn(decision: Decision): Ending | null {
  return decision.outcome === 'rejected' ? rejectedBy(decision.rule) : null;
}

function rejectedBy(rule: string): Ending {
  return { outcome: 'rejected', rule };
}

const malformed = rejectedBy(wrongSyntax);
