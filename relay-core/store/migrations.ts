/**
 * The tables of the store, as a list of migrations: the file's `user_version` says how many of them it has seen.
 * A migration that was released is never changed; a new one goes to the end.
 *
 * Rows are numbered in the order they are kept, so the newest come first by descending number and no index is needed
 * for it. Only what is asked for by other keys is indexed, and refusals by partial indexes, so that accepted mail
 * does not pay for them.
 */
export interface Migration {
  readonly what: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  {
    what: 'Sessions, transactions, messages and quota charges',
    sql: `
      CREATE TABLE sessions (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        record TEXT NOT NULL
      );
      CREATE TABLE transactions (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        session INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        finished_at INTEGER NOT NULL,
        rule TEXT,
        refused_user TEXT,
        search TEXT NOT NULL,
        record TEXT NOT NULL,
        dialogue TEXT NOT NULL
      );
      CREATE INDEX transactions_by_session ON transactions (session);
      CREATE INDEX transactions_not_accepted ON transactions (outcome) WHERE outcome <> 'accepted';
      CREATE INDEX quota_refusals ON transactions (rule, refused_user, finished_at)
        WHERE rule IN ('UQ-1', 'UQ-2', 'CQ-1', 'CQ-2');
      CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        content BLOB NOT NULL
      );
      CREATE TABLE charges (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        user TEXT,
        recipients TEXT NOT NULL
      );`,
  },
];
