/** Why the engine could not start: one error for people, with a code for shells. */
import type { BenchProblem } from './contract/bench.ts';
import type { ListenerRole } from './smtp/types.ts';

export type EngineStartCode = 'bench-file' | 'listener' | 'certificates' | 'store' | 'data-directory';

export class EngineStartError extends Error {
  readonly code: EngineStartCode;
  readonly hint: string | undefined;
  /** The listener that could not be opened. */
  readonly listener:
    | { readonly role: ListenerRole; readonly port: number; readonly systemCode: string }
    | undefined;
  /** What is wrong in the bench file. */
  readonly problems: readonly BenchProblem[];

  constructor(
    code: EngineStartCode,
    message: string,
    details: {
      readonly hint?: string;
      readonly listener?: EngineStartError['listener'];
      readonly problems?: readonly BenchProblem[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'EngineStartError';
    this.code = code;
    this.hint = details.hint;
    this.listener = details.listener;
    this.problems = details.problems ?? [];
  }
}
