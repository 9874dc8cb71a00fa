/** What clients' connections say about how they are set up, over all sessions; and alerts to the super administrator. */
import { z } from 'zod';
import { findingSchema } from './transaction.ts';
import { pageInput, timeSchema } from './words.ts';

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

/** Findings of one client that say the same but for their figures, as one. `id`, `text` and `sessionId` are the newest's. */
export const findingGroupSchema = sessionFindingSchema.omit({ at: true }).extend({
  /** How often it was found. */
  count: z.number().int(),
  firstAt: timeSchema,
  lastAt: timeSchema,
});
export type FindingGroup = z.infer<typeof findingGroupSchema>;

export const findingGroupsInputSchema = z.object({
  ...pageInput,
  severity: findingSchema.shape.severity.optional(),
  /** Text to find in rule, client, what was seen and what to change. */
  search: z.string().max(500).optional(),
  /** Only what was found in the last so many hours of engine time. */
  hours: z.coerce.number().int().min(1).max(100_000).optional(),
});

export const findingGroupsSchema = z.object({
  items: z.array(findingGroupSchema),
  nextCursor: z.string().nullable(),
  /** Findings in all these groups together. */
  findings: z.number().int(),
  /** Connections with these findings that ended before MAIL: no transaction tells of them. */
  endedBeforeMail: z.number().int(),
  /** Whether there are older findings, which were not looked at: the newest 5,000 are. */
  olderLeftOut: z.boolean(),
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
