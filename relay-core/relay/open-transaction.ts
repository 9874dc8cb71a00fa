/**
 * A transaction from MAIL until it has ended, and how it becomes the record that is kept. Data and pure functions:
 * what is asked when is in `session.ts`.
 */
import type {
  Client,
  ContentVerdict,
  DecisionView,
  Outcome,
  QuotaChange,
  Reply,
  TraceStep,
} from '../contract/index.ts';
import { noRemedy, type Remedies } from '../policy/remedies/find-remedies.ts';
import { note } from '../policy/trace.ts';
import type { Rejected } from '../policy/types.ts';
import type { QuotaLimits, Reservation, WindowCount } from '../quota/types.ts';
import type { DialogueEntry, TransactionRecord } from '../store/types.ts';

/** A refused recipient: it ends the transaction only if DATA never succeeds. */
export interface RecipientRefusal {
  readonly rule: string;
  readonly reply: Reply;
  readonly steps: readonly TraceStep[];
  readonly remedies: Remedies;
}

/** How a transaction ended, waiting for its last reply to be on the wire. */
export interface Ending {
  readonly outcome: Outcome;
  readonly rule: string | null;
  readonly reply: Reply | null;
  readonly remedies: Remedies;
}

/**
 * Refused recipients that one transaction keeps; accepted ones have a ceiling of their own (ENV-4). Those behind them are
 * answered and counted. Their number does not end the connection: a client with a list above the ceiling is told so for
 * each of the rest, and may send DATA for those that were accepted. [ours]
 */
const maxRefusedRecipients = 1_000;

export interface OpenTransaction {
  readonly id: string;
  readonly startedAt: number;
  /** As sent; "" is the null sender. */
  readonly reversePath: string;
  reversePathAfter: string;
  setting: string | null;
  readonly recipients: { readonly address: string; readonly reply: string }[];
  readonly accepted: string[];
  /** The last refused recipient's. */
  refusal: RecipientRefusal | null;
  /** Refused recipients that are not among `recipients`: there were too many. */
  refusedLeftOut: number;
  readonly trace: TraceStep[];
  reservation: Reservation | null;
  /** The windows at DATA, before its places were held. */
  counts: readonly WindowCount[];
  limits: QuotaLimits | null;
  message: TransactionRecord['message'];
  /** What was found in the message; null when it was not looked into, or nothing was found and nothing asked. */
  content: ContentVerdict | null;
  /** While its message, here whole, is looked into and stored, a client that goes away can no longer break it off. */
  progress: 'open' | 'keeping';
  ending: Ending | null;
}

export function openTransaction(
  id: string,
  startedAt: number,
  reversePath: string,
  trace: readonly TraceStep[],
): OpenTransaction {
  return {
    id,
    startedAt,
    reversePath,
    reversePathAfter: reversePath,
    setting: null,
    recipients: [],
    accepted: [],
    refusal: null,
    refusedLeftOut: 0,
    trace: [...trace],
    reservation: null,
    counts: [],
    limits: null,
    message: null,
    content: null,
    progress: 'open',
    ending: null,
  };
}

/** Takes in that a recipient was refused. */
export function refuseRecipient(
  transaction: OpenTransaction,
  address: string,
  refusal: RecipientRefusal,
): void {
  const { recipients, accepted } = transaction;
  transaction.refusal = refusal;
  if (recipients.length - accepted.length >= maxRefusedRecipients) transaction.refusedLeftOut++;
  else recipients.push({ address, reply: refusal.reply.lines.join('\n') });
}

/** Ends it with a refusal: the decision's trace closes the transaction's. */
export function endRejected(
  transaction: OpenTransaction,
  decision: Rejected,
  reply: Reply,
  remedies: Remedies,
): void {
  noteRefusedRecipients(transaction);
  transaction.trace.push(...decision.trace);
  transaction.setting = decision.setting ?? transaction.setting;
  transaction.ending = { outcome: 'rejected', rule: decision.rule, reply, remedies };
}

/** Ends it where the client broke off: with the refusal of a recipient if there was one, else as abandoned. */
export function endBrokenOff(transaction: OpenTransaction): void {
  const { refusal } = transaction;
  if (refusal === null) {
    transaction.ending = { outcome: 'abandoned', rule: null, reply: null, remedies: noRemedy(null) };
    return;
  }
  noteLeftOut(transaction);
  transaction.trace.push(...refusal.steps);
  transaction.ending = {
    outcome: 'rejected',
    rule: refusal.rule,
    reply: refusal.reply,
    remedies: refusal.remedies,
  };
}

/** Once DATA goes on without a refused recipient, that refusal is worth a note, no reason. */
export function noteRefusedRecipients(transaction: OpenTransaction): void {
  if (transaction.refusal === null) return;
  transaction.trace.push(
    ...transaction.refusal.steps.map((step): TraceStep => ({ ...step, outcome: 'note' })),
  );
  noteLeftOut(transaction);
  transaction.refusal = null;
}

function noteLeftOut(transaction: OpenTransaction): void {
  const { refusedLeftOut } = transaction;
  if (refusedLeftOut === 0) return;
  const text = `The first ${maxRefusedRecipients} refused recipients are kept; ${refusedLeftOut} more were refused and are left out.`;
  transaction.trace.push(note('ENV-4', text));
  transaction.refusedLeftOut = 0;
}

/**
 * The record of a transaction that has ended.
 * @param quota the windows before and after; those of DATA, to which nothing was added, when absent (CQ-8)
 */
export function recordOf(
  transaction: OpenTransaction,
  ending: Ending,
  session: { readonly id: string; readonly client: Client },
  finishedAt: number,
  dialogue: readonly DialogueEntry[],
  quota = quotaUnchanged(transaction),
): TransactionRecord {
  const { outcome, rule, reply, remedies } = ending;
  const decision: DecisionView = {
    outcome,
    rule,
    setting: transaction.setting,
    reply,
    trace: transaction.trace,
    remedies: [...remedies.remedies],
    noRemedyReason: remedies.reason,
  };
  return {
    id: transaction.id,
    sessionId: session.id,
    startedAt: transaction.startedAt,
    finishedAt,
    client: session.client,
    envelope: {
      before: { from: transaction.reversePath, to: transaction.recipients.map(({ address }) => address) },
      after: { from: transaction.reversePathAfter, to: transaction.accepted },
    },
    recipients: transaction.recipients,
    decision,
    quota,
    message: transaction.message,
    ...(transaction.content === null ? {} : { content: transaction.content }),
    dialogue,
  };
}

function quotaUnchanged({ counts, limits }: OpenTransaction): readonly QuotaChange[] {
  return limits === null ? [] : counts.map((count) => quotaChange(count, count.used, 0, limits));
}

/** A window as a record tells of it. */
export function quotaChange(
  { window, user }: WindowCount,
  before: number,
  wanted: number,
  limits: QuotaLimits,
): QuotaChange {
  const after = before + wanted;
  const limit = limits[window].value;
  return user === null ? { window, before, after, limit } : { window, user, before, after, limit };
}
