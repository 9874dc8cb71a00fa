/**
 * Opens the SQLite file: alone with it, in WAL mode, brought to this version's tables. Errors are `StoreError`s.
 * Knows nothing of what is kept in the tables.
 */
import { DatabaseSync } from 'node:sqlite';
import { StoreError, storeErrorOf } from './error.ts';
import { migrations } from './migrations.ts';

/** Says that the file is ours: "RlyB" (PRAGMA application_id). */
const applicationId = 0x52_6c_79_42;
/** Pages of 4 KiB after which the log goes into the file: a checkpoint waits for the disk twice, so there are few. */
const checkpointPages = 16_000;
/** The log is written over from its start, and never cut: it would only have to grow again. Above its usual 64 MB. */
const longestLogBytes = 128 * 1024 * 1024;

/** Opens the file, makes it when it is not there, and takes it for this process alone until it is closed. */
export function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    // Alone with the file SQLite needs no shared memory, and a second engine is told so.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    checkOwner(database, file);
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA journal_size_limit = ${longestLogBytes};
      PRAGMA cache_size = -8192;
      PRAGMA temp_store = MEMORY;
      BEGIN IMMEDIATE;
      COMMIT;`);
    migrate(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw storeErrorOf(error, file);
  }
}

/** Reads a pragma that is one whole number. */
export function numberPragma(database: DatabaseSync, name: 'application_id' | 'user_version'): number {
  const value = database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (typeof value !== 'number') throw new Error(`PRAGMA ${name} gave no number`);
  return value;
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
