/** Connections to the SQLite file: the engine has one to read by, its writer another. */
import { DatabaseSync } from 'node:sqlite';

/** Pages of 4 KiB after which the log goes into the file: a checkpoint waits for the disk twice, so there are few. */
const checkpointPages = 16_000;
/** The log is written over from its start, and never cut: it would only have to grow again. Above its usual 64 MB. */
const longestLogBytes = 128 * 1024 * 1024;
/** How long one connection waits for the other's commit, in milliseconds. */
const busyMs = 60_000;

/** A connection to a file; SQLite's errors come as they are. */
export function openConnection(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false, timeout: busyMs });
  try {
    database.exec(`
      PRAGMA wal_autocheckpoint = ${checkpointPages};
      PRAGMA journal_size_limit = ${longestLogBytes};
      PRAGMA cache_size = -4096;
      PRAGMA temp_store = MEMORY;`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
