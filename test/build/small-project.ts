/**
 * A project in a temporary folder with the real launchers and small programs in the place of everything they start, so
 * that what launchers do can be seen from outside, in a second and without a network.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');

export interface SmallProject {
  readonly folder: string;
  /** Writes a file, by its path in the project. */
  write(path: string, text: string): void;
  /** Runs a launcher to its end. */
  run(launcher: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run>;
  /** Starts a launcher that stays. */
  start(launcher: string, args?: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  remove(): void;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A headless shell that says where it is, and ends in order on the first signal, which it counts. */
const headlessShell = `
  const stay = setInterval(() => {}, 1000);
  let signals = 0;
  const stop = (signal) => {
    signals += 1;
    setTimeout(() => { clearInterval(stay); console.log('stopped by ' + signal + ', ' + signals + ' signal'); process.exit(7); }, 300);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (process.argv.includes('--fail')) process.exit(2);
  console.log(JSON.stringify({ http: 'http://127.0.0.1:41234', token: 'secret', listeners: { relay: 2525 } }));
  console.log('arguments ' + process.argv.slice(2).join(' '));
`;

const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'small', type: 'module' }),
  'package-lock.json': '{}',
  'node_modules/.package-lock.json': '{}',
  'node_modules/electron/package.json': JSON.stringify({ version: '45.4.1', type: 'commonjs' }),
  'node_modules/electron/install.js': 'console.error("no network"); process.exit(1);',
  'node_modules/typescript/bin/tsc': '',
  'node_modules/@biomejs/biome/bin/biome': '',
  'build/build.mjs': `
    import { mkdirSync, writeFileSync } from 'node:fs';
    console.log('noise from the build');
    mkdirSync('dist/headless', { recursive: true });
    writeFileSync('dist/headless/main.js', ${JSON.stringify(headlessShell)});
  `,
};

/** Makes the project. The caller removes it. */
export function makeSmallProject(): SmallProject {
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-launchers-'));
  cpSync(join(repository, 'build'), join(folder, 'build'), { recursive: true });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const start = (
    launcher: string,
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): ChildProcess => {
    const {
      ELECTRON_OVERRIDE_DIST_PATH: _stand,
      DISPLAY: _x,
      WAYLAND_DISPLAY: _wayland,
      ...inherited
    } = process.env;
    return spawn(process.execPath, [join('build', launcher), ...args], {
      cwd: folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const run = (launcher: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<Run> =>
    outcome(start(launcher, args, env));
  return { folder, write, start, run, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Waits for a launcher's end. */
export function outcome(child: ChildProcess): Promise<Run> {
  const run = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    run.stdout += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    run.stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...run, status })));
}

/** Resolves when the launcher has put a line on stdout that contains the text. */
export function line(child: ChildProcess, text: string): Promise<string> {
  let seen = '';
  return new Promise((resolve, reject) => {
    child.on('close', () => reject(new Error(`ended without saying "${text}":\n${seen}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk;
      const found = seen
        .split('\n')
        .slice(0, -1)
        .find((one) => one.includes(text));
      if (found !== undefined) resolve(found);
    });
  });
}
