/** What is wrong in a bench file, in one shape; where it stands is found in the YAML itself. */
import type { BenchProblem } from '../contract/bench.ts';

export type KeyPath = readonly (string | number)[];

/** A problem by the keys that lead to it; line and column are added by `read.ts`. */
export interface ProblemAt {
  readonly code:
    | 'syntax'
    | 'unknown-key'
    | 'missing-key'
    | 'wrong-type'
    | 'wrong-value'
    | 'contradiction'
    | 'too-large';
  readonly at: KeyPath;
  readonly message: string;
  readonly hint?: string;
  /** The key itself is wrong, not its value. */
  readonly key?: string;
  /** The known key that was probably meant. */
  readonly nearest?: string;
}

/** The first of many problems, and how many there are in all. */
export interface SomeProblems {
  readonly first: readonly ProblemAt[];
  readonly total: number;
}

export type { BenchProblem };

/** `settings[0].authentication.ipRanges[1].range`; "" for the whole file. */
export function pathText(path: KeyPath): string {
  return path.reduce<string>(
    (text, each) => (typeof each === 'number' ? `${text}[${each}]` : text === '' ? each : `${text}.${each}`),
    '',
  );
}
