/**
 * Runs the headless shell in place of the desktop, and says in one line why, and which address to open.
 * It learns the address from the first line that `--json` puts on stdout.
 */
import { createInterface } from 'node:readline';
import { standFor } from './child.mjs';
import { engineNodeOptions } from './node-runtime.mjs';
import { inProject, projectFolder } from './project.mjs';

/** @param {string} line the first line of `relay-bench serve --json` */
function addressIn(line) {
  try {
    const { http, token } = JSON.parse(line);
    return `${http}/?token=${token}`;
  } catch {
    return undefined;
  }
}

/**
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @param {string[]} args options of `relay-bench serve`
 * @param {string} reason why there is no desktop window
 * @returns {Promise<number>} the exit status
 */
export async function runHeadlessShell({ node, env }, args, reason) {
  const program = [...engineNodeOptions, inProject('dist', 'headless', 'main.js'), 'serve', ...args];
  if (args.includes('--json'))
    return (await standFor(node, program, { cwd: projectFolder, env }).ended).status;
  const { child, ended } = standFor(node, [...program, '--json'], {
    cwd: projectFolder,
    env,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let told = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const address = told ? undefined : addressIn(line);
    told = true;
    console.log(address ? `${reason}. Open Relay Bench at ${address}` : line);
  });
  return (await ended).status;
}
