/**
 * Starts Debian's Chromium (or another found on the PATH), headless and without any traffic of its own, as the engine
 * behind the stand-in's windows.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { type CdpConnection, connect } from './cdp.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const switches = [
  '--headless=new',
  '--no-startup-window',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-gpu',
];

/** The path of a Chromium on this machine, or of the one that CHROMIUM names; nothing when there is none. */
export function findChromium(): string | null {
  const { CHROMIUM: named } = process.env;
  if (named !== undefined) return isExecutable(named) ? named : null;
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Chromium {
  readonly connection: CdpConnection;
  readonly process: ChildProcess;
}

/**
 * @param profile folder for Chromium's own files
 * @param debuggingPort whether Playwright waits for a DevTools address on stderr
 */
export async function startChromium(profile: string, debuggingPort: boolean): Promise<Chromium> {
  const path = findChromium();
  if (path === null) throw new Error('The stand-in needs Chromium (sudo apt-get install chromium)');
  const args = [
    ...switches,
    `--user-data-dir=${profile}`,
    ...(debuggingPort ? ['--remote-debugging-port=0'] : []),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  const [, , stderr, input, output] = child.stdio;
  if (!(stderr instanceof Readable && input instanceof Writable && output instanceof Readable)) {
    throw new Error('Chromium has no debugging pipe');
  }
  const announced = new Promise<void>((resolve) => {
    createInterface({ input: stderr }).on('line', (line) => {
      if (!line.startsWith('DevTools listening on')) return;
      process.stderr.write(`${line}\n`);
      resolve();
    });
  });
  const connection = connect(input, output);
  await connection.send('Target.setDiscoverTargets', { discover: true });
  if (debuggingPort) await announced;
  return { connection, process: child };
}
