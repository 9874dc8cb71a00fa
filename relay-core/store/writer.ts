/**
 * Puts writes into the tables, a batch in one commit. A session's row is written before its first transaction's, and
 * again when it closes. Runs where its connection is: on a thread of its own, or beside who asks for it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { courseColumns } from './course-row.ts';
import { failure } from './error.ts';
import { createIdIndex } from './id-index.ts';
import type { Kept } from './types.ts';
import type { SessionWrite, TransactionWrite, Write } from './write.ts';

export interface Writer {
  /** Gives what became of each write. One that cannot be kept does not take the others of its batch with it. */
  write(batch: readonly Write[]): readonly Kept[];
}

/** The rows that a batch added, with their ids. */
interface Added {
  readonly sessions: [id: string, number: number][];
  readonly transactions: [id: string, number: number][];
}

const kept: Kept = { outcome: 'kept' };

export function createWriter(database: DatabaseSync): Writer {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
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
  const sessionIds = createIdIndex(database, { table: 'sessions', ids: 'session_ids' });
  const transactionIds = createIdIndex(database, { table: 'transactions', ids: 'transaction_ids' });
  /** Row numbers of sessions that have a row and are open. */
  const openSessions = new Map<string, number>();

  const rowOfSession = (id: string) => openSessions.get(id) ?? sessionIds.find(id);

  function addSession(id: string, record: string, added: Added): void {
    const number = Number(putSession.run(id, record).lastInsertRowid);
    openSessions.set(id, number);
    added.sessions.push([id, number]);
  }

  function writeTransaction(write: TransactionWrite, added: Added): void {
    const { sessionId, session, row, content, course, search, charge } = write;
    if (rowOfSession(sessionId) === null) {
      if (session === null) throw new Error(`session ${sessionId} has no row`);
      addSession(sessionId, session, added);
    }
    const number = Number(putTransaction.run(...row, content).lastInsertRowid);
    putCourse.run(number, ...course, search);
    if (charge !== null) putCharge.run(...charge);
    added.transactions.push([row[0], number]);
  }

  function writeSession({ sessionId, session }: SessionWrite, added: Added): void {
    const number = rowOfSession(sessionId);
    if (number === null) addSession(sessionId, session, added);
    else changeSession.run(session, number);
  }

  function commitTogether(batch: readonly Write[]): Kept {
    const added: Added = { sessions: [], transactions: [] };
    try {
      begin.run();
      for (const write of batch) {
        if (write.kind === 'transaction') writeTransaction(write, added);
        else writeSession(write, added);
      }
      commit.run();
    } catch (error) {
      // SQLite has rolled back by itself after some errors.
      if (database.isTransaction) database.exec('ROLLBACK');
      for (const [id] of added.sessions) openSessions.delete(id);
      return failure(error);
    }
    for (const [id, number] of added.sessions) sessionIds.add(id, number);
    for (const [id, number] of added.transactions) transactionIds.add(id, number);
    for (const write of batch) {
      if (write.kind === 'session' && write.closed) openSessions.delete(write.sessionId);
    }
    return kept;
  }

  return {
    write(batch) {
      const together = commitTogether(batch);
      if (together.outcome === 'kept' || batch.length === 1) return batch.map(() => together);
      return batch.map((one) => commitTogether([one]));
    },
  };
}
