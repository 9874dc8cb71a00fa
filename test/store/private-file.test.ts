/** Who may read the store's files. */
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../relay-core/store/store.ts';
import { acceptedTransaction, sessionRecord } from './records.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-private-'));
  file = join(directory, 'store.sqlite');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ownerOnly = 0o600;
const modes = (...names: string[]) => names.map((name) => statSync(`${file}${name}`).mode & 0o777);

async function use(): Promise<void> {
  const store = openStore(file, { synchronous: 'normal' });
  const session = sessionRecord('c31sm1401185itd.5');
  const { transaction, accepted } = acceptedTransaction(session, 1);
  await store.keepTransaction(session, transaction, accepted);
  expect(modes('', '-wal', '-shm')).toEqual([ownerOnly, ownerOnly, ownerOnly]);
  store.close();
}

test('in a folder that others may read, the store is its owner’s alone, with what lies beside it', async () => {
  chmodSync(directory, 0o755);
  await use();
});

test('a store that others could read is taken from them when it is opened', async () => {
  await use();
  chmodSync(file, 0o644);
  await use();
});
