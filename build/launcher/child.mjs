/**
 * Starts other programs for a launcher: steps that must end well, and the program the launcher stands for.
 * Knows nothing of what the programs do.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LauncherError, projectFolder } from './project.mjs';

/** Two signals closer than this are one key press: the terminal and npm both deliver Ctrl-C. */
const sameKeyPressMs = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Ends the launcher, and by its `exit` event the steps under way. */
const endLauncher = (signal) => process.exit(128 + constants.signals[signal]);

/**
 * Runs a step and waits for it. Its output goes to stderr, so that stdout stays the main program's. A step under way
 * ends with the launcher; a signal ends both, but for a step `behind` the main program, which decides for itself.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeoutMs?: number, quiet?: boolean, cwd?: string, behind?: boolean }} [options]
 * @returns {Promise<{ status: number, output: string }>} status 127 when the program is not there
 */
export function runStep(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? projectFolder,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
    });
    const endWithLauncher = () => child.kill();
    process.once('exit', endWithLauncher);
    const caught = options.behind ? [] : signals;
    for (const signal of caught) process.on(signal, endLauncher);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (!options.quiet) process.stderr.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}` }));
    child.on('close', (status) => {
      process.off('exit', endWithLauncher);
      for (const signal of caught) process.off(signal, endLauncher);
      resolve({ status: status ?? 1, output });
    });
  });
}

/**
 * Runs a step that must end well.
 * @param {string} what the sentence to fail with
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof runStep>[2]} [options]
 */
export async function mustRun(what, command, args, options) {
  const { status, output } = await runStep(command, args, options);
  if (status !== 0) {
    throw new LauncherError(`${options?.quiet ? output : ''}${what} (exit status ${status})`);
  }
}

/**
 * Starts the program a launcher stands for. It runs in a process group of its own and gets each signal from here:
 * else the terminal's Ctrl-C would reach it twice, and the second would cut its orderly stop short.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {{ child: import('node:child_process').ChildProcess, ended: Promise<{ status: number, signal: string | null }> }}
 */
export function standFor(command, args, options = {}) {
  const child = spawn(command, args, {
    stdio: 'inherit',
    detached: process.platform !== 'win32',
    ...options,
  });
  let lastSignalAt = 0;
  const forward = (signal) => {
    if (Date.now() - lastSignalAt < sameKeyPressMs) return;
    lastSignalAt = Date.now();
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, forward);
  const ended = new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new LauncherError(`${command} could not be started: ${error.message}`)),
    );
    child.on('close', (status, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve({ status: status ?? 128 + (constants.signals[signal] ?? 0), signal });
    });
  });
  return { child, ended };
}
