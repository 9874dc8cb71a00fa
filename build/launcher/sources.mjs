/**
 * Says whether `dist/` was built from the sources as they are now, by a hash over everything that goes into it,
 * and builds when it was not.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './child.mjs';
import { environmentFor } from './node-runtime.mjs';
import { inProject, readText, say } from './project.mjs';

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

/** All files at or below a path, in a fixed order; none when it is not there. */
function* filesAt(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) yield path;
  if (stat?.isDirectory()) for (const name of readdirSync(path).sort()) yield* filesAt(join(path, name));
}

function inputsHash() {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesAt(inProject(input)))
      hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
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
