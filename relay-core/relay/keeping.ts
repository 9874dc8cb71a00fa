/**
 * How a transaction gets into the store: a message before its 250 goes out, everything else once its last reply is on
 * the wire. Places in the quotas are charged when the message is stored, and given back in every other case (CQ-8).
 */
import type { Reply } from '../contract/index.ts';
import { noRemedy } from '../policy/remedies/find-remedies.ts';
import type { RuleId } from '../policy/rule-book.ts';
import type { MailStorageFinding } from '../policy/rules/mail-storage.ts';
import { fail } from '../policy/trace.ts';
import { reply } from '../replies/catalogue.ts';
import type { DialogueEntry, Kept, TransactionRecord } from '../store/types.ts';
import { done, refused } from './answers.ts';
import { figuresOfCharge } from './charge-figures.ts';
import { endTransactionLines } from './dialogue.ts';
import { type Ending, endRejected, type OpenTransaction, recordOf } from './open-transaction.ts';
import { type SessionContext, type SessionState, sessionRecordOf, worded } from './session-state.ts';
import type { Answer, ReceivedMessage } from './types.ts';

export interface MessageToKeep {
  readonly content: Uint8Array;
  /** What comprehensive mail storage does about it. */
  readonly storage: MailStorageFinding;
}

/** Stores a message with its transaction and its charge; resolves with the 250, or with what to say instead. */
export async function keepMessage(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  { content, storage }: MessageToKeep,
): Promise<Answer> {
  const { reservation, limits } = open;
  if (reservation === null || limits === null) throw new Error('a message came without places held for it');
  const at = context.now();
  const accepted = reply('message-accepted', { unixSeconds: Math.floor(at / 1000) });
  const lastReply = worded(state, context, accepted);
  const ending: Ending = { outcome: 'accepted', rule: null, reply: lastReply, remedies: noRemedy(null) };
  const { quota, message } = figuresOfCharge(
    context,
    reservation.demand,
    { counts: open.counts, limits },
    at,
  );
  const record = withCopies(recordOf(open, ending, state, at, linesWith(state, lastReply), quota), storage);
  const { user, recipients } = reservation.demand;
  let kept: Kept;
  context.storing.push(message);
  try {
    const accepted = { content, charge: { at, user, recipients } };
    kept = await context.store.keepTransaction(sessionRecordOf(state, null), record, accepted);
  } finally {
    // In the turn in which it is charged: there is none in which it counts nowhere.
    context.storing.splice(context.storing.indexOf(message), 1);
  }
  if (kept.outcome !== 'kept') return notKept(state, context, open, kept);
  // What was stored before the windows were emptied belongs to them, and went with them.
  if (context.counts.timesStartedOver() === message.ledger) context.counts.charge(reservation, at);
  else context.counts.release(reservation);
  open.reservation = null;
  open.ending = ending;
  context.onKept(record);
  return done(accepted);
}

/** The record with what comprehensive mail storage does about it; only an accepted message has copies (STO-2). */
function withCopies(record: TransactionRecord, { copies, steps }: MailStorageFinding): TransactionRecord {
  const { decision } = record;
  return { ...record, storage: copies, decision: { ...decision, trace: [...decision.trace, ...steps] } };
}

function notKept(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  { outcome, detail }: Exclude<Kept, { outcome: 'kept' }>,
): Answer {
  context.onStoreProblem(detail);
  return tryAgainLater(state, context, open, {
    replyId: outcome === 'full' ? 'storage-full' : 'local-error',
    text: `The message could not be kept: ${detail}`,
    fix: 'Make room on the disk that holds the data directory; the client will try again.',
  });
}

/** What to say where a message would pass but is not here whole any more: there is nothing to store. */
export function refuseDropped(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  dropped: NonNullable<ReceivedMessage['dropped']>,
): Answer {
  return tryAgainLater(
    state,
    context,
    open,
    dropped === 'no-room'
      ? {
          replyId: 'storage-full',
          text: 'More messages were on their way at once than this program holds, so this one was let go.',
          fix: 'Let the client send fewer large messages at the same time; it will try this one again.',
        }
      : {
          replyId: 'local-error',
          text: 'The message passed the size limit that was in force when it began, so it was let go.',
          fix: 'The limit has been raised since; the client will try again.',
        },
  );
}

interface Delay {
  readonly replyId: 'storage-full' | 'local-error';
  readonly text: string;
  readonly fix: string;
}

function tryAgainLater(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  { replyId, text, fix }: Delay,
): Answer {
  const refusal = reply(replyId);
  const rule: RuleId = 'RFC-3463';
  const decision = {
    outcome: 'rejected',
    reply: refusal,
    rule,
    setting: null,
    afterwards: 'continue',
    trace: [fail(rule, text)],
  } as const;
  endRejected(open, decision, worded(state, context, refusal), noRemedy(fix));
  return refused(refusal);
}

/** Keeps a transaction that has ended, its last line on the wire. Accepted ones were kept before their 250. */
export function keepEnded(state: SessionState, context: SessionContext): void {
  const { transaction } = state;
  if (transaction === null || transaction.ending === null) return;
  if (transaction.reservation !== null) context.counts.release(transaction.reservation);
  const { ending } = transaction;
  const lines = endTransactionLines(state.dialogue);
  state.transaction = null;
  if (ending.outcome === 'accepted') return;
  const record = recordOf(transaction, ending, state, context.now(), lines);
  const keeping = context.store.keepTransaction(sessionRecordOf(state, null), record, null);
  tellWhetherKept(context, keeping, () => context.onKept(record));
}

/** For what no client waits for: whatever becomes of it is told, and nothing that goes wrong with it ends the process. */
export function tellWhetherKept(
  { onStoreProblem }: Pick<SessionContext, 'onStoreProblem'>,
  keeping: Promise<Kept>,
  onKept: () => void = () => undefined,
): void {
  keeping
    .then((kept) => {
      if (kept.outcome === 'kept') onKept();
      else onStoreProblem(kept.detail);
    })
    .catch((error: unknown) => onStoreProblem(error instanceof Error ? error.message : String(error)));
}

/** The transaction's lines with the reply that is about to go out, so that the kept dialogue is whole. */
function linesWith(state: SessionState, { lines }: Reply): DialogueEntry[] {
  const { dialogue, client, lastSinceStartMs } = state;
  const own = dialogue.transaction ?? [];
  return [
    ...own,
    ...lines.map((text, index) => ({
      ordinal: dialogue.count + index,
      // As the message's last line: engine time may go at another pace than the connection's clock.
      sinceStartMs: lastSinceStartMs,
      direction: 'server' as const,
      text,
      tls: client.tls !== null,
    })),
  ];
}
