/** The headless shell as a process of its own, as a person or a script starts it, over a folder of the test's. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { ended, type ProgramResult, removeFolder, runProgram, scratchFolder } from '../fixtures/program.ts';

const program = fileURLToPath(new URL('../../headless/main.ts', import.meta.url));

export const anyFreePort = ['--relay', '0', '--smtps', '0', '--submission', '0', '--http', '127.0.0.1:0'];

/** Exactly what the first line may hold. */
export const readySchema = z.strictObject({
  http: z.url(),
  token: z.string().min(20),
  listeners: z.strictObject({
    relay: z.int(),
    smtps: z.int(),
    submission: z.int(),
    proxy: z.int().optional(),
  }),
});
export type Ready = z.infer<typeof readySchema>;

/** Runs the shell to its end. */
export const runShell = (...args: string[]): Promise<ProgramResult> =>
  runProgram(process.execPath, [program, ...args]);

export interface Shell {
  readonly ready: Ready;
  readonly processId: number;
  /** An API call with the token; JSON in, the response out. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  /** Sends a signal and waits for the end; gives the exit status and what was said on stderr. */
  stop(signal: NodeJS.Signals): Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** Starts `serve --json` over a data folder, on free ports unless `args` say otherwise. */
export async function startShell(dataFolder: string, args: readonly string[] = anyFreePort): Promise<Shell> {
  const child = spawn(
    process.execPath,
    [program, 'serve', '--json', '--no-open', '--data', dataFolder, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (status) => reject(new Error(`The shell ended with ${status}: ${stderr}`)));
  });
  const ready = readySchema.parse(JSON.parse(line));
  return {
    ready,
    processId: child.pid ?? -1,
    call: (method, path, body) =>
      fetch(`${ready.http}${path}`, {
        method,
        headers: { authorization: `Bearer ${ready.token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async stop(signal) {
      child.kill(signal);
      await ended(child);
      return { status: child.exitCode, stderr };
    },
  };
}

/** One shell for all tests of a file, over a data folder of its own. */
export function sharedShell() {
  const folder = scratchFolder();
  let shell: Shell | null = null;
  const running = (): Shell => {
    if (shell === null) throw new Error('the shell runs while tests run');
    return shell;
  };
  beforeAll(async () => {
    shell = await startShell(folder);
  });
  afterAll(async () => {
    await shell?.stop('SIGTERM');
    removeFolder(folder);
  });
  return {
    get ready() {
      return running().ready;
    },
    call: (...request: Parameters<Shell['call']>) => running().call(...request),
  };
}
