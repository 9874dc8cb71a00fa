/**
 * The stand-in's entry, in the place of Electron's own start-up: reads the command line, answers `electron` to whoever
 * imports or requires it, runs `-r` modules and the app's main file, and only then lets the app be ready.
 */
import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

/** Real Electron waits for the main file for ever; a test had better be told. */
const mainFileLimitMs = 10_000;

const manifestSchema = z.object({ name: z.string(), version: z.string(), main: z.string() });

const [, , ...args] = process.argv;
process.argv = [process.argv[1]?.replace(/launch\.ts$/, 'electron') ?? 'electron', ...args];

/** The switches of Node's that come before the app's folder and take the next argument. */
const required = args.flatMap((arg, index) => (arg === '-r' ? [args[index + 1] ?? ''] : []));
const folder = resolve(args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-r') ?? '.');
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

const electronModule = new URL('./api.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: electronModule, shortCircuit: true } : next(specifier, context),
});

if (args.some((arg) => arg.startsWith('--inspect'))) inspector.open(0);

const { startApp } = await import('./app.ts');
const start = startApp({ folder, args, name: manifest.name, version: manifest.version });
for (const module of required) createRequire(import.meta.url)(module);

const limit = setTimeout(() => {
  process.stderr.write(`${manifest.main} did not finish: a top-level await holds "ready" back for ever.\n`);
  process.exit(1);
}, mainFileLimitMs);
await import(pathToFileURL(join(folder, manifest.main)).href);
clearTimeout(limit);
await start();
