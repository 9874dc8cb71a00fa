/** The audit log: what was changed, when, by whom, from what to what (SET-7). It only grows. */
import { z } from 'zod';
import { timeSchema } from './words.ts';

/** The desktop app; a program or page over HTTP or WebSocket; the file on disk, edited while the engine was off. */
export const auditAuthorSchema = z.enum(['desktop', 'api', 'file']);
export type AuditAuthor = z.infer<typeof auditAuthorSchema>;

/** One value that a saved bench file changed. Secrets stand as "(secret)". */
export const auditEntrySchema = z.object({
  id: z.string(),
  /** Engine time; for a change on disk, when the engine found it. */
  at: timeSchema,
  who: auditAuthorSchema,
  /** Its place in the bench file, as `settings[0].requireTls` or `user anna@example.com.suspended`. */
  what: z.string(),
  /** Null where there was none. */
  before: z.json(),
  /** Null where there is none any more. */
  after: z.json(),
  /** For people: "settings[0].requireTls: false → true". */
  text: z.string(),
  /** The version of the bench file that it came with; entries of one saving share it. */
  version: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditLogSchema = z.object({
  items: z.array(auditEntrySchema),
  nextCursor: z.string().nullable(),
});
