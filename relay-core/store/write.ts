/**
 * What is written for a session, a transaction, a message and its charge, as rows: plain data, so that it can go to
 * another thread. Made where the records are, since there the objects are that it is made of.
 */
import { recipientsText } from './charges.ts';
import { type CourseRow, courseRow } from './course-row.ts';
import { dialogueJson, refusedUser, searchText, sessionJson, transactionJson } from './rows.ts';
import type { AcceptedMessage, SessionRecord, TransactionRecord } from './types.ts';

/** A transaction with all that is kept with it: in one commit, or not at all (CQ-8). */
export interface TransactionWrite {
  readonly kind: 'transaction';
  readonly sessionId: string;
  /** The session's JSON, for the case that it has no row yet; null where it is known to have one. */
  readonly session: string | null;
  readonly row: TransactionRow;
  /** The message as it arrived; null unless it was accepted. */
  readonly content: Uint8Array | null;
  readonly course: CourseRow;
  /** What a search looks at. */
  readonly search: string;
  readonly charge: ChargeRow | null;
}

export interface SessionWrite {
  readonly kind: 'session';
  readonly sessionId: string;
  readonly session: string;
  /** Nothing comes after it. */
  readonly closed: boolean;
}

export type Write = TransactionWrite | SessionWrite;

/** In the order of the columns of `transactions`, content left out. */
export type TransactionRow = readonly [
  id: string,
  outcome: string,
  finishedAt: number,
  rule: string | null,
  refusedUser: string | null,
  record: string,
  dialogue: string,
];

export type ChargeRow = readonly [at: number, user: string | null, recipients: string];

/** @param hasRow whether the session is known to have a row */
export function transactionWrite(
  session: SessionRecord,
  transaction: TransactionRecord,
  accepted: AcceptedMessage | null,
  hasRow: (sessionId: string) => boolean,
): TransactionWrite {
  const { id, decision, finishedAt, dialogue } = transaction;
  return {
    kind: 'transaction',
    sessionId: session.id,
    session: hasRow(session.id) ? null : sessionJson(session),
    row: [
      id,
      decision.outcome,
      finishedAt,
      decision.rule,
      refusedUser(transaction),
      transactionJson(transaction),
      dialogueJson(dialogue),
    ],
    content: accepted?.content ?? null,
    course: courseRow(transaction),
    search: searchText(transaction),
    charge: accepted === null ? null : chargeRow(accepted.charge),
  };
}

export function sessionWrite(session: SessionRecord): SessionWrite {
  return {
    kind: 'session',
    sessionId: session.id,
    session: sessionJson(session),
    closed: session.finishedAt !== null,
  };
}

function chargeRow({ at, user, recipients }: AcceptedMessage['charge']): ChargeRow {
  return [at, user, recipientsText(recipients)];
}
