/**
 * The one shape of an error at the edge: what happened, which value, what to do.
 * HTTP answers `{ code, message, hint?, path?, line? }` with a 4xx status; the typed errors of the contract carry the same keys.
 */
import { z } from 'zod';
import { benchConflictSchema, benchProblemSchema } from './bench.ts';

export const errorDetailSchema = z.object({
  hint: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  /** What a bench file would have overwritten, where that is why it was not saved. */
  conflict: benchConflictSchema.optional(),
  /** All problems of a bench file, the first of which the other keys name. */
  problems: z.array(benchProblemSchema).optional(),
});
export type ErrorDetail = z.infer<typeof errorDetailSchema>;

/** The errors a procedure can answer with, by name. */
export const contractErrors = {
  NOT_FOUND: { status: 404, data: errorDetailSchema },
  UNPROCESSABLE: { status: 422, data: errorDetailSchema },
  CONFLICT: { status: 409, data: errorDetailSchema },
} as const;
