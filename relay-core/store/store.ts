/**
 * The store put together: opening, group commit, writes and questions over one SQLite file (types.ts says what it promises).
 * Runs on the engine's thread.
 */
import { openDatabase } from './database.ts';
import { createGroupCommit } from './group-commit.ts';
import { createReading } from './reading.ts';
import { newestTransaction } from './rows.ts';
import type { Store } from './types.ts';
import { createWriting } from './writing.ts';

export type Synchronous = 'normal' | 'full';

/**
 * Opens the store in `file`, making or migrating it as needed, for this process alone.
 * @throws {StoreError} when the file is in use, of a later version, damaged, or cannot be opened
 */
export function openStore(file: string, options: { readonly synchronous: Synchronous }): Store {
  const database = openDatabase(file);
  const setSynchronous = (mode: Synchronous) => database.exec(`PRAGMA synchronous = ${mode}`);
  setSynchronous(options.synchronous);

  const commits = createGroupCommit(database);
  const reading = createReading(database);
  let newest = newestTransaction(database);
  const writing = createWriting(database, (id) => {
    newest = { id, count: newest.count + 1 };
  });

  return {
    keepTransaction: (session, transaction, accepted) =>
      commits.add(writing.transaction(session, transaction, accepted)),
    keepSession: (session) => commits.add(writing.session(session)),
    transactions(query) {
      commits.flush();
      return reading.transactions(query);
    },
    transaction(id) {
      commits.flush();
      return reading.transaction(id);
    },
    transactionCount() {
      commits.flush();
      return newest.count;
    },
    latestTransactionId() {
      commits.flush();
      return newest.id;
    },
    message(transactionId, offset, length) {
      commits.flush();
      return reading.message(transactionId, offset, length);
    },
    session(id) {
      commits.flush();
      return reading.session(id);
    },
    transactionsOfSession(sessionId) {
      commits.flush();
      return reading.transactionsOfSession(sessionId);
    },
    charges(since) {
      commits.flush();
      return reading.charges(since);
    },
    quotaRefusals(window, user, since, stepMs) {
      commits.flush();
      return reading.quotaRefusals(window, user, since, stepMs);
    },
    setSynchronous(mode) {
      commits.flush();
      setSynchronous(mode);
    },
    close() {
      commits.close();
      database.close();
    },
  };
}
