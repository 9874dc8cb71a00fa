/** Turns whatever a call threw into the one shape an error has on these pages: what happened, which value, what to do. */
import { ORPCError } from '@orpc/client';
import { type BenchConflict, type BenchProblem, errorDetailSchema } from '../../relay-core/contract/index.ts';
import { Cancelled, ConnectionLost } from './connection.ts';

export type Failure = {
  code: string;
  message: string;
  hint?: string;
  path?: string;
  line?: number;
  /** What a bench file would have overwritten unseen. */
  conflict?: BenchConflict;
  problems: BenchProblem[];
};

/** What went wrong, for people. Every error has a message and, where one is known, a way out. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof ConnectionLost)
    return {
      code: 'CONNECTION_LOST',
      message: 'The connection to the engine was lost before it answered.',
      hint: 'It is being made again. Look at the transactions before you repeat what you did.',
      problems: [],
    };
  if (error instanceof Cancelled)
    return {
      code: 'CANCELLED',
      message: error.message,
      hint: 'The engine has heard nothing of it. What you entered is still here.',
      problems: [],
    };
  if (error instanceof ORPCError) {
    const detail = errorDetailSchema.safeParse(error.data);
    const { hint, path, line, conflict, problems } = detail.success ? detail.data : {};
    return {
      code: error.code,
      message: error.message,
      ...(hint === undefined ? {} : { hint }),
      ...(path === undefined ? {} : { path }),
      ...(line === undefined ? {} : { line }),
      ...(conflict === undefined ? {} : { conflict }),
      problems: problems ?? [],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'UNEXPECTED', message, hint: 'This is a fault of Relay Bench. Try it again.', problems: [] };
};
