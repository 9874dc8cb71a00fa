/**
 * Says whether `dist/` was built from the sources as they are now, by a hash over everything that goes into it,
 * and builds when it was not.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './child.mjs';
import { environmentFor } from './node-runtime.mjs';
import { inProject, projectFolder, readText, say } from './project.mjs';

const inputs = [
  'build/build.mjs',
  'electron',
  'headless',
  'package-lock.json',
  'package.json',
  'relay-core',
  'renderer',
  'tsconfig.base.json',
];
const stampFile = inProject('dist', '.inputs-sha256');

function* filesBelow(path) {
  if (!existsSync(inProject(path))) return;
  const entries = readdirSync(inProject(path), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = join(path, entry.name);
    if (entry.isDirectory()) yield* filesBelow(name);
    else if (entry.isFile()) yield name;
  }
}

function inputsHash() {
  const hash = createHash('sha256');
  for (const input of inputs) {
    const files = /\.\w+$/.test(input) ? [input] : filesBelow(input);
    for (const file of files)
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(projectFolder, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/**
 * Builds when a source changed since the last build, or when `dist/` is not there.
 * @param {string} node the Node to build with
 */
export async function buildWhenChanged(node) {
  const hash = inputsHash();
  if (readText(stampFile) === hash) return;
  say('Building …');
  await mustRun('The build failed', node, [inProject('build', 'build.mjs')], {
    env: environmentFor(node),
    quiet: true,
  });
  writeFileSync(stampFile, hash);
}
