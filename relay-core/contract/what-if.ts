/** What the stored transactions would come to under a draft bench file. */
import { z } from 'zod';
import { benchDraftSchema } from './bench.ts';
import { outcomeSchema, pageInput } from './words.ts';

export const whatIfDraftSchema = z.strictObject({ yaml: benchDraftSchema.shape.yaml });

const count = z.number().int();

export const whatIfResultSchema = z.object({
  /** Stored transactions; the five counts below make it up. */
  total: count,
  /** Ends as it did, under the running file and under the draft. A refusal that stays one is the same, whichever rule gives it. */
  same: count,
  /** These three: what the draft changes against the running file. */
  newlyRejected: count,
  newlyAccepted: count,
  /** Accepted as before, with another reverse-path after rewriting, or other recipients. */
  envelopeChanged: count,
  /** What the record cannot tell, and what the running file already ends otherwise than it did. */
  undetermined: count,
  undeterminedBecause: z.object({
    /** The client broke it off. */
    brokenOff: count,
    /** Refused before all its recipients were known, and past that under the draft. */
    recipientsUnknown: count,
    /** Not the draft's work: quotas stood otherwise, by windows filled in by hand, places held, other limits. */
    countsOtherwise: count,
    /** Not the draft's work: another bench file decided then. */
    fileOtherwise: count,
  }),
  /** The newly rejected by the rule that refuses them, most first. */
  byRule: z.record(z.string(), count),
  /** Names the result for looking through its differences. */
  resultId: z.string(),
  /** How many differences can be looked through: of very many, the newest. */
  differencesKept: count,
});
export type WhatIfResult = z.infer<typeof whatIfResultSchema>;

export const whatIfProgressSchema = z.discriminatedUnion('kind', [
  /** In transactions, at most every 100 ms. */
  z.object({ kind: z.literal('progress'), done: count, total: count }),
  z.object({ kind: z.literal('done'), result: whatIfResultSchema }),
]);
export type WhatIfProgress = z.infer<typeof whatIfProgressSchema>;

export const differenceKindSchema = z.enum(['newly-rejected', 'newly-accepted', 'envelope-changed']);

/** A transaction that would end otherwise. */
export const differenceSchema = z.object({
  transactionId: z.string(),
  kind: differenceKindSchema,
  /** As sent; the null sender is "". */
  from: z.string(),
  to: z.array(z.string()),
  /** There where `before` is not as recorded, since the running file ends it otherwise already. */
  beforeUnder: z.literal('running-file').optional(),
  before: z.object({
    outcome: outcomeSchema,
    rule: z.string().nullable(),
    replyCode: count.nullable(),
    /** The reverse-path after rewriting; null unless it was accepted. */
    from: z.string().nullable(),
    /** How many recipients were accepted. */
    recipients: count,
  }),
  after: z.object({
    outcome: outcomeSchema,
    rule: z.string().nullable(),
    from: z.string().nullable(),
    recipients: count,
  }),
});
export type Difference = z.infer<typeof differenceSchema>;

export const differencesInputSchema = z.object({ ...pageInput, resultId: z.string().min(1).max(200) });

export const differencesSchema = z.object({
  items: z.array(differenceSchema),
  nextCursor: z.string().nullable(),
});
