/** The bench file on disk: read whole, written whole or not at all (a new file is renamed over the old one). */
import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { maxBenchFileBytes } from '../contract/bench.ts';
import { makeFolder } from '../folders.ts';

export type FileReading =
  | { readonly outcome: 'text'; readonly text: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unreadable'; readonly message: string };

/** The file's text. A file too large to be a bench file is not read. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    const { size } = await stat(path);
    if (size > maxBenchFileBytes) {
      return { outcome: 'unreadable', message: `${path} is larger than ${maxBenchFileBytes} bytes` };
    }
    return { outcome: 'text', text: await readFile(path, 'utf8') };
  } catch (error) {
    return errorCode(error) === 'ENOENT'
      ? { outcome: 'missing' }
      : { outcome: 'unreadable', message: `${path} cannot be read: ${messageOf(error)}` };
  }
}

export type FileWriting =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'failed'; readonly message: string };

export type FileStaging =
  | {
      readonly outcome: 'staged';
      /** Puts the text in the file's place; on failure the old file stays as it was. */
      readonly putInPlace: () => Promise<FileWriting>;
      readonly discard: () => Promise<void>;
    }
  | { readonly outcome: 'failed'; readonly message: string };

/**
 * Writes a text beside the file, safe on disk: what is left to do can hardly fail. A link is followed, the file's mode
 * stays.
 */
export async function stageTextFile(path: string, text: string): Promise<FileStaging> {
  const target = await realpath(path).catch(() => path);
  const fresh = join(dirname(target), `.${randomUUID()}.tmp`);
  const discard = async () => {
    await rm(fresh, { force: true }).catch(() => undefined);
  };
  const failed = async (error: unknown) => {
    await discard();
    return { outcome: 'failed', message: `${path} cannot be written: ${messageOf(error)}` } as const;
  };
  try {
    await makeFolder(dirname(target));
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o600,
    );
    const file = await open(fresh, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(fresh, mode);
  } catch (error) {
    return failed(error);
  }
  return {
    outcome: 'staged',
    putInPlace: () => rename(fresh, target).then(() => ({ outcome: 'written' }) as const, failed),
    discard,
  };
}

/** Replaces the file's text; on any failure the old file stays as it was. */
export async function writeTextFile(path: string, text: string): Promise<FileWriting> {
  const staged = await stageTextFile(path, text);
  return staged.outcome === 'failed' ? staged : staged.putInPlace();
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
