/**
 * What was found in a message: test patterns that the engine knows itself, what scanners said, and what became of each
 * content rule of the administrator (FIL-1, FIL-2, FIL-3). Kept with the transaction, so that it can be judged again.
 */
import { z } from 'zod';

export const testPatternSchema = z.enum(['eicar', 'gtube']);
export type TestPattern = z.infer<typeof testPatternSchema>;

/** A scanner's answer. `failed` says why there is none. */
export const scannerAnswerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('spam-score'),
    scanner: z.literal('spamassassin'),
    isSpam: z.boolean(),
    score: z.number(),
    threshold: z.number(),
    /** Names of the rules that hit, as spamd gives them. */
    rules: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('virus-scan'),
    scanner: z.literal('clamav'),
    /** Null when nothing was found. */
    signature: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('failed'),
    scanner: z.enum(['spamassassin', 'clamav']),
    cause: z.enum(['unreachable', 'too-slow', 'unintelligible', 'refused']),
    /** One phrase for people: "127.0.0.1:783 did not answer within 10,000 ms". */
    detail: z.string(),
  }),
]);
export type ScannerAnswer = z.infer<typeof scannerAnswerSchema>;

/** What became of a footer: where it was appended, or why it was not. */
export const footerOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('appended'), parts: z.array(z.string()), breaksDkim: z.boolean() }),
  z.object({ outcome: z.literal('left-alone'), reason: z.string() }),
]);
export type FooterOutcome = z.infer<typeof footerOutcomeSchema>;

/** One content rule of the administrator, and what it found. */
export const complianceResultSchema = z.object({
  /** Its place in `filtering.compliance`, from 0. */
  index: z.number().int(),
  description: z.string(),
  match: z.enum(['subject', 'body', 'attachment-type']),
  pattern: z.string(),
  action: z.enum(['reject', 'footer']),
  /** What it matched: text, or a file name with its type; null when nothing. */
  found: z.string().nullable(),
  /** For a footer rule that matched. */
  footer: z.object({ text: z.string(), result: footerOutcomeSchema }).optional(),
});
export type ComplianceResult = z.infer<typeof complianceResultSchema>;

export const contentVerdictSchema = z.object({
  patterns: z.array(
    z.object({
      pattern: testPatternSchema,
      /** Where in the message, for people: "the attachment invoice.txt". */
      where: z.string(),
    }),
  ),
  scanners: z.array(scannerAnswerSchema),
  /** In the order of the bench file, up to and including the one that rejects. */
  compliance: z.array(complianceResultSchema),
  /** What of the message was not looked at, and why; null when all of it was. */
  unread: z.string().nullable(),
});
export type ContentVerdict = z.infer<typeof contentVerdictSchema>;
