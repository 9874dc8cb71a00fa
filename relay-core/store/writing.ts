/**
 * What is written for a session, a transaction, a message and its charge: prepared statements and the writes made of
 * them for the group commit. A session's row is written before its first transaction's, and again when it closes.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Write } from './group-commit.ts';
import {
  dialogueJson,
  recipientsText,
  refusedUser,
  searchText,
  sessionJson,
  transactionJson,
} from './rows.ts';
import type { AcceptedMessage, SessionRecord, TransactionRecord } from './types.ts';

export interface Writing {
  transaction(
    session: SessionRecord,
    transaction: TransactionRecord,
    accepted: AcceptedMessage | null,
  ): Write;
  session(session: SessionRecord): Write;
}

/** @param kept called with each transaction once it is committed */
export function createWriting(database: DatabaseSync, kept: (transactionId: string) => void): Writing {
  const putSession = database.prepare(
    `INSERT INTO sessions (id, record) VALUES (?, ?)
     ON CONFLICT (id) DO UPDATE SET record = excluded.record RETURNING number`,
  );
  const putTransaction = database.prepare(
    `INSERT INTO transactions (id, session, outcome, finished_at, rule, refused_user, search, record, dialogue)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putMessage = database.prepare('INSERT INTO messages (number, content) VALUES (?, ?)');
  const putCharge = database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)');
  /** Row numbers of the sessions that are kept and still open. */
  const openSessions = new Map<string, number>();

  function putSessionRow(id: string, record: string): number {
    const number = putSession.get(id, record)?.number;
    if (typeof number !== 'number') throw new Error('a session row without a number');
    return number;
  }

  return {
    transaction(session, transaction, accepted) {
      const { id, decision, finishedAt } = transaction;
      const sessionRecord = openSessions.has(session.id) ? null : sessionJson(session);
      const search = searchText(transaction);
      const record = transactionJson(transaction);
      const dialogue = dialogueJson(transaction.dialogue);
      const user = refusedUser(transaction);
      let sessionNumber = 0;
      return {
        run() {
          sessionNumber =
            openSessions.get(session.id) ?? putSessionRow(session.id, sessionRecord ?? sessionJson(session));
          const { lastInsertRowid } = putTransaction.run(
            id,
            sessionNumber,
            decision.outcome,
            finishedAt,
            decision.rule,
            user,
            search,
            record,
            dialogue,
          );
          if (accepted === null) return;
          const { content, charge } = accepted;
          putMessage.run(lastInsertRowid, content);
          putCharge.run(charge.at, charge.user, recipientsText(charge.recipients));
        },
        committed() {
          if (session.finishedAt === null) openSessions.set(session.id, sessionNumber);
          kept(id);
        },
      };
    },

    session(session) {
      const record = sessionJson(session);
      return {
        run() {
          putSessionRow(session.id, record);
        },
        committed() {
          if (session.finishedAt !== null) openSessions.delete(session.id);
        },
      };
    },
  };
}
