/** The store's files hold messages and the hashes of secrets: nobody but their owner reads them, whatever their folder allows. */
import { chmodSync, closeSync, openSync, statSync } from 'node:fs';

const ownerOnly = 0o600;
const forOthers = 0o077;
/** What SQLite puts beside a file it gives the file's own mode; those that a killed engine left may be older. */
const besides = ['', '-wal', '-shm', '-lock'];

/**
 * Makes the file where there is none, and takes from others what they may do with it and with what lies beside it.
 * @throws the system's error, when it cannot be made
 */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', ownerOnly));
  for (const beside of besides) takeFromOthers(`${file}${beside}`);
}

function takeFromOthers(file: string): void {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & forOthers) === 0) return;
  try {
    chmodSync(file, ownerOnly);
  } catch {
    // Somebody else's file, or a disk that knows no modes: it is used as it is.
  }
}
