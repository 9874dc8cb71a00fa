/**
 * What takes long of reading a bench file: from its text to its content, with hashes for the secrets in it. A long file is
 * read on a thread of its own, so that no message waits for it.
 */
import { askThread } from '../threads.ts';
import type { BenchProblem } from './problem.ts';
import { type PlacesByPath, readBenchFile } from './read.ts';
import {
  type HashedBenchFile,
  hashSecrets,
  type KnownHashes,
  nothingKnown,
  plainSecretsAtMost,
} from './secrets.ts';

export type PreparedBenchFile =
  | ({ readonly outcome: 'prepared'; readonly places: PlacesByPath } & HashedBenchFile)
  | { readonly outcome: 'problems'; readonly problems: readonly [BenchProblem, ...BenchProblem[]] };

/** Some five hundred users, read in some ten milliseconds: a thread takes longer to start. */
export const longText = 20_000;
export const longestReadingMs = 120_000;
/** A hash takes some 50 ms; one that is known is checked first, and the machine may have much else to do. */
const longestHashingMs = 1_000;
/** Of the largest file, as a tree with the place of every word. */
export const readingHeapMb = 2_048;

/** What a bench file is read for: to be kept, with hashes for plain secrets; or to be looked at, as it is written. */
export type ReadFor = 'keeping' | 'looking';

/** What the thread is asked. */
export interface PrepareTask {
  readonly text: string;
  readonly readFor: ReadFor;
  /** Of the bench file in force, when that is to be replaced. */
  readonly known: KnownHashes;
}

/**
 * @param hashesInForce of the users in the bench file that is to be replaced; asked for where there may be plain secrets
 * @throws when the thread fails: a fault, or a machine without memory
 */
export function prepareBenchFile(
  text: string,
  readFor: ReadFor,
  hashesInForce: () => KnownHashes = () => nothingKnown,
): Promise<PreparedBenchFile> {
  const secrets = readFor === 'keeping' ? plainSecretsAtMost(text) : 0;
  const task: PrepareTask = { text, readFor, known: secrets === 0 ? nothingKnown : hashesInForce() };
  if (text.length <= longText) return preparedHere(task);
  return askThread<PreparedBenchFile>('bench-file-reader', import.meta.url, {
    input: task,
    transfer: [],
    longestMs: longestReadingMs + secrets * longestHashingMs,
    heapMb: readingHeapMb,
  });
}

export async function preparedHere({ text, readFor, known }: PrepareTask): Promise<PreparedBenchFile> {
  const reading = readBenchFile(text);
  if (reading.outcome === 'problems') return reading;
  const { file, document, places } = reading;
  const hashed =
    readFor === 'keeping'
      ? await hashSecrets(file, document, text, known)
      : { file, yaml: text, replaced: false };
  return { outcome: 'prepared', ...hashed, places };
}
