/** Folders made on disk, with those above them. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, unless it is there. Node's own `recursive` never comes back from a place where a
 * folder is there and still none can be made in it, as in /proc: here each folder is tried twice at the most.
 * @throws the system's error
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (!isMissing(error) || above === path) throw error;
    await makeFolder(above, mode);
    await makeIn(above, path, mode);
  }
}

async function makeIn(above: string, path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (await isFolder(path)) return;
    throw isMissing(error) ? new Error(`nothing can be made in ${above}`, { cause: error }) : error;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
