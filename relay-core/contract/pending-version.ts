/** A saved change that has not reached everybody yet: until then the version before it decides (SET-6). */
import { z } from 'zod';
import { timeSchema } from './words.ts';

export const pendingVersionSchema = z.object({
  /** The bench file's version. */
  version: z.string(),
  /** Engine time, as is the next. */
  savedAt: timeSchema,
  inForceAt: timeSchema,
});
export type PendingVersion = z.infer<typeof pendingVersionSchema>;
