/**
 * Opens the SQLite file of the store in WAL mode, brought to this version's tables. Errors are `StoreError`s.
 * Knows nothing of what is kept in the tables.
 */
import type { DatabaseSync } from 'node:sqlite';
import { numberIn } from './columns.ts';
import { openConnection } from './connection.ts';
import { StoreError, storeErrorOf } from './error.ts';
import { migrations } from './migrations.ts';

/** Says that the file is ours: "RlyB" (PRAGMA application_id). */
const applicationId = 0x52_6c_79_42;

/** Opens the file, and makes it when it is not there. */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = openConnection(file);
    checkOwner(database, file);
    database.exec('PRAGMA journal_mode = WAL');
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw storeErrorOf(error, file);
  }
}

function numberPragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return numberIn(database.prepare(`PRAGMA ${name}`).get(), name);
}

function checkOwner(database: DatabaseSync, file: string): void {
  const empty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (empty) {
    database.exec(`PRAGMA application_id = ${applicationId}`);
  } else if (numberPragma(database, 'application_id') !== applicationId) {
    throw new StoreError(
      'damaged',
      file,
      `${file} is a database of another program.`,
      'Give the engine a data directory of its own.',
    );
  }
}

function migrate(database: DatabaseSync, file: string): void {
  const version = numberPragma(database, 'user_version');
  if (version > migrations.length) {
    throw new StoreError(
      'newer',
      file,
      `${file} was written by a newer version of this program (tables ${version}, known here up to ${migrations.length}).`,
      'Use that version, or another data directory.',
    );
  }
  for (const [index, { sql }] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${index + 1}; COMMIT;`);
  }
}
