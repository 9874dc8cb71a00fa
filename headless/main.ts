/**
 * The entry of the headless shell: the same engine and pages without a desktop, over HTTP on loopback.
 * Exit status: 0 after an orderly end, 2 when what it was given cannot be used (options, ports, files), 1 after a fault.
 */

import { EngineStartError } from '../relay-core/engine.ts';
import type { StartProgress } from '../relay-core/restoring.ts';
import { engineVersion } from '../relay-core/version.ts';
import { progressText } from './announce.ts';
import { startBench } from './bench.ts';
import { canShowBrowser, openBrowser } from './browser.ts';
import { portOptions, readCommandLine, type ServeOptions, usage } from './command-line.ts';
import { pagesFolder } from './installation.ts';
import { CannotServe, serve } from './serve.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`relay-bench: ${line}\n`);

/** A start with millions of charges takes some seconds: on stderr, since stdout's first line is for programs. */
const tellProgress = (progress: StartProgress): void => complain(progressText(progress));

/** Resolves at the first signal; a second one ends the process at once, as it would without us. */
const stopSignal = (): Promise<unknown> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });

async function run(): Promise<number> {
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      say(engineVersion);
      return 0;
    case 'refused':
      complain(`${command.message} (relay-bench --help lists the options)`);
      return 2;
    case 'serve':
      return serveCommand(command.options);
  }
}

async function serveCommand(options: ServeOptions): Promise<number> {
  try {
    await serve(options, {
      startBench: ({ onProgress, ...options }) =>
        startBench({
          ...options,
          onProgress(progress) {
            tellProgress(progress);
            onProgress(progress);
          },
        }),
      pagesFolder,
      version: engineVersion,
      print: say,
      warn: (line) => complain(`warning: ${line}`),
      openBrowser: async (address) => {
        if (canShowBrowser(process.env, process.platform)) await openBrowser(address);
      },
      stopAsked: stopSignal(),
    });
    return 0;
  } catch (error) {
    if (error instanceof CannotServe) return refuse(error.message);
    if (error instanceof EngineStartError) return refuse(whyNotStarted(error));
    throw error;
  }
}

function refuse(message: string): number {
  complain(message);
  return 2;
}

/** In one line, with the option that helps. */
function whyNotStarted({ message, hint, listener }: EngineStartError): string {
  const option = portOptions.find((name) => name === listener?.role);
  if (listener?.systemCode === 'EADDRINUSE' && option !== undefined) {
    return `port ${listener.port} is taken; choose another with --${option} PORT`;
  }
  const advice =
    listener?.systemCode === 'EACCES' && option !== undefined
      ? `choose a port from 1024 up with --${option} PORT`
      : hint;
  return [message.replace(/\.$/, ''), ...(advice === undefined ? [] : [advice])].join('; ');
}

// What is not needed any more may still hold the process: an orderly end is an end.
process.exit(
  await run().catch((error: unknown) => {
    console.error(error);
    return 1;
  }),
);
