/**
 * What is written for a session, a transaction, a message and its charge: prepared statements, and the writes made of
 * them for the group commit. A session's row is written before its first transaction's, and again when it closes.
 */
import type { DatabaseSync } from 'node:sqlite';
import { recipientsText } from './charges.ts';
import { courseColumns, courseRow } from './courses.ts';
import type { Write } from './group-commit.ts';
import type { IdIndex } from './id-index.ts';
import { dialogueJson, refusedUser, searchText, sessionJson, transactionJson } from './rows.ts';
import type { AcceptedMessage, SessionRecord, TransactionRecord } from './types.ts';

export interface Writing {
  transaction(
    session: SessionRecord,
    transaction: TransactionRecord,
    accepted: AcceptedMessage | null,
  ): Write;
  session(session: SessionRecord): Write;
}

/** @param committed called with each transaction once it is committed */
export function createWriting(
  database: DatabaseSync,
  sessionIds: IdIndex,
  committed: (transactionId: string, number: number) => void,
): Writing {
  const putSession = database.prepare('INSERT INTO sessions (id, record) VALUES (?, ?)');
  const changeSession = database.prepare('UPDATE sessions SET record = ? WHERE number = ?');
  const putTransaction = database.prepare(
    `INSERT INTO transactions (id, outcome, finished_at, rule, refused_user, record, dialogue, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putCourse = database.prepare(
    `INSERT INTO courses (${courseColumns}, search) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putCharge = database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)');
  /** Row numbers of sessions that have a row and are open. */
  const openSessions = new Map<string, number>();

  const rowOfSession = (id: string) => openSessions.get(id) ?? sessionIds.find(id);

  function addSession(id: string, record: string): number {
    const number = Number(putSession.run(id, record).lastInsertRowid);
    openSessions.set(id, number);
    return number;
  }

  return {
    transaction(session, transaction, accepted) {
      const { id, decision, finishedAt } = transaction;
      const sessionRecord = openSessions.has(session.id) ? null : sessionJson(session);
      const user = refusedUser(transaction);
      const search = searchText(transaction);
      const record = transactionJson(transaction);
      const dialogue = dialogueJson(transaction.dialogue);
      const course = courseRow(transaction);
      let addedSession: number | null = null;
      let number = 0;
      return {
        run() {
          if (rowOfSession(session.id) === null) {
            addedSession = addSession(session.id, sessionRecord ?? sessionJson(session));
          }
          const { outcome, rule } = decision;
          const content = accepted?.content ?? null;
          number = Number(
            putTransaction.run(id, outcome, finishedAt, rule, user, record, dialogue, content)
              .lastInsertRowid,
          );
          putCourse.run(number, ...course, search);
          if (accepted === null) return;
          const { at, user: chargedUser, recipients } = accepted.charge;
          putCharge.run(at, chargedUser, recipientsText(recipients));
        },
        committed() {
          if (addedSession !== null) sessionIds.add(session.id, addedSession);
          committed(id, number);
        },
        rolledBack() {
          if (addedSession !== null) openSessions.delete(session.id);
          addedSession = null;
        },
      };
    },

    session(session) {
      const record = sessionJson(session);
      let addedSession: number | null = null;
      return {
        run() {
          const number = rowOfSession(session.id);
          if (number === null) addedSession = addSession(session.id, record);
          else changeSession.run(record, number);
        },
        committed() {
          if (addedSession !== null) sessionIds.add(session.id, addedSession);
          if (session.finishedAt !== null) openSessions.delete(session.id);
        },
        rolledBack() {
          if (addedSession !== null) openSessions.delete(session.id);
          addedSession = null;
        },
      };
    },
  };
}
