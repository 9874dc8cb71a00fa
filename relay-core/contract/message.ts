/** The test sender: what to send, how to connect, and what came of it. */
import { z } from 'zod';
import { dialogueLineSchema } from './transaction.ts';
import { portRoleSchema, tlsModeSchema } from './words.ts';

const oneLine = z
  .string()
  .max(998)
  .refine((text) => !/[\r\n\0]/.test(text), 'must be one line, without line breaks');

/** A stored message as it arrived, or as it would have been relayed: with the footers of content rules (FIL-2). */
export const messageFormSchema = z.enum(['arrived', 'relayed']);
export type MessageForm = z.infer<typeof messageFormSchema>;

export const attachmentSchema = z.object({
  filename: oneLine,
  contentType: oneLine.optional(),
  contentBase64: z.base64().max(48 * 1024 * 1024),
});

export const authMechanismSchema = z.enum(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER']);

/** A test message. `raw` replaces subject, text, html and attachments. `from` may be "" for the null sender. */
export const testMessageSchema = z.strictObject({
  from: oneLine,
  to: z.array(oneLine).min(1, 'at least one recipient').max(2_000),
  subject: oneLine.optional(),
  text: z.string().max(16_000_000).optional(),
  html: z.string().max(16_000_000).optional(),
  attachments: z.array(attachmentSchema).max(50).optional(),
  raw: z.string().max(48_000_000).optional(),
  portRole: portRoleSchema,
  tls: tlsModeSchema,
  auth: z
    .strictObject({ mechanism: authMechanismSchema.optional(), user: oneLine, password: oneLine })
    .optional(),
  heloName: oneLine.min(1).optional(),
  /** The source address the engine shall see, claimed by XCLIENT, so that IP rules can be tried on one machine. */
  claimedAddress: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type TestMessage = z.infer<typeof testMessageSchema>;

export const sendResultSchema = z.object({
  /** Null when the connection was refused before MAIL. */
  transactionId: z.string().nullable(),
  dialogue: z.array(dialogueLineSchema),
  /** What went wrong with the connection itself, for people; null when the dialogue tells all. */
  failure: z.string().nullable(),
});
export type SendResult = z.infer<typeof sendResultSchema>;

/** What a watched sending reports: lines as they happen, then the result. */
export const sendProgressSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lines'), lines: z.array(dialogueLineSchema) }),
  z.object({ kind: z.literal('done'), result: sendResultSchema }),
]);
export type SendProgress = z.infer<typeof sendProgressSchema>;
