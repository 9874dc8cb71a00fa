/**
 * The small vocabularies that every part of the contract uses: port roles, TLS modes, outcomes, quota windows.
 * They are written once here; the engine, the pages and the store use the same words.
 */
import { z } from 'zod';

/** Which of the relay's public ports a listener stands for: relay = 25, smtps = 465, submission = 587 (PRT-3). */
export const portRoleSchema = z.enum(['relay', 'smtps', 'submission']);
export type PortRole = z.infer<typeof portRoleSchema>;

/** How a client reaches encryption: not at all, by the STARTTLS command, or from the first byte (PRT-2). */
export const tlsModeSchema = z.enum(['none', 'starttls', 'implicit']);
export type TlsMode = z.infer<typeof tlsModeSchema>;

/** `abandoned`: RSET, QUIT or a closed connection before any refusal. */
export const outcomeSchema = z.enum(['accepted', 'rejected', 'abandoned']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** A quota window's name, the same everywhere (UQ-1, UQ-2, CQ-1, CQ-2). */
export const quotaWindowSchema = z.enum([
  'user-messages-day',
  'user-unique-recipients-day',
  'customer-recipients-day',
  'customer-recipients-ten-minutes',
]);
export type QuotaWindow = z.infer<typeof quotaWindowSchema>;

/** Where a quota limit's number comes from: the licences, the ceiling, the profile, a bench-file value, unpaid billing (CQ-5). */
export const limitSourceSchema = z.object({
  kind: z.enum(['licences', 'cap', 'profile', 'override', 'unpaid']),
  /** One phrase for people, with the real numbers: "130 × 100 licences". */
  text: z.string(),
});
export type LimitSource = z.infer<typeof limitSourceSchema>;

/** How well a rule is founded: stated by the service's page, seen in its logs, assumed by us, or ours by design. */
export const ruleBasisSchema = z.enum(['doc', 'log', 'assumed', 'ours']);
export type RuleBasis = z.infer<typeof ruleBasisSchema>;

/** ISO 8601 in UTC, engine time unless said. */
export const timeSchema = z.iso.datetime();

/** A cursor as a list gave it; any other is an error, or a script with a damaged one would begin anew for ever. */
const cursorOf = (form: RegExp) =>
  z.string().regex(form, 'no cursor that this list gave; leave it out to begin with the first').optional();

/** One page of a list, newest first. */
export const pageInput = {
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: cursorOf(/^\d{1,15}$/),
};

/** The same of a list whose rows have several items each: its cursor names the row, and the place in it. */
export const pageOfPartsInput = { ...pageInput, cursor: cursorOf(/^\d{1,15}\.\d{1,6}$/) };
