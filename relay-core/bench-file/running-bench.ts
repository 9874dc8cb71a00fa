/**
 * The bench file in force: loaded once, replaced whole or not at all. A bad draft changes nothing; what is wrong is an
 * answer. Where the file is kept comes in as functions, so that this knows the rules of replacing and no disk.
 */
import { createHash } from 'node:crypto';
import type { BenchProblem } from '../contract/bench.ts';
import type { BenchNotice } from '../contract/status.ts';
import type { Configuration } from '../policy/types.ts';
import { changesBetween } from './changes.ts';
import { configurationOf } from './configuration.ts';
import { noticesOf } from './notices.ts';
import type { FileReading, FileWriting } from './on-disk.ts';
import { prepareBenchFile } from './prepare.ts';
import type { PlacesByPath } from './read.ts';
import type { BenchFile } from './schema.ts';
import { knownHashes } from './secrets.ts';

/** A bench file that was read without problems, in every form it is needed in. */
export interface Bench {
  readonly file: BenchFile;
  /** The text as kept: no plain secrets. */
  readonly yaml: string;
  /** Changes whenever the text does. */
  readonly version: string;
  readonly configuration: Configuration;
  readonly notices: readonly BenchNotice[];
}

export type BenchReading =
  | {
      readonly outcome: 'bench';
      readonly bench: Bench;
      readonly secretsReplaced: boolean;
      readonly places: PlacesByPath;
    }
  | { readonly outcome: 'problems'; readonly problems: readonly [BenchProblem, ...BenchProblem[]] };

/**
 * Reads a bench file's text, hashing the secrets in it.
 * @param inForce the file it is to replace: a secret that its user has already keeps its hash
 */
export async function readBench(text: string, inForce?: BenchFile): Promise<BenchReading> {
  const prepared = await prepareBenchFile(text, 'keeping', () => knownHashes(inForce?.users ?? []));
  if (prepared.outcome === 'problems') return prepared;
  const { file, yaml, replaced, places } = prepared;
  const bench = {
    file,
    yaml,
    version: createHash('sha256').update(yaml).digest('hex').slice(0, 16),
    configuration: configurationOf(file),
    notices: noticesOf(file),
  };
  return { outcome: 'bench', bench, secretsReplaced: replaced, places };
}

export type Replacement =
  | {
      readonly outcome: 'replaced';
      readonly bench: Bench;
      readonly previous: Bench;
      readonly changes: readonly string[];
    }
  | { readonly outcome: 'problems'; readonly problems: readonly [BenchProblem, ...BenchProblem[]] }
  | { readonly outcome: 'conflict'; readonly message: string; readonly hint: string };

export interface BenchStorage {
  readonly read: () => Promise<FileReading>;
  readonly write: (text: string) => Promise<FileWriting>;
  /** Makes a bench the running one; refuses when it cannot run (a port that is taken), with problems named by their path. */
  readonly apply: (next: Bench, previous: Bench) => Promise<readonly BenchProblem[]>;
}

export interface RunningBench {
  current(): Bench;
  /** @param expectedVersion when given, the file is replaced only if this is still the running version */
  replace(yaml: string, expectedVersion?: string): Promise<Replacement>;
}

/**
 * Replacements run one after the other, so that two at once cannot mix.
 * @param textOnDisk what the file holds now: the bench's text, or the one with plain secrets where it could not be rewritten
 */
export function runBench(first: Bench, textOnDisk: string, storage: BenchStorage): RunningBench {
  let current = first;
  let known = textOnDisk;
  let queue: Promise<unknown> = Promise.resolve();

  const replace = async (yaml: string, expectedVersion?: string): Promise<Replacement> => {
    const conflict = await conflictWith(current.version, expectedVersion, known, storage);
    if (conflict !== null) return conflict;
    const reading = await readBench(yaml, current.file);
    if (reading.outcome === 'problems') return reading;
    const { bench, places } = reading;
    const previous = current;
    const applied = await storage.apply(bench, previous);
    const [problem, ...others] = applied.map((each) => placed(each, places));
    if (problem !== undefined) return { outcome: 'problems', problems: [problem, ...others] };
    const written = await storage.write(bench.yaml);
    if (written.outcome === 'failed') {
      await storage.apply(previous, bench);
      return {
        outcome: 'conflict',
        message: written.message,
        hint: 'make the file writable; the running bench file is as before',
      };
    }
    current = bench;
    known = bench.yaml;
    return { outcome: 'replaced', bench, previous, changes: changesBetween(previous.file, bench.file) };
  };

  return {
    current: () => current,
    replace(yaml, expectedVersion) {
      const next = queue.then(() => replace(yaml, expectedVersion));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}

/** Who applies a bench knows its content only; where its keys stand is known from the text. */
function placed(problem: BenchProblem, places: PlacesByPath): BenchProblem {
  return { ...problem, ...(problem.path === undefined ? {} : places[problem.path]) };
}

async function conflictWith(
  version: string,
  expectedVersion: string | undefined,
  known: string,
  storage: BenchStorage,
): Promise<Extract<Replacement, { outcome: 'conflict' }> | null> {
  if (expectedVersion !== undefined && expectedVersion !== version) {
    return {
      outcome: 'conflict',
      message: 'the bench file was replaced since it was read',
      hint: 'read it again, and make the change in what runs now',
    };
  }
  const onDisk = await storage.read();
  return onDisk.outcome === 'text' && onDisk.text !== known
    ? {
        outcome: 'conflict',
        message: 'the bench file was changed on disk since it was loaded',
        hint: 'start again to load it, or undo the change on disk; nothing was overwritten',
      }
    : null;
}
