/**
 * Where the project lies, and how a launcher speaks to the person who started it.
 * Launchers run on Node 20 with nothing installed, so this folder imports Node's own modules only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @param {...string} parts path below the project's folder
 * @returns {string} the absolute path
 */
export const inProject = (...parts) => join(projectFolder, ...parts);

/** What launchers remember between runs; never committed. */
export const cacheFolder = inProject('.cache');

/**
 * Says one thing to the person, on stderr, since stdout may belong to a program (`relay-bench serve --json`).
 * @param {string} text
 */
export const say = (text) => void process.stderr.write(`${text}\n`);

/** A failure the person can do something about: printed without a stack, exit status 1. */
export class LauncherError extends Error {}

/**
 * Runs a launcher's body and turns its failure into one plain message.
 * @param {() => Promise<number | undefined>} body gives the exit status; nothing stands for 0
 */
export async function launch(body) {
  try {
    process.exit((await body()) ?? 0);
  } catch (error) {
    say(error instanceof LauncherError ? error.message : String(error?.stack ?? error));
    process.exit(1);
  }
}

/**
 * @param {string} path
 * @returns {string | undefined} the file's text, or nothing when it cannot be read
 */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
