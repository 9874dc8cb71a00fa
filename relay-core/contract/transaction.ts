/**
 * A transaction as people and programs see it: MAIL to the reply after DATA, or to the refusal.
 * Keys are fixed by the contract; additions are free.
 */
import { z } from 'zod';
import { contentVerdictSchema } from './content.ts';
import { remedySchema } from './remedies.ts';
import { storedCopySchema } from './storage.ts';
import { outcomeSchema, portRoleSchema, quotaWindowSchema, timeSchema } from './words.ts';

export const replySchema = z.object({
  code: z.number().int(),
  /** Null where the relay gives none (`354`, HELO). */
  enhancedCode: z.string().nullable(),
  /** The reply's lines as they went out, each with its code. */
  lines: z.array(z.string()),
});
export type Reply = z.infer<typeof replySchema>;

export const traceStepSchema = z.object({
  rule: z.string(),
  outcome: z.enum(['pass', 'fail', 'note']),
  /** One sentence for people, with the values that were looked at. */
  text: z.string(),
  /** True where the rule is our assumption, not the service's own word. */
  assumed: z.boolean(),
});
export type TraceStep = z.infer<typeof traceStepSchema>;

export const decisionSchema = z.object({
  outcome: outcomeSchema,
  /** The rule that refused; null when accepted or abandoned. */
  rule: z.string().nullable(),
  /** The relay setting that accepted, or that got furthest (SET-8); null where none was asked. */
  setting: z.string().nullable(),
  reply: replySchema.nullable(),
  trace: z.array(traceStepSchema),
  /** Changes that would make a refusal pass, each tried, the least intrusive first. */
  remedies: z.array(remedySchema),
  /** Why there is no remedy; null where there are, or where none is needed. */
  noRemedyReason: z.string().nullable(),
});
export type DecisionView = z.infer<typeof decisionSchema>;

export const tlsSchema = z.object({ version: z.string(), cipher: z.string() }).nullable();

export const clientSchema = z.object({
  address: z.string(),
  heloName: z.string(),
  portRole: portRoleSchema,
  tls: tlsSchema,
  authenticatedAs: z.string().nullable(),
  /** True where the address was claimed by XCLIENT or PROXY, for rehearsal on one machine. */
  addressClaimed: z.boolean(),
});
export type Client = z.infer<typeof clientSchema>;

/** The null sender is "". */
export const envelopeSchema = z.object({ from: z.string(), to: z.array(z.string()) });

export const dialogueLineSchema = z.object({
  at: timeSchema,
  /** Milliseconds since the connection began. */
  sinceStartMs: z.number(),
  direction: z.enum(['client', 'server']),
  text: z.string(),
  /** Whether the line went through TLS. */
  tls: z.boolean(),
});
export type DialogueLine = z.infer<typeof dialogueLineSchema>;

export const quotaChangeSchema = z.object({
  window: quotaWindowSchema,
  user: z.string().optional(),
  before: z.number().int(),
  after: z.number().int(),
  limit: z.number().int(),
});
export type QuotaChange = z.infer<typeof quotaChangeSchema>;

/** A transaction in a list: everything but the dialogue. */
export const transactionSummarySchema = z.object({
  id: z.string(),
  sessionId: z.string(),
  startedAt: timeSchema,
  finishedAt: timeSchema,
  client: clientSchema,
  /** `before.to` holds every RCPT, `after.to` the accepted ones, `after.from` the rewritten sender (ENV-5). */
  envelope: z.object({ before: envelopeSchema, after: envelopeSchema }),
  recipients: z.array(z.object({ address: z.string(), reply: z.string() })),
  decision: decisionSchema,
  quota: z.array(quotaChangeSchema),
  /** Size in bytes as sent. */
  message: z.object({ size: z.number().int(), subject: z.string(), messageId: z.string() }).nullable(),
  /** Which mailboxes and which archive would have kept a copy (STO-2); absent unless it was accepted. */
  storage: z.array(storedCopySchema).optional(),
  /** What was found in the message, as recorded (FIL-1); absent when it was not looked into and nothing was asked. */
  content: contentVerdictSchema.optional(),
});
export type TransactionSummary = z.infer<typeof transactionSummarySchema>;

export const transactionSchema = transactionSummarySchema.extend({ dialogue: z.array(dialogueLineSchema) });
export type Transaction = z.infer<typeof transactionSchema>;

/** The parts of a stored message, for people. HTML is handed over as text and shown only in a sandboxed frame. */
export const messageViewSchema = z.object({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  text: z.string().nullable(),
  html: z.string().nullable(),
  attachments: z.array(z.object({ filename: z.string(), contentType: z.string(), size: z.number().int() })),
  /** The first part of the message as it arrived; `rawTruncated` says whether there is more. */
  raw: z.string(),
  rawTruncated: z.boolean(),
  /** Why the message is not taken apart, so that `raw` is all there is, and what to do; null where it was. */
  rawOnly: z.string().nullable(),
});
export type MessageView = z.infer<typeof messageViewSchema>;

/** Something about a client's set-up that is worth a person's attention. */
export const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['info', 'warning', 'problem']),
  /** What was seen, with the values. */
  text: z.string(),
  /** What to change, in one sentence. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  startedAt: timeSchema,
  /** Null while the connection is open. */
  finishedAt: timeSchema.nullable(),
  client: clientSchema,
  dialogue: z.array(dialogueLineSchema),
  /** Longer dialogues are cut; this says how many lines are not shown. */
  dialogueOmitted: z.number().int(),
  /** The first of them, where there are many. */
  transactions: z.array(transactionSummarySchema),
  /** How many more there are. */
  transactionsOmitted: z.number().int(),
  findings: z.array(findingSchema),
});
export type Session = z.infer<typeof sessionSchema>;
