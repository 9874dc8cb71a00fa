/**
 * What a start needs from disk: the data directory, the bench file, the certificates, the store. Each that cannot be had
 * is an EngineStartError for people.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleBenchFile } from './bench-file/example.ts';
import { readTextFile, writeTextFile } from './bench-file/on-disk.ts';
import { type Bench, readBench } from './bench-file/running-bench.ts';
import { EngineStartError } from './engine-error.ts';
import { type Certificates, loadCertificates } from './smtp/certificates.ts';
import { openStore } from './store/store.ts';
import type { Store } from './store/types.ts';

/** @throws EngineStartError when it cannot be made */
export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
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
    const [first] = reading.problems;
    throw new EngineStartError('bench-file', `${path}:${first.line ?? 1}: ${first.message}`, {
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
  return loadCertificates(directory, now).catch((cause: unknown) => {
    throw new EngineStartError('certificates', messageOf(cause), { cause });
  });
}

/** @throws EngineStartError when the store is in use, damaged, or cannot be opened */
export function openStoreIn(dataDirectory: string, { file }: Bench): Store {
  try {
    return openStore(join(dataDirectory, 'store.sqlite'), { synchronous: file.store.synchronous });
  } catch (cause) {
    throw new EngineStartError('store', messageOf(cause), { cause });
  }
}

/** What an error says, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
