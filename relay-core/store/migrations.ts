/**
 * The tables of the store, as a list of migrations: the file's `user_version` says how many of them it has seen.
 * A migration that was released is never changed; a new one goes to the end.
 *
 * Rows are numbered in the order they are kept, so that newest first is by descending number. An index in any other
 * order costs an accepted message as much as its whole row (one page more in each commit), so ids are indexed late and
 * in bulk (`id-index.ts`), and refusals by partial indexes, which accepted mail does not touch.
 */

import { alertsTable } from './alerts.ts';
import { benchHistoryTables } from './bench-history.ts';
import { coursesOfRecords, courseTable } from './courses-of-records.ts';
import { withFindings } from './findings.ts';

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
        id TEXT NOT NULL,
        record TEXT NOT NULL
      );
      CREATE TABLE transactions (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        outcome TEXT NOT NULL,
        finished_at INTEGER NOT NULL,
        rule TEXT,
        refused_user TEXT,
        search TEXT NOT NULL,
        record TEXT NOT NULL,
        dialogue TEXT NOT NULL
      );
      CREATE INDEX transactions_search ON transactions (number, outcome, search);
      CREATE INDEX transactions_not_accepted ON transactions (outcome, number) WHERE outcome <> 'accepted';
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
      );
      CREATE TABLE session_ids (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE transaction_ids (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE indexed (ids TEXT PRIMARY KEY, last_number INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO indexed VALUES ('session_ids', 0), ('transaction_ids', 0);`,
  },
  {
    what: 'The ledger that counts, what was filled in by hand, and the engine’s clock',
    sql: `
      CREATE TABLE ledger (
        last_charge INTEGER NOT NULL,
        last_transaction INTEGER NOT NULL,
        clock_mode TEXT NOT NULL,
        clock_speed REAL NOT NULL,
        clock_offset_ms INTEGER NOT NULL,
        clock_set_at INTEGER NOT NULL
      );
      INSERT INTO ledger VALUES (0, 0, 'real', 1, 0, 0);
      CREATE TABLE fills (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        quota_window TEXT NOT NULL,
        user TEXT,
        amount INTEGER NOT NULL
      );`,
  },
  {
    what: 'The bench file’s versions in force and on their way, and the audit log',
    sql: benchHistoryTables,
  },
  {
    what: 'Of each transaction what it takes to ask again how it would end',
    sql: courseTable + coursesOfRecords,
  },
  {
    what: 'Sessions with findings',
    sql: `CREATE INDEX sessions_with_findings ON sessions (number) WHERE ${withFindings};`,
  },
  { what: 'Alerts to the super administrator', sql: alertsTable },
  {
    what: 'A message in its transaction’s row, and the searched text in its course: fewer pages in each commit',
    sql: `
      ALTER TABLE courses ADD COLUMN search TEXT NOT NULL DEFAULT '';
      UPDATE courses SET search = transactions.search
        FROM transactions WHERE transactions.number = courses.number;
      DROP INDEX transactions_search;
      ALTER TABLE transactions DROP COLUMN search;
      ALTER TABLE transactions ADD COLUMN content BLOB;
      UPDATE transactions SET content = messages.content
        FROM messages WHERE messages.number = transactions.number;
      DROP TABLE messages;`,
  },
  {
    what: 'Whether the engine’s clock was stopped in order at the setting that was kept last',
    sql: `ALTER TABLE ledger ADD COLUMN clock_after TEXT NOT NULL DEFAULT 'ran-on';`,
  },
];
