/** Runs a measurement in a process of its own, with the options of Node that the engine is started with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { engineNodeOptions } from '../../build/launcher/node-runtime.mjs';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));

/** Whether this process has the engine's options. */
export function isAsEngine(): boolean {
  return engineNodeOptions.every((option) => process.execArgv.includes(option));
}

/** Runs a measurement by its name with the engine's options, and ends as it ends. */
export async function runAsEngine(name: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...engineNodeOptions, program, name, ...args], { stdio: 'inherit' });
  await once(child, 'exit');
  process.exitCode = child.exitCode ?? 1;
}
