/**
 * Installs the project's npm packages when those in node_modules are not the ones that package-lock.json names.
 * The two lists are compared, not their ages: `npm ci` empties node_modules, so it runs only when it must.
 */
import { runStep } from './child.mjs';
import { inProject, LauncherError, readText, say } from './project.mjs';

/** @returns {Record<string, { version?: string, optional?: boolean }>} by path below the project; the project itself left out */
function packagesIn(lockFile) {
  const { '': _project, ...packages } = JSON.parse(readText(lockFile) ?? '{}').packages ?? {};
  return packages;
}

/** npm writes what it installed into a lock file of its own, at the end of each install. */
function areInstalled() {
  const installedList = inProject('node_modules', '.package-lock.json');
  if (readText(installedList) === undefined) return false;
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
  say('Installing the project’s packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  const { status, output } = await runStep(command, [...args, ...install, '--no-audit', '--no-fund'], {
    quiet: true,
  });
  if (status === 0) return;
  throw new LauncherError(
    `${output}\nThe project’s packages could not be installed. Run "npm ci" to see it alone.`,
  );
}
