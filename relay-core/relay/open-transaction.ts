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

export interface OpenTransaction {
  readonly id: string;
  readonly startedAt: number;
  /** As sent; "" is the null sender. */
  readonly reversePath: string;
  reversePathAfter: string;
  setting: string | null;
  readonly recipients: { readonly address: string; readonly reply: string }[];
  readonly accepted: string[];
  refusal: RecipientRefusal | null;
  readonly trace: TraceStep[];
  reservation: Reservation | null;
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
  transaction.refusal = null;
}

/** The record of a transaction that has ended. */
export function recordOf(
  transaction: OpenTransaction,
  ending: Ending,
  session: { readonly id: string; readonly client: Client },
  finishedAt: number,
  dialogue: readonly DialogueEntry[],
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
    quota: quotaChanges(transaction, outcome),
    message: transaction.message,
    ...(transaction.content === null ? {} : { content: transaction.content }),
    dialogue,
  };
}

/** Windows before and after; only an accepted message adds to them (CQ-8). */
function quotaChanges({ counts, limits }: OpenTransaction, outcome: Outcome): QuotaChange[] {
  if (limits === null) return [];
  return counts.map(({ window, user, used, wanted }) => ({
    window,
    ...(user === null ? {} : { user }),
    before: used,
    after: outcome === 'accepted' ? used + wanted : used,
    limit: limits[window].value,
  }));
}
