/**
 * Runs the desktop shell. An Electron that ends at once and badly (a sandbox that the system refuses, a missing
 * library) is told apart from an app that was closed, so that the person gets the headless shell instead of nothing.
 */
import { standFor } from './child.mjs';
import { electronExecutable } from './electron-binary.mjs';
import { projectFolder, say } from './project.mjs';

const startUpMs = 10_000;

/**
 * @param {{ env: NodeJS.ProcessEnv }} tools
 * @param {string[]} args passed on to the app
 * @returns {Promise<{ status: number, neverOpened?: string }>} neverOpened: why the headless shell should stand in
 */
export async function runElectron({ env }, args) {
  if (args.includes('--no-sandbox')) say('Electron runs without its sandbox, as asked for by --no-sandbox.');
  const startedAt = Date.now();
  let stopped = false;
  const noteStop = () => {
    stopped = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, noteStop);
  const { ended } = standFor(electronExecutable(), ['.', ...args], { cwd: projectFolder, env });
  const { status, signal } = await ended;
  const endedAtOnce = status !== 0 && !stopped && Date.now() - startedAt < startUpMs;
  return endedAtOnce
    ? { status, neverOpened: `Electron ended at once (${signal ?? `exit status ${status}`})` }
    : { status };
}
