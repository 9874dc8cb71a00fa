/**
 * Builds the page, the desktop shell (main, engine process, preload) and the headless shell into `dist/`, with Vite.
 * Everything is bundled, so that what is packed is `dist/` and nothing else. A build replaces `dist/` only when all of
 * it succeeded. `node build/build.mjs PART …` keeps to some of renderer, electron, headless.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { bundle, threadPrograms } from './bundle.mjs';
import { inProject } from './launcher/project.mjs';

const staging = inProject('.cache', `build-${process.pid}`);

/** The bundles that run in Node or Electron. A sandboxed preload takes nothing but one CommonJS file. */
const bundles = [
  { part: 'electron', entry: 'electron/main.ts', file: 'main.js', format: 'es' },
  { part: 'electron', entry: 'electron/engine-process.ts', file: 'engine-process.js', format: 'es' },
  { part: 'electron', entry: 'electron/preload.ts', file: 'preload.cjs', format: 'cjs' },
  { part: 'headless', entry: 'headless/main.ts', file: 'main.js', format: 'es' },
  ...['electron', 'headless'].flatMap((part) => threadPrograms.map((program) => ({ part, ...program }))),
];

async function buildBundles(part) {
  for (const { part: of, ...program } of bundles)
    if (of === part && existsSync(inProject(program.entry))) await bundle(program, join(staging, part));
}

const buildPage = () =>
  build({
    configFile: inProject('renderer', 'vite.config.ts'),
    root: inProject('renderer'),
    logLevel: 'warn',
    build: { outDir: join(staging, 'renderer'), emptyOutDir: true },
  });

function moveIntoPlace(part) {
  const target = inProject('dist', part);
  rmSync(target, { recursive: true, force: true });
  renameSync(join(staging, part), target);
}

/** The parts of `dist/`. */
const parts = [
  { name: 'renderer', build: buildPage },
  { name: 'electron', build: () => buildBundles('electron') },
  { name: 'headless', build: () => buildBundles('headless') },
];

const asked = process.argv.slice(2);
const wanted = parts.filter(({ name }) => asked.length === 0 || asked.includes(name));

try {
  mkdirSync(inProject('dist'), { recursive: true });
  for (const part of wanted) await part.build();
  for (const { name } of wanted) if (existsSync(join(staging, name))) moveIntoPlace(name);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
