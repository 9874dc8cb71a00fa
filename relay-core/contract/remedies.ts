/** What would make a refused transaction pass: who acts, in one sentence, and for settings the change to the bench file. */
import { z } from 'zod';
import { timeSchema } from './words.ts';

export const remedySideSchema = z.enum(['client', 'settings', 'wait']);
export type RemedySide = z.infer<typeof remedySideSchema>;

/** An operation of a JSON Patch (RFC 6902) on the bench file read as JSON; `add` on a key replaces its value. */
export const patchOperationSchema = z.object({
  op: z.enum(['add', 'replace', 'remove']),
  path: z.string(),
  value: z.json().optional(),
});
export type PatchOperation = z.infer<typeof patchOperationSchema>;

export const remedySchema = z.object({
  /** Of a remedy in two parts, the side that has the most to do: settings before client before wait. */
  side: remedySideSchema,
  text: z.string(),
  change: z.array(patchOperationSchema).optional(),
  /** Engine time from which on it passes. */
  until: timeSchema.optional(),
});
export type Remedy = z.infer<typeof remedySchema>;
