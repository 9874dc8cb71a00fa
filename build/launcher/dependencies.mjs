/**
 * Installs the project's npm packages when those in node_modules are not the ones that package-lock.json names.
 * The two lists are compared, not their ages, so that nothing is installed without need.
 */
import { existsSync } from 'node:fs';
import { runStep } from './child.mjs';
import { inProject, LauncherError, readText, say } from './project.mjs';

/** @returns {Record<string, { version?: string, optional?: boolean }>} by path below the project; the project itself left out */
function packagesIn(lockFile) {
  const { '': _project, ...packages } = JSON.parse(readText(lockFile) ?? '{}').packages ?? {};
  return packages;
}

/** npm writes what it installed into a lock file of its own, at the end of each install. */
const installedList = inProject('node_modules', '.package-lock.json');

function areInstalled() {
  if (!existsSync(installedList)) return false;
  const installed = packagesIn(installedList);
  return Object.entries(packagesIn(inProject('package-lock.json'))).every(([path, { version, optional }]) =>
    path in installed ? installed[path].version === version : optional === true,
  );
}

/**
 * `npm ci` where nothing is installed, an update in place where the lock file has changed; nothing otherwise.
 * @throws {LauncherError} when npm fails
 */
export async function installDependencies() {
  if (areInstalled()) return;
  // `npm ci` empties node_modules first, under whoever uses it.
  const asked = existsSync(installedList) ? ['install', '--no-save'] : ['ci'];
  say(`Installing the project’s packages (npm ${asked.join(' ')}) …`);
  const npm = process.env.npm_execpath;
  const [program, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const args = [...first, ...asked, '--no-audit', '--no-fund'];
  const { status, output } = await runStep(program, args, { quiet: true });
  if (status === 0) return;
  throw new LauncherError(
    `${output}\nThe project’s packages could not be installed. Run "npm ci" to see it alone.`,
  );
}
