/**
 * What a start needs from disk: the data directory, the bench file, the certificates, the store. Each that cannot be had
 * is an EngineStartError for people.
 */
import { join } from 'node:path';
import { exampleBenchFile } from './bench-file/example.ts';
import { readTextFile, writeTextFile } from './bench-file/on-disk.ts';
import { type Bench, readBench } from './bench-file/running-bench.ts';
import { EngineStartError } from './engine-error.ts';
import { makeFolder } from './folders.ts';
import { type Certificates, loadCertificates } from './smtp/certificates.ts';
import { sqliteCodeOf, storeErrorOf } from './store/error.ts';
import { openStore } from './store/store.ts';
import type { Store } from './store/types.ts';

/** @throws EngineStartError when it cannot be made */
export async function makeDirectory(directory: string): Promise<void> {
  await makeFolder(directory, 0o700).catch((cause: unknown) => {
    throw new EngineStartError(
      'data-directory',
      `The data directory ${directory} cannot be made: ${messageOf(cause)}`,
      {
        hint: 'name another directory with --data',
        cause,
      },
    );
  });
}

/**
 * The bench file, the example where there is none; plain secrets are replaced on disk where that can be done.
 * @throws EngineStartError when it cannot be read, or is wrong
 */
export async function loadBench(path: string): Promise<{ bench: Bench; textOnDisk: string }> {
  const onDisk = await readTextFile(path);
  if (onDisk.outcome === 'unreadable') throw new EngineStartError('bench-file', onDisk.message);
  const text = onDisk.outcome === 'missing' ? exampleBenchFile : onDisk.text;
  const reading = await readBench(text);
  if (reading.outcome === 'problems') {
    const [first, ...others] = reading.problems;
    const count = others.length === 0 ? '' : ` (the first of ${others.length + 1} problems)`;
    throw new EngineStartError('bench-file', `${path}:${first.line ?? 1}: ${first.message}${count}`, {
      ...(first.hint === undefined ? {} : { hint: first.hint }),
      problems: reading.problems,
    });
  }
  const { bench, secretsReplaced } = reading;
  if (!secretsReplaced && onDisk.outcome === 'text') return { bench, textOnDisk: text };
  const written = await writeTextFile(path, bench.yaml);
  if (written.outcome === 'written') return { bench, textOnDisk: bench.yaml };
  if (onDisk.outcome === 'missing') throw new EngineStartError('bench-file', written.message);
  const notice = {
    path: 'users',
    text: `Plain secrets stay in the file: ${written.message}`,
  } as const;
  return { bench: { ...bench, notices: [notice, ...bench.notices] }, textOnDisk: text };
}

/** @throws EngineStartError when they are damaged or cannot be read */
export async function certificatesIn(directory: string, now: number): Promise<Certificates> {
  await makeDirectory(directory);
  return loadCertificates(directory, now).catch((cause: unknown) => {
    throw new EngineStartError('certificates', messageOf(cause), { ...adviceIn(cause), cause });
  });
}

const storeFile = (dataDirectory: string): string => join(dataDirectory, 'store.sqlite');

/** @throws EngineStartError when the store is in use, damaged, or cannot be opened */
export function openStoreIn(dataDirectory: string, { file }: Bench): Store {
  const path = storeFile(dataDirectory);
  try {
    return openStore(path, { synchronous: file.store.synchronous });
  } catch (error) {
    throw storeFailure(error, path);
  }
}

/**
 * Reads what a start needs of an open store. Damage may lie where opening did not look.
 * @throws EngineStartError when the store cannot be read; whatever else `read` throws
 */
export async function readingStore<Read>(
  dataDirectory: string,
  store: Pick<Store, 'close'>,
  read: () => Read | Promise<Read>,
): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    closeAnyhow(store);
    throw sqliteCodeOf(error) === null ? error : storeFailure(error, storeFile(dataDirectory));
  }
}

/** What is damaged may not close in order either; that is told already. */
function closeAnyhow(store: Pick<Store, 'close'>): void {
  try {
    store.close();
  } catch {
    return;
  }
}

function storeFailure(error: unknown, path: string): EngineStartError {
  const cause = storeErrorOf(error, path);
  return new EngineStartError('store', cause.message, { ...adviceIn(cause), cause });
}

/** The hint that an error carries as sentences, as the clause that an EngineStartError ends with. */
function adviceIn(error: unknown): { readonly hint?: string } {
  if (!(error instanceof Error) || !('hint' in error) || typeof error.hint !== 'string') return {};
  return { hint: `${error.hint.charAt(0).toLowerCase()}${error.hint.slice(1).replace(/\.$/, '')}` };
}

/** What an error says, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
