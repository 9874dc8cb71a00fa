/** A start that cannot be: what is wrong is named, with what to do about it, and nothing is touched or left open. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { EngineStartError, startEngine } from '../../relay-core/engine.ts';
import {
  freePorts,
  type TestBench,
  takenPort,
  testBench,
  testDirectory,
  toElsewhere,
} from './engine-of-tests.ts';

const failureOf = (options: TestBench['options']): Promise<unknown> =>
  startEngine(options).catch((error: unknown) => error);

/** A bench whose engine has run, and is off. */
async function usedBench(): Promise<TestBench> {
  const bench = await testBench();
  const engine = await startEngine(bench.options);
  await engine.send(toElsewhere);
  await engine.close();
  return bench;
}

/** Writes over the page on which a table's content begins. */
function damageTable(file: string, table: string): void {
  const database = new DatabaseSync(file);
  const row = database
    .prepare('SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?')
    .get(table);
  database.close();
  const { rootpage, page_size } = z.object({ rootpage: z.int(), page_size: z.int() }).parse(row);
  const opened = openSync(file, 'r+');
  writeSync(opened, Buffer.alloc(page_size, 0xa5), 0, page_size, (rootpage - 1) * page_size);
  closeSync(opened);
}

describe('a bench file', () => {
  test('that is wrong is refused with its line, and is not touched', async () => {
    const bench = await testBench('customer:\n  name: Example AB\n  primaryDomian: example.com\n');
    const failure = await failureOf(bench.options);
    expect(failure).toBeInstanceOf(EngineStartError);
    expect(failure).toMatchObject({
      code: 'bench-file',
      message: expect.stringContaining('bench.yaml:3: "primaryDomian" is no key of customer'),
    });
    expect(await readFile(bench.options.benchFile, 'utf8')).toContain('primaryDomian');
  });
  test('with several problems is refused with the first, and how many there are', async () => {
    const bench = await testBench(
      exampleBenchFile.replace('licences: 100', 'licences: many').replace('g-suite', 'x'),
    );
    expect(await failureOf(bench.options)).toMatchObject({
      message: expect.stringMatching(/bench\.yaml:7: customer\.licences .* \(the first of 2 problems\)$/),
    });
  });
});

describe('a listener', () => {
  test('whose port is taken is named, and nothing is left open behind it', async () => {
    const bench = await testBench();
    const port = await takenPort();
    expect(await failureOf({ ...bench.options, ports: { ...freePorts, submission: port } })).toMatchObject({
      code: 'listener',
      listener: { role: 'submission', port, systemCode: 'EADDRINUSE' },
      hint: expect.stringContaining('listeners.submission'),
    });
    await bench.start();
  });
  test('on a host that is not this machine’s is told from one whose port is taken', async () => {
    const bench = await testBench(exampleBenchFile.replace('host: 127.0.0.1', 'host: 192.0.2.7'));
    expect(await failureOf(bench.options)).toMatchObject({
      code: 'listener',
      hint: expect.stringContaining('listeners.host'),
    });
  });
});

describe('the store', () => {
  test('of a second engine on the same data is refused', async () => {
    const bench = await testBench();
    await bench.start();
    expect(await failureOf(bench.options)).toMatchObject({
      code: 'store',
      hint: expect.stringContaining('a data directory of its own'),
    });
  });
  test.each(['charges', 'ledger', 'transactions'])(
    'damaged in its %s is named, with what to do',
    async (table) => {
      const bench = await usedBench();
      const file = join(bench.options.dataDirectory, 'store.sqlite');
      damageTable(file, table);
      const failure = await failureOf(bench.options);
      expect(failure).toBeInstanceOf(EngineStartError);
      expect(failure).toMatchObject({
        code: 'store',
        message: expect.stringContaining(file),
        hint: expect.stringContaining('move the file away'),
      });
    },
  );
});

test('a damaged certificate is named, with what to do', async () => {
  const bench = await usedBench();
  const file = join(bench.options.dataDirectory, 'certificates', 'authority.pem');
  await truncate(file);
  expect(await failureOf(bench.options)).toMatchObject({
    code: 'certificates',
    message: expect.stringContaining(file),
    hint: expect.stringContaining('restore the file from a copy'),
  });
});

describe('a data directory', () => {
  test('several folders deep is made, for its owner only', async () => {
    const { options } = await testBench();
    const dataDirectory = join(await testDirectory(), 'of', 'one', 'person');
    const engine = await startEngine({ ...options, dataDirectory });
    await engine.close();
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
  });
});

// Node's own recursive mkdir never comes back from these.
describe.skipIf(process.platform !== 'linux')('where a folder is there and nothing can be made in it', () => {
  test('a data directory is refused', async () => {
    const { options } = await testBench();
    expect(await failureOf({ ...options, dataDirectory: '/proc/relay-bench/data' })).toMatchObject({
      code: 'data-directory',
      message: expect.stringContaining('nothing can be made in /proc'),
      hint: expect.stringContaining('--data'),
    });
  });
  test('a data directory that is there is refused', async () => {
    const { options } = await testBench(exampleBenchFile);
    expect(await failureOf({ ...options, dataDirectory: '/proc/self' })).toMatchObject({
      code: 'data-directory',
      message: expect.stringContaining('nothing can be made in /proc/self'),
    });
  });
  test('a bench file that is to be made is refused', async () => {
    const { options } = await testBench();
    expect(await failureOf({ ...options, benchFile: '/proc/relay-bench/bench.yaml' })).toMatchObject({
      code: 'bench-file',
      message: expect.stringContaining('nothing can be made in /proc'),
    });
  });
});
