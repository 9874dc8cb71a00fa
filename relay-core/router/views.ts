/** From what the store keeps to the contract's shapes: epoch milliseconds become ISO 8601, lines of a session merge in order. */
import type { Refused } from '../clock-control.ts';
import type {
  DialogueLine,
  ErrorDetail,
  Session,
  Transaction,
  TransactionSummary,
} from '../contract/index.ts';
import type { DialogueEntry, SessionRecord, TransactionRecord } from '../store/types.ts';

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
  const before = (session?.dialogue ?? []).filter((line) => line.ordinal < first);
  const startedAt = session?.startedAt ?? record.startedAt;
  return { ...summaryOf(record), dialogue: linesOf([...before, ...record.dialogue], startedAt) };
}

/** A connection with all its lines, those of its transactions in their places. */
export function sessionOf(session: SessionRecord, transactions: readonly TransactionRecord[]): Session {
  const lines = [...session.dialogue, ...transactions.flatMap(({ dialogue }) => dialogue)];
  const inOrder = lines.sort((a, b) => a.ordinal - b.ordinal);
  const shown = inOrder.slice(0, maxSessionLines);
  return {
    id: session.id,
    startedAt: iso(session.startedAt),
    finishedAt: session.finishedAt === null ? null : iso(session.finishedAt),
    client: session.client,
    dialogue: linesOf(shown, session.startedAt),
    dialogueOmitted: session.dialogueOmitted + inOrder.length - shown.length,
    transactions: transactions.map(summaryOf),
    findings: [...session.findings],
  };
}

/** A session's lines in one answer; one of thousands of messages has more than a person reads. */
const maxSessionLines = 5_000;

function linesOf(entries: readonly DialogueEntry[], sessionStartedAt: number): DialogueLine[] {
  return entries.map(({ sinceStartMs, direction, text, tls }) => ({
    at: iso(sessionStartedAt + sinceStartMs),
    sinceStartMs: Math.round(sinceStartMs * 10) / 10,
    direction,
    text,
    tls,
  }));
}
