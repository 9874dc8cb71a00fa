/** What `npm run package` would ship: packed over a stub of Electron, looked into, and run. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkAsNewAdministrator } from '../e2e/walk.ts';
import {
  electronVersion,
  makeDataDirectory,
  noDesktop,
  removeDataDirectory,
  repository,
  startDesktop,
} from './desktop.ts';
import { makeStubDistribution } from './stub-distribution.ts';

/** A fuse is one character of the wire. */
const enabledFuse = '1'.charCodeAt(0);

describe('the packed app', () => {
  let folder: string;
  let packed: string;
  let archive: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relay-bench-package-'));
    makeStubDistribution(join(folder, 'stub'), electronVersion);
    const args = [
      join(repository, 'node_modules', 'electron-builder', 'cli.js'),
      ...[
        '--config',
        join(repository, 'build', 'electron-builder.yml'),
        '--publish',
        'never',
        '--linux',
        '--dir',
      ],
      `-c.electronDist=${join(folder, 'stub')}`,
      `-c.electronVersion=${electronVersion}`,
      `-c.directories.output=${join(folder, 'release')}`,
    ];
    await promisify(execFile)(process.execPath, args, { cwd: repository, timeout: 90_000 });
    packed = join(folder, 'release', 'linux-unpacked');
    archive = join(packed, 'resources', 'app.asar');
  }, 100_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what the app runs', () => {
    expect(listPackage(archive, { isPack: false })).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/electron/main.js',
        '/dist/electron/engine-process.js',
        '/dist/electron/preload.cjs',
        '/dist/renderer/index.html',
      ]),
    );
  });

  it('holds nothing else: no packages, no sources, no tests, no headless shell', () => {
    const allowed = /^\/(package\.json|dist|dist\/electron(\/[\w-]+\.c?js)?|dist\/renderer(\/.*)?)$/;
    const files = listPackage(archive, { isPack: false });
    expect(files.filter((file) => !allowed.test(file) || /\.(map|tsx?)$/.test(file))).toEqual([]);
  });

  it('has its own name and icon, and Electron’s notices', () => {
    expect(existsSync(join(packed, 'relay-bench'))).toBe(true);
    expect(existsSync(join(packed, 'LICENSES.chromium.html'))).toBe(true);
  });

  it('refuses to run as plain Node, to be debugged from outside, and to load code from elsewhere', async () => {
    const wire = await getCurrentFuseWire(join(packed, 'relay-bench'));
    const enabled = (option: FuseV1Options) => wire[option] === enabledFuse;
    expect(enabled(FuseV1Options.RunAsNode)).toBe(false);
    expect(enabled(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(enabled(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(enabled(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
    expect(enabled(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(enabled(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
    expect(enabled(FuseV1Options.EnableCookieEncryption)).toBe(true);
  });

  it.skipIf(noDesktop)(
    'takes a new administrator through the walk, from the files in its archive',
    async () => {
      const unpacked = join(folder, 'app');
      extractAll(archive, unpacked);
      const dataDirectory = makeDataDirectory();
      const desktop = await startDesktop({ folder: unpacked, dataDirectory });
      try {
        await walkAsNewAdministrator(desktop.page, 'packed');
      } finally {
        await desktop.close();
        removeDataDirectory(dataDirectory);
      }
    },
    60_000,
  );
});
