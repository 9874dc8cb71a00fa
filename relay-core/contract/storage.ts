/** Which mailboxes and which archive keep a copy of an accepted transaction, and why or why not (STO-1, STO-2). */
import { z } from 'zod';

export const storedCopySchema = z.object({
  kind: z.enum(['mailbox', 'vault']),
  /** The user whose mailbox it is; absent for Vault, and where the sender has no mailbox. */
  address: z.string().optional(),
  kept: z.boolean(),
  /** One sentence for people, with the values that were looked at. */
  text: z.string(),
});
export type StoredCopy = z.infer<typeof storedCopySchema>;
