/** The bench file through the contract: read it, check a draft, put a new one. */
import { z } from 'zod';
import { patchOperationSchema } from './remedies.ts';
import { benchNoticeSchema } from './status.ts';
import { timeSchema } from './words.ts';

/** One megabyte of YAML holds some ten thousand users; larger input is refused before it is parsed. */
export const maxBenchFileBytes = 4 * 1024 * 1024;

const yamlText = z.string().max(maxBenchFileBytes);

export const benchSchema = z.object({
  yaml: z.string(),
  /** Changes whenever the file does. */
  version: z.string(),
});

export const benchDraftSchema = z.strictObject({
  yaml: yamlText,
  /** When given, the file is replaced only if this is still the running version, or that of a change on disk, which goes then. */
  version: z.string().max(200).optional(),
});

/** One thing that is wrong in a bench file. Lines and columns count from 1. */
export const benchProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
});
export type BenchProblem = z.infer<typeof benchProblemSchema>;

/** A change to try on the running file; nothing is saved. */
export const benchChangeSchema = z.strictObject({
  change: z.array(patchOperationSchema).min(1).max(50),
  /** A draft of that file with edits of its own, which the change is put into beside them. */
  yaml: yamlText.optional(),
});

/** Lines of a text, counted from 1, the last included. */
export const lineSpanSchema = z.object({ from: z.number().int(), to: z.number().int() });
export type LineSpan = z.infer<typeof lineSpanSchema>;

export const benchDraftedSchema = benchSchema.extend({
  /** Where the change stands in the file. */
  lines: z.array(lineSpanSchema),
});

export const benchCheckSchema = z.object({
  problems: z.array(benchProblemSchema),
  notices: z.array(benchNoticeSchema),
});

/** What a draft would overwrite unseen: a bench that was saved meanwhile, or a change of the file on disk. */
export const benchConflictSchema = z.enum(['running', 'disk']);
export type BenchConflict = z.infer<typeof benchConflictSchema>;

/** The file on disk, beside the bench that runs. */
export const benchOnDiskSchema = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['as-loaded', 'missing']) }),
  z.object({ state: z.literal('unreadable'), message: z.string() }),
  z.object({
    state: z.literal('changed'),
    /** Of the text on disk: a replacement that names it means to go over it. */
    version: z.string(),
    /** Secrets as hashes; null where the text has problems. */
    yaml: z.string().nullable(),
    problems: z.array(benchProblemSchema),
  }),
]);
export type BenchOnDisk = z.infer<typeof benchOnDiskSchema>;

export const benchReplacedSchema = benchSchema.extend({
  /** Engine time. */
  savedAt: timeSchema,
  /** When the relay goes by it; absent when that is now (SET-6). */
  inForceAt: timeSchema.optional(),
  /** What changed, one phrase each: "settings[0].requireTls: false → true". */
  changes: z.array(z.string()),
  notices: z.array(benchNoticeSchema),
});
