/**
 * The programs of the system that tests use besides npm's packages. As root on Debian they are installed; elsewhere a
 * missing one is named with the command that installs it, and the tests that need it report themselves as skipped.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runStep } from './child.mjs';
import { inProject, readText, say } from './project.mjs';

/** Each by the commands that may provide it, the first found being enough. */
const programs = [
  { commands: ['chromium', 'chromium-browser', 'google-chrome'], packages: ['chromium', 'fonts-liberation'] },
  { commands: ['swaks'], packages: ['swaks', 'libnet-ssleay-perl'] },
  { commands: ['curl'], packages: ['curl'] },
  { commands: ['python3'], packages: ['python3'] },
];
const mailServerInstaller = inProject('test', 'mail-servers', 'install.mjs');

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missingPrograms = () => programs.filter(({ commands }) => !commands.some(isOnPath));

/** @returns {boolean} whether packages may be installed here: root on Debian or a child of it */
export const mayInstall = () =>
  process.getuid?.() === 0 &&
  isOnPath('apt-get') &&
  /^ID(_LIKE)?=.*debian/m.test(readText('/etc/os-release') ?? '');

async function installPackages(packages) {
  say(`Installing ${packages.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    runStep('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, quiet: true });
  if ((await install()).status === 0) return;
  await runStep('apt-get', ['update'], { env, quiet: true });
  const { status, output } = await install();
  if (status !== 0) say(output);
}

/**
 * Installs or names what is missing; runs the mail servers' own installer too.
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @returns {Promise<string[]>} one line for each program that is still missing, with the command that installs it
 */
export async function installPrograms({ node, env }) {
  const wanted = missingPrograms().flatMap(({ packages }) => packages);
  if (wanted.length > 0 && mayInstall()) await installPackages(wanted);
  const lines = missingPrograms().map(
    ({ commands, packages }) =>
      `${commands[0]} is missing: its tests are skipped (sudo apt-get install ${packages.join(' ')})`,
  );
  if (!existsSync(mailServerInstaller)) return lines;
  const { status, output } = await runStep(node, [mailServerInstaller], { env });
  return status === 0 ? lines : [...lines, output.trim()];
}
