/** From what the store keeps to the contract's shapes: epoch milliseconds become ISO 8601, lines of a session merge in order. */
import type { Refused } from '../clock-control.ts';
import type {
  DialogueLine,
  ErrorDetail,
  Session,
  Transaction,
  TransactionSummary,
} from '../contract/index.ts';
import type { SessionInProgress } from '../relay/session-state.ts';
import type { DialogueEntry, SessionRecord, SessionTransactions, TransactionRecord } from '../store/types.ts';
import { type TimedLine, timed, timesKnownOf } from './line-times.ts';

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A refusal in the shape of the contract's errors. */
export function refusalOf({ message, hint, path }: Refused): { message: string; data: ErrorDetail } {
  return {
    message,
    data: { ...(hint === undefined ? {} : { hint }), ...(path === undefined ? {} : { path }) },
  };
}

export function summaryOf(record: TransactionRecord): TransactionSummary {
  const { id, sessionId, startedAt, finishedAt, client, envelope, recipients, decision, quota } = record;
  const { message, storage, content } = record;
  return {
    id,
    sessionId,
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
    client,
    envelope,
    recipients,
    decision,
    quota: [...quota],
    message,
    ...(storage === undefined ? {} : { storage: [...storage] }),
    ...(content === undefined ? {} : { content }),
  };
}

/**
 * A transaction with its dialogue: its own lines, led by those of the session that came before it (greeting, EHLO,
 * STARTTLS, AUTH), so that it can be read from the beginning.
 */
export function transactionOf(record: TransactionRecord, session: SessionRecord | null): Transaction {
  const first = record.dialogue[0]?.ordinal ?? Number.POSITIVE_INFINITY;
  const lines = [...(session?.dialogue ?? []).filter(({ ordinal }) => ordinal < first), ...record.dialogue];
  const startedAt = session?.startedAt ?? record.startedAt;
  return { ...summaryOf(record), dialogue: linesOf(timed(lines, startedAt, timesKnownOf([record]))) };
}

/** A connection with its lines, those of its transactions in their places. */
export function sessionOf(
  session: SessionRecord | SessionInProgress,
  { items: transactions, total, last }: SessionTransactions,
): Session {
  const open = 'openTransaction' in session ? session.openTransaction : null;
  const inOrder = inOrderOnce([...session.dialogue, ...transactions.flatMap(({ dialogue }) => dialogue)]);
  const shown = inOrder.slice(0, maxSessionLines);
  const omitted = session.dialogueOmitted + inOrder.length - shown.length;
  const transactionsOmitted = total - transactions.length;
  // Lines of a connection are numbered, those of the transactions that are left out too.
  const lines = Math.max(inOrder.at(-1)?.ordinal ?? -1, last?.dialogue.at(-1)?.ordinal ?? -1) + 1;
  const finishedAt = finishedAtOf(session, last === null ? transactions : [...transactions, last]);
  return {
    id: session.id,
    startedAt: iso(session.startedAt),
    finishedAt: finishedAt === null ? null : iso(finishedAt),
    client: session.client,
    dialogue: linesOf(timed(shown, session.startedAt, timesKnownOf(transactions, open))),
    dialogueOmitted: transactionsOmitted === 0 ? omitted : Math.max(omitted, lines - shown.length),
    transactions: transactions.map(summaryOf),
    transactionsOmitted,
    findings: [...session.findings],
  };
}

/** A session's lines in one answer; one of thousands of messages has more than a person reads. */
const maxSessionLines = 5_000;
/** Its transactions in one answer: read one by one, they keep everything else waiting for a tenth of a second. */
export const maxSessionTransactions = 500;

/** Lines of an accepted transaction stand in its record and, until its 250 is out, in the open session as well. */
function inOrderOnce(lines: DialogueEntry[]): DialogueEntry[] {
  lines.sort((a, b) => a.ordinal - b.ordinal);
  return lines.filter(({ ordinal }, index) => ordinal !== lines[index - 1]?.ordinal);
}

/** Null while the connection is open. One whose end no engine saw, since it was killed, ends where it was heard of last. */
function finishedAtOf(
  session: SessionRecord | SessionInProgress,
  transactions: readonly TransactionRecord[],
): number | null {
  if ('openTransaction' in session) return null;
  return (
    session.finishedAt ??
    transactions.reduce((latest, { finishedAt }) => Math.max(latest, finishedAt), session.startedAt)
  );
}

function linesOf(lines: readonly TimedLine[]): DialogueLine[] {
  return lines.map(({ at, sinceStartMs, direction, text, tls }) => ({
    at: iso(at),
    sinceStartMs: Math.round(sinceStartMs * 10) / 10,
    direction,
    text,
    tls,
  }));
}
