/** `npm test`: what is counted, and how it ends. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSmallProject, type SmallProject } from './small-project.ts';

/** A Vitest that leaves these results; `status` is its own exit status. */
const vitestWith = (results: unknown, status: number): string => `
  import { writeFileSync } from 'node:fs';
  const file = process.argv.find((arg) => arg.startsWith('--outputFile.json=')).split('=')[1];
  const results = ${JSON.stringify(results)};
  if (results) writeFileSync(file, JSON.stringify(results));
  process.exit(${status});
`;

describe('npm test', () => {
  let project: SmallProject;

  beforeEach(() => {
    project = makeSmallProject();
  });
  afterEach(() => project.remove());

  const fileOf = (room: string, status: string, ...tests: string[]) => ({
    name: `${project.folder}/test/${room}/some.test.ts`,
    status,
    assertionResults: tests.map((test) => ({ status: test })),
  });
  const withVitest = (results: unknown, status: number) =>
    project.write('node_modules/vitest/vitest.mjs', vitestWith(results, status));
  const lastLine = (stdout: string) => stdout.trimEnd().split('\n').at(-1);

  it('ends with one line over the build, types, lint and all tests', async () => {
    withVitest(
      { testResults: [fileOf('policy', 'passed', 'passed', 'passed'), fileOf('quota', 'passed', 'passed')] },
      0,
    );
    const { status, stdout } = await project.run('test.mjs');
    expect(lastLine(stdout)).toBe('6 passed, 0 failed, 0 skipped');
    expect(stdout).toContain('test/policy          2 passed');
    expect(status).toBe(0);
  });

  it('counts a skipped test as skipped, never as passed', async () => {
    withVitest({ testResults: [fileOf('e2e', 'passed', 'passed', 'skipped', 'pending', 'todo')] }, 0);
    expect(lastLine((await project.run('test.mjs')).stdout)).toBe('4 passed, 0 failed, 3 skipped');
  });

  it('counts a file that failed outside its tests as a failure', async () => {
    withVitest({ testResults: [fileOf('e2e', 'failed'), fileOf('quota', 'failed', 'skipped')] }, 1);
    const { status, stdout } = await project.run('test.mjs');
    expect(lastLine(stdout)).toBe('3 passed, 2 failed, 1 skipped');
    expect(status).toBe(1);
  });

  it('fails when Vitest leaves no results, or ends badly although every test passed', async () => {
    withVitest(null, 1);
    expect(lastLine((await project.run('test.mjs')).stdout)).toBe('3 passed, 1 failed, 0 skipped');
    withVitest({ testResults: [fileOf('quota', 'passed', 'passed')] }, 1);
    expect(lastLine((await project.run('test.mjs')).stdout)).toBe('4 passed, 1 failed, 0 skipped');
  });

  it('fails on types, lint or the build, and still runs the rest', async () => {
    withVitest({ testResults: [fileOf('quota', 'passed', 'passed')] }, 0);
    project.write('node_modules/typescript/bin/tsc', 'process.exit(2);');
    project.write('build/build.mjs', 'process.exit(1);');
    const { status, stdout } = await project.run('test.mjs');
    expect(lastLine(stdout)).toBe('2 passed, 2 failed, 0 skipped');
    expect(status).toBe(1);
  });
});
