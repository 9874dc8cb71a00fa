/** What clients' connections say about how they are set up, over all sessions; and alerts to the super administrator. */
import { z } from 'zod';
import { findingSchema } from './transaction.ts';
import { timeSchema } from './words.ts';

/** A finding with the connection it was made in. */
export const sessionFindingSchema = findingSchema.extend({
  id: z.string(),
  at: timeSchema,
  sessionId: z.string(),
  client: z.object({ address: z.string(), heloName: z.string() }),
});
export type SessionFinding = z.infer<typeof sessionFindingSchema>;

export const findingsSchema = z.object({
  items: z.array(sessionFindingSchema),
  nextCursor: z.string().nullable(),
});

/** An alert as the service would mail it to the super administrator (ABU-1). */
export const alertSchema = z.object({
  id: z.string(),
  at: timeSchema,
  rule: z.string(),
  /** The sender the alert is about. */
  sender: z.string(),
  text: z.string(),
  /** Until when the sender is suspended from sending (ABU-2); null where it is not. */
  suspendedUntil: timeSchema.nullable(),
  /** The mail that would have been sent; `to` is null where the bench file names no super administrator. */
  mail: z.object({ to: z.string().nullable(), subject: z.string(), body: z.string() }),
});
export type Alert = z.infer<typeof alertSchema>;

export const alertsSchema = z.object({ items: z.array(alertSchema), nextCursor: z.string().nullable() });
