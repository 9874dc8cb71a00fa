/**
 * The suites of `npm test`: types, lint (with format and the direction of imports), and Vitest's tests by room.
 * Each suite gives counts; a suite that could not run at all counts as one failure, never as nothing.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { runStep } from './child.mjs';
import { inProject, projectFolder, readText, say } from './project.mjs';

/** @typedef {{ name: string, passed: number, failed: number, skipped: number }} SuiteResult */

const resultsFile = inProject('artifacts', 'test-results.json');
const packageProgram = (...path) => inProject('node_modules', ...path);

/** The checks that read the sources: the program's exit status is the one test. */
const checks = [
  { name: 'types', program: packageProgram('typescript', 'bin', 'tsc'), args: ['-b'] },
  {
    name: 'lint',
    program: packageProgram('@biomejs', 'biome', 'bin', 'biome'),
    args: ['check', '--error-on-warnings', '--max-diagnostics=50'],
  },
];

/**
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @returns {Promise<SuiteResult[]>} types and lint
 */
export async function runChecks({ node, env }) {
  const results = [];
  for (const { name, program, args } of checks) {
    say(`\n${name}`);
    const { status } = await runStep(node, [program, ...args], { env });
    results.push({ name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 });
  }
  return results;
}

const roomOf = (file) =>
  ['test', ...relative(inProject('test'), file).split(sep).slice(0, -1)].slice(0, 2).join('/');

/** @returns {SuiteResult} one file's counts; a file that failed outside its tests counts one failure */
function countFile({ name, status, assertionResults }) {
  const count = (...states) => assertionResults.filter((test) => states.includes(test.status)).length;
  const failed = count('failed');
  return {
    name: roomOf(name),
    passed: count('passed'),
    failed: status === 'failed' && failed === 0 ? 1 : failed,
    skipped: count('skipped', 'pending', 'todo', 'disabled'),
  };
}

function byRoom(files) {
  const rooms = new Map();
  for (const file of files) {
    const room = rooms.get(file.name) ?? { name: file.name, passed: 0, failed: 0, skipped: 0 };
    for (const key of ['passed', 'failed', 'skipped']) room[key] += file[key];
    rooms.set(file.name, room);
  }
  return [...rooms.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param {{ node: string, env: NodeJS.ProcessEnv }} tools
 * @param {string[]} filters files or folders to keep to; none for all
 * @returns {Promise<SuiteResult[]>} one for each folder under test/
 */
export async function runTests({ node, env }, filters) {
  say('\ntests');
  mkdirSync(inProject('artifacts'), { recursive: true });
  rmSync(resultsFile, { force: true });
  const { status } = await runStep(
    node,
    [
      packageProgram('vitest', 'vitest.mjs'),
      'run',
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`],
      ...filters,
    ],
    { env, cwd: projectFolder },
  );
  const results = byRoom((JSON.parse(readText(resultsFile) ?? '{}').testResults ?? []).map(countFile));
  const explained = results.length > 0 && (status === 0 || results.some(({ failed }) => failed > 0));
  return explained ? results : [...results, { name: 'vitest itself', passed: 0, failed: 1, skipped: 0 }];
}
