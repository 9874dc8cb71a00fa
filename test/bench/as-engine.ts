/** Runs a measurement as users run the engine: bundled, in a process of its own with the engine's options of Node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, threadPrograms } from '../../build/bundle.mjs';
import { engineNodeOptions } from '../../build/launcher/node-runtime.mjs';

/** Given as text: a program in TypeScript would have Node strip its types, and whatever that leaves behind in V8. */
const program = `
  const [file, ...args] = process.argv.slice(1);
  const { run } = await import(file);
  await run(args);
`;

/**
 * Runs `test/bench/<name>.ts`, and ends as it ends.
 * @param args its options
 */
export async function runAsEngine(name: string, args: readonly string[]): Promise<void> {
  const folder = join(process.cwd(), '.cache', 'bench', name);
  const file = `${name}.js`;
  await bundle({ entry: `test/bench/${name}.ts`, file, format: 'es' }, folder);
  for (const thread of threadPrograms) await bundle(thread, folder);
  const options = [...engineNodeOptions, '--input-type=module', '--eval', program, '--'];
  const child = spawn(process.execPath, [...options, pathToFileURL(join(folder, file)).href, ...args], {
    stdio: 'inherit',
  });
  await once(child, 'exit');
  process.exitCode = child.exitCode ?? 1;
}
