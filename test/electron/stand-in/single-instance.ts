/**
 * The single-instance lock: a file in the user's folder that names the process, and a mailbox file beside it through
 * which a second instance makes itself known to the first.
 */
import { mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function holderOf(lock: string): number | null {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    return isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

/**
 * @param onSecond called in the first instance with the second one's command line
 * @returns whether this process is the first
 */
export function claimInstance(userData: string, onSecond: (argv: string[]) => void): boolean {
  mkdirSync(userData, { recursive: true });
  const lock = join(userData, 'stand-in.lock');
  const mailbox = 'stand-in.second-instance';
  const holder = holderOf(lock);
  if (holder !== null && holder !== process.pid) {
    writeFileSync(join(userData, mailbox), JSON.stringify(process.argv));
    return false;
  }
  writeFileSync(lock, String(process.pid));
  const watcher = watch(userData, (_event, name) => {
    if (name !== mailbox) return;
    const letter = takeLetter(join(userData, mailbox));
    if (letter) onSecond(letter);
  });
  watcher.unref();
  process.once('exit', () => rmSync(lock, { force: true }));
  return true;
}

function takeLetter(path: string): string[] | null {
  try {
    const argv = JSON.parse(readFileSync(path, 'utf8')) as string[];
    rmSync(path);
    return argv;
  } catch {
    // Seen between its making and its writing, or already taken.
    return null;
  }
}
