/**
 * Keeps a key and its certificate as two PEM files: written to a temporary name, flushed and renamed, the key readable by
 * its owner only, and before its certificate, so that a certificate never stands there without its key.
 */
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { CertificateError } from './certificate-error.ts';

/** A key and its certificate, or the two paths they are kept at. */
export interface PemPair {
  readonly key: string;
  readonly certificate: string;
}

/** Both files' text; null when neither is there. @throws CertificateError */
export async function readPair(files: PemPair): Promise<PemPair | null> {
  const [key, certificate] = await Promise.all([readText(files.key), readText(files.certificate)]);
  if (key !== null && certificate !== null) return { key, certificate };
  // A key alone is what a first start leaves that was cut off between the two writes: nobody trusts it yet.
  if (certificate === null) return null;
  throw new CertificateError(
    'incomplete',
    files.key,
    `The key is missing; its certificate ${files.certificate} is there.`,
  );
}

/** Writes both files, whole or not at all. @throws CertificateError */
export async function writePair(files: PemPair, pair: PemPair): Promise<void> {
  await writeText(files.key, pair.key, 0o600);
  await writeText(files.certificate, pair.certificate, 0o644);
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new CertificateError('unreadable', path, 'The file cannot be read.', { cause });
  }
}

async function writeText(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.new`;
  let file: FileHandle | null = null;
  try {
    file = await open(temporary, 'w', mode);
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    file = null;
    await rename(temporary, path);
  } catch (cause) {
    throw new CertificateError('unwritable', path, 'The file cannot be written.', { cause });
  } finally {
    await file?.close();
  }
}
