/**
 * Installs the project's npm packages when they are missing or belong to another package-lock.json.
 * What was installed last is remembered by the lock file's hash, inside node_modules so that both go together.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { runStep } from './child.mjs';
import { inProject, LauncherError, readText, say } from './project.mjs';

const lockFile = inProject('package-lock.json');
const stampFile = inProject('node_modules', '.relay-bench-lock');
/** npm writes this file at the end of every install. */
const npmStampFile = inProject('node_modules', '.package-lock.json');

const lockHash = () =>
  createHash('sha256')
    .update(readText(lockFile) ?? '')
    .digest('hex');

function areInstalled() {
  if (!existsSync(npmStampFile)) return false;
  const stamp = readText(stampFile);
  if (stamp !== undefined) return stamp === lockHash();
  return statSync(npmStampFile).mtimeMs >= statSync(lockFile).mtimeMs;
}

/**
 * `npm ci` when it is needed; nothing otherwise.
 * @throws {LauncherError} when npm fails
 */
export async function installDependencies() {
  if (!areInstalled()) {
    say('Installing the project’s packages (npm ci) …');
    const npm = process.env.npm_execpath;
    const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
    const { status, output } = await runStep(command, [...args, 'ci', '--no-audit', '--no-fund'], {
      quiet: true,
    });
    if (status !== 0) {
      throw new LauncherError(
        `${output}\nThe project’s packages could not be installed. Run "npm ci" to see it alone.`,
      );
    }
  }
  if (readText(stampFile) !== lockHash()) writeFileSync(stampFile, lockHash());
}
