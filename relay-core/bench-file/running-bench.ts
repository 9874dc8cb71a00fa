/**
 * The bench file in force: loaded once, replaced whole or not at all. A bad draft changes nothing; what is wrong is an
 * answer. Where the file is kept comes in as functions, so that this knows the rules of replacing and no disk.
 */
import { createHash } from 'node:crypto';
import type { BenchConflict, BenchProblem } from '../contract/bench.ts';
import type { BenchNotice } from '../contract/status.ts';
import type { Configuration } from '../policy/types.ts';
import { changesBetween } from './changes.ts';
import { configurationOf } from './configuration.ts';
import { noticesOf } from './notices.ts';
import type { FileReading, FileStaging } from './on-disk.ts';
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
    version: versionOf(yaml),
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
  /** Somebody changed what it would replace: the running bench, or the file on disk. */
  | {
      readonly outcome: 'conflict';
      readonly with: BenchConflict;
      readonly message: string;
      readonly hint: string;
    }
  | { readonly outcome: 'not-written'; readonly message: string; readonly hint: string };

/** What the file on disk holds, beside the running bench. */
export type OnDisk =
  | { readonly state: 'as-loaded' | 'missing' }
  | { readonly state: 'unreadable'; readonly message: string }
  /** `version` is the text's own, for a replacement that means it. */
  | { readonly state: 'changed'; readonly version: string; readonly reading: BenchReading };

export interface BenchStorage {
  readonly read: () => Promise<FileReading>;
  /** Makes sure that the text can be written, and writes it when it is put in place. */
  readonly stage: (text: string) => Promise<FileStaging>;
  /** Makes a bench the running one; refuses when it cannot run (a port that is taken), with problems named by their path. */
  readonly apply: (next: Bench, previous: Bench) => Promise<readonly BenchProblem[]>;
}

export interface RunningBench {
  current(): Bench;
  /** What stands on disk, where it is not what was loaded or saved last: an editor may have changed it. */
  onDisk(): Promise<OnDisk>;
  /**
   * @param expectedVersion when given, the file is replaced only if this is still the running version, or that of a
   * change on disk, which goes then
   */
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
  /** The change on disk that was looked at last: reading it again would hash its plain secrets anew. */
  let looked: { readonly text: string; readonly reading: Promise<BenchReading> } | null = null;

  const readOnce = (text: string): Promise<BenchReading> => {
    if (looked?.text === text) return looked.reading;
    const reading = readBench(text, current.file);
    looked = { text, reading };
    reading.catch(() => {
      looked = null;
    });
    return reading;
  };

  const conflict = async (yaml: string, expectedVersion: string | undefined) =>
    conflictWith(await storage.read(), { yaml, expectedVersion, running: current.version, known });

  const replace = async (yaml: string, expectedVersion?: string): Promise<Replacement> => {
    const before = await conflict(yaml, expectedVersion);
    if (before !== null) return before;
    const reading = await readBench(yaml, current.file);
    if (reading.outcome === 'problems') return reading;
    const { bench, places } = reading;
    const staged = await storage.stage(bench.yaml);
    if (staged.outcome === 'failed') return notWritten(staged.message);
    const previous = current;
    // Asked again: hashing secrets takes its time, in which an editor may have saved.
    const meanwhile = await conflict(yaml, expectedVersion);
    const applied = meanwhile === null ? await storage.apply(bench, previous) : [];
    const [problem, ...others] = applied.map((each) => placed(each, places));
    if (meanwhile !== null || problem !== undefined) await staged.discard();
    if (meanwhile !== null) return meanwhile;
    if (problem !== undefined) return { outcome: 'problems', problems: [problem, ...others] };
    const written = await staged.putInPlace();
    if (written.outcome === 'failed') {
      await storage.apply(previous, bench);
      return notWritten(written.message);
    }
    current = bench;
    known = bench.yaml;
    looked = null;
    return { outcome: 'replaced', bench, previous, changes: changesBetween(previous.file, bench.file) };
  };

  return {
    current: () => current,
    async onDisk() {
      const reading = await storage.read();
      if (reading.outcome === 'missing') return { state: 'missing' };
      if (reading.outcome === 'unreadable') return { state: 'unreadable', message: reading.message };
      const { text } = reading;
      if (text === known) return { state: 'as-loaded' };
      return { state: 'changed', version: versionOf(text), reading: await readOnce(text) };
    },
    replace(yaml, expectedVersion) {
      const next = queue.then(() => replace(yaml, expectedVersion));
      queue = next.catch(() => undefined);
      return next;
    },
  };
}

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function notWritten(message: string): Replacement {
  return {
    outcome: 'not-written',
    message,
    hint: 'Make the file writable; the running bench file is as before.',
  };
}

/** Who applies a bench knows its content only; where its keys stand is known from the text. */
function placed(problem: BenchProblem, places: PlacesByPath): BenchProblem {
  return { ...problem, ...(problem.path === undefined ? {} : places[problem.path]) };
}

interface Expectation {
  readonly yaml: string;
  readonly expectedVersion: string | undefined;
  /** The version that runs. */
  readonly running: string;
  /** What the file held when it was loaded or saved last. */
  readonly known: string;
}

function conflictWith(
  onDisk: FileReading,
  { yaml, expectedVersion, running, known }: Expectation,
): Extract<Replacement, { outcome: 'conflict' }> | null {
  const isChanged = onDisk.outcome === 'text' && onDisk.text !== known;
  // Nothing on disk is lost where it is what is saved, or what the caller says it has seen.
  const isMeant = isChanged && (onDisk.text === yaml || versionOf(onDisk.text) === expectedVersion);
  if (isChanged && !isMeant) {
    return {
      outcome: 'conflict',
      with: 'disk',
      message: 'The bench file was changed on disk since it was loaded.',
      hint: 'Look at what stands there first; nothing was overwritten.',
    };
  }
  return expectedVersion === undefined || expectedVersion === running || isMeant
    ? null
    : {
        outcome: 'conflict',
        with: 'running',
        message: 'The bench file was replaced since it was read.',
        hint: 'Read it again, and make the change in what runs now.',
      };
}
