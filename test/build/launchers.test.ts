/** `npm start` and `relay-bench`: what is started, what is said, and how it stops. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { line, makeSmallProject, outcome, type SmallProject } from './small-project.ts';

let project: SmallProject;

beforeEach(() => {
  project = makeSmallProject();
});
afterEach(() => project.remove());

describe('npm start', () => {
  /** As on an ordinary user's desktop; the tests themselves may run as root. */
  const desktop = { args: process.getuid?.() === 0 ? ['--no-sandbox'] : [], env: { DISPLAY: ':0' } };

  it('runs the headless shell with one line that says why and the address', async () => {
    const child = project.start('start.mjs', ['--relay', '0'], { DISPLAY: ':0' });
    const end = outcome(child);
    expect(await line(child, 'http')).toMatch(/^.*Electron.* http:\/\/127\.0\.0\.1:41234\/\?token=secret$/);
    child.kill('SIGINT');
    expect((await end).stdout).toContain('arguments serve --relay 0 --json');
  });

  it('is asked for the headless shell by --headless', async () => {
    const child = project.start('start.mjs', ['--headless']);
    const end = outcome(child);
    expect(await line(child, 'http')).toContain('No window is opened, as asked for by --headless');
    child.kill('SIGTERM');
    await end;
  });

  it('tries to fetch Electron once, and remembers that it failed', async () => {
    const headless = async () => {
      const child = project.start('start.mjs', desktop.args, desktop.env);
      const end = outcome(child);
      await line(child, 'could not be downloaded');
      child.kill('SIGINT');
      return (await end).stderr;
    };
    expect(await headless()).toContain('Fetching Electron 45.4.1');
    expect(await headless()).not.toContain('Fetching');
  });

  it('opens Electron where its executable is, and gives its exit status', async () => {
    project.write('electron/electron', '#!/bin/sh\necho "opened with $@"\nexit 0\n');
    chmodSync(join(project.folder, 'electron/electron'), 0o755);
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(project.folder, 'electron') };
    const { status, stdout } = await project.run('start.mjs', ['--relay', '0'], env);
    expect(stdout).toBe('opened with . --relay 0\n');
    expect(status).toBe(0);
  });

  it('falls back on the headless shell when Electron ends at once', async () => {
    project.write('electron/electron', '#!/bin/sh\nkill -TRAP $$\n');
    chmodSync(join(project.folder, 'electron/electron'), 0o755);
    const child = project.start('start.mjs', [], {
      ELECTRON_OVERRIDE_DIST_PATH: join(project.folder, 'electron'),
    });
    const end = outcome(child);
    expect(await line(child, 'http')).toContain('Electron ended at once (SIGTRAP)');
    child.kill('SIGINT');
    await end;
  });

  it('passes one key press on as one signal, and waits for the orderly end', async () => {
    const child = project.start('start.mjs', ['--headless']);
    const end = outcome(child);
    await line(child, 'http');
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(stdout).toContain('stopped by SIGINT, 1 signal');
    expect(status).toBe(7);
  });
});

describe('on a machine with Node 20', () => {
  /** What the launchers see of an older Node: its version. */
  const older = { NODE_OPTIONS: '--import ./older.mjs' };
  beforeEach(() => {
    project.write(
      'older.mjs',
      "Object.defineProperty(process, 'version', { value: 'v20.9.0' });" +
        "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.9.0' } });",
    );
  });
  const bringNode = (script: string) => {
    project.write('node_modules/node/bin/node', `#!/bin/sh\n${script}\n`);
    chmodSync(join(project.folder, 'node_modules/node/bin/node'), 0o755);
  };

  it('the Node that the packages bring runs the program', async () => {
    bringNode(`unset NODE_OPTIONS; echo "$@" >> started; exec ${process.execPath} "$@"`);
    const child = project.start('start.mjs', ['--headless'], older);
    const end = outcome(child);
    await line(child, 'http');
    child.kill('SIGINT');
    await end;
    expect(readFileSync(join(project.folder, 'started'), 'utf8')).toMatch(/dist\/headless\/main\.js serve/);
  });

  it.each([
    ['is missing', null, 'the one that node_modules should bring does not run'],
    [
      'was never made by its install script',
      'exit 127',
      'the one that node_modules should bring does not run',
    ],
    ['is an old one', 'echo v22.1.0', 'node_modules brings Node v22.1.0'],
  ])('where that one %s, it is said with what to do', async (_what, script, found) => {
    if (script !== null) bringNode(script);
    const { status, stdout, stderr } = await project.run('start.mjs', ['--headless'], older);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`Relay Bench needs Node 24; this is Node v20.9.0, and ${found}`);
    expect(stderr).toContain('npm rebuild node');
  });

  it('below Node 20 nothing is tried', async () => {
    project.write(
      'older.mjs',
      "Object.defineProperty(process, 'version', { value: 'v18.0.0' });" +
        "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.0.0' } });",
    );
    const { status, stderr } = await project.run('start.mjs', ['--headless'], older);
    expect(status).toBe(1);
    expect(stderr).toBe('Relay Bench needs Node 20 or newer to start; this is v18.0.0.\n');
  });
});

describe('relay-bench', () => {
  it('builds when dist/ is missing, with nothing but the program’s own lines on stdout', async () => {
    const child = project.start('relay-bench.mjs', ['serve', '--json']);
    const end = outcome(child);
    await line(child, 'arguments');
    child.kill('SIGTERM');
    const { status, stdout } = await end;
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ http: 'http://127.0.0.1:41234' });
    expect(stdout).toContain('arguments serve --json');
    expect(stdout).toContain('stopped by SIGTERM');
    expect(status).toBe(7);
  });

  it('gives the program’s exit status', async () => {
    expect((await project.run('relay-bench.mjs', ['serve', '--fail'])).status).toBe(2);
  });
});
