/** Runs a measurement as users run the engine: bundled, in a process of its own with the engine's options of Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, threadPrograms } from '../../build/bundle.mjs';
import { engineNodeOptions } from '../../build/launcher/node-runtime.mjs';

const program = fileURLToPath(new URL('./run-bundle.mjs', import.meta.url));

/**
 * Runs `test/bench/<name>.ts`, and ends as it ends.
 * @param args its options
 */
export async function runAsEngine(name: string, args: readonly string[]): Promise<void> {
  const folder = join(process.cwd(), '.cache', 'bench', name);
  const file = `${name}.js`;
  await bundle({ entry: `test/bench/${name}.ts`, file, format: 'es' }, folder);
  for (const thread of threadPrograms) await bundle(thread, folder);
  const child = spawn(process.execPath, [...engineNodeOptions, program, join(folder, file), ...args], {
    stdio: 'inherit',
  });
  await once(child, 'exit');
  process.exitCode = child.exitCode ?? 1;
}
