/**
 * A folder that electron-builder takes for an unpacked Electron: what it copies and changes is there, what would run is
 * not. The executable carries the fuse wire, so that it can be seen which fuses were set.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseVersion = 1;
/** The wire as Electron ships it: each fuse one character, `1` for enabled. */
const fuses = '111111111';

/** @param version of Electron, as its `version` file has it */
export function makeStubDistribution(folder: string, version: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  const executable = Buffer.concat([
    Buffer.from(`#!/bin/sh\nexit 1\n${fuseSentinel}`),
    Buffer.from([fuseVersion, fuses.length]),
    Buffer.from(fuses),
  ]);
  writeFileSync(join(folder, 'electron'), executable);
  chmodSync(join(folder, 'electron'), 0o755);
  writeFileSync(join(folder, 'version'), version);
  for (const notice of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, notice), '');
}
