/**
 * Finds the Node that runs the project. The machine may have Node 20; the project brings Node 24 as a development
 * dependency. Its install script must have run, else npm scripts silently stay on the machine's Node, so the program
 * itself is asked for its version.
 */
import { delimiter } from 'node:path';
import { runStep } from './child.mjs';
import { inProject, LauncherError } from './project.mjs';

/**
 * Options of Node for a process that runs the engine: what it makes for a message is soon garbage, and a young generation
 * of 64 MiB, Node's own choice, would only make it look large. What its start leaves behind it collects itself.
 */
export const engineNodeOptions = ['--max-semi-space-size=8', '--expose-gc'];

const neededMajor = 24;
const major = (version) => Number(/^v?(\d+)\./.exec(version)?.[1] ?? 0);
const ownNode = inProject('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * @returns {Promise<string>} the path of a Node that is 24 or newer: the current one, or the project's own
 * @throws {LauncherError} that says what runs instead and what to do
 */
export async function findNode() {
  if (major(process.version) >= neededMajor) return process.execPath;
  const answer = await runStep(ownNode, ['--version'], { quiet: true, timeoutMs: 10_000 });
  if (answer.status === 0 && major(answer.output) >= neededMajor) return ownNode;
  const found =
    answer.status === 0
      ? `node_modules brings Node ${answer.output.trim()}`
      : 'the one that node_modules should bring does not run (npm may be set to ignore install scripts)';
  throw new LauncherError(
    `Relay Bench needs Node ${neededMajor}; this is Node ${process.version}, and ${found}.\n` +
      'Run "npm rebuild node --ignore-scripts=false", or install Node 24 and try again.',
  );
}

/**
 * @param {string} node the path from findNode
 * @returns {NodeJS.ProcessEnv} an environment in which `node`, also for grandchildren, is that one
 */
export function environmentFor(node) {
  const bin = inProject('node_modules', '.bin');
  const nodeFolder =
    node === ownNode ? inProject('node_modules', 'node', 'bin') : node.replace(/[\\/][^\\/]+$/, '');
  return { ...process.env, PATH: [nodeFolder, bin, process.env.PATH].filter(Boolean).join(delimiter) };
}
