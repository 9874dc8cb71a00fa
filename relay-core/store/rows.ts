/**
 * Records as they are written to the tables, and read back: a few columns to ask by, the rest as JSON. What comes in
 * numbers (lines, trace steps, quota changes) is packed without key names, since every byte is written twice.
 * What is read is checked, since another version may have written it.
 */
import { z } from 'zod';
import {
  clientSchema,
  decisionSchema,
  findingSchema,
  type QuotaChange,
  quotaWindowSchema,
  type TraceStep,
  transactionSummarySchema,
} from '../contract/index.ts';
import { ruleOfWindow } from '../contract/word-tables.ts';
import { packCopies, packedCopySchema, unpackCopies } from './stored-copies.ts';
import type { DialogueEntry, SessionRecord, TransactionRecord } from './types.ts';

/** Ordinal, microseconds since the session began, flags, text. */
const packedLineSchema = z.tuple([z.number(), z.number(), z.number(), z.string()]);
const fromServer = 1;
const inTls = 2;

/** The steps of a trace, column by column. */
const packedTraceSchema = z.object({
  rules: z.array(z.string()),
  flags: z.array(z.number()),
  texts: z.array(z.string()),
});
const traceOutcomes = ['pass', 'fail', 'note'] as const;
const assumedFlag = 4;

/** Window, user or null, before, after, limit. */
const packedQuotaSchema = z.tuple([
  quotaWindowSchema,
  z.string().nullable(),
  z.number(),
  z.number(),
  z.number(),
]);

const transactionJsonSchema = transactionSummarySchema
  .pick({ client: true, envelope: true, recipients: true, message: true, content: true })
  .extend({
    sessionId: z.string(),
    startedAt: z.number(),
    decision: decisionSchema.omit({ trace: true }),
    trace: packedTraceSchema,
    quota: z.array(packedQuotaSchema),
    storage: z.array(packedCopySchema).optional(),
  });

const dialogueJsonSchema = z.array(packedLineSchema);

const sessionJsonSchema = z.object({
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  client: clientSchema,
  dialogue: dialogueJsonSchema,
  dialogueOmitted: z.number(),
  findings: z.array(findingSchema),
});

const transactionRowSchema = z.object({
  number: z.number(),
  id: z.string(),
  finished_at: z.number(),
  record: z.string(),
  dialogue: z.string(),
});

/** The columns `transactionFromRow` reads. */
export const transactionColumns = 'number, id, finished_at, record, dialogue';

/** All of a transaction that has no column of its own. */
export function transactionJson(transaction: TransactionRecord): string {
  const { sessionId, startedAt, client, envelope, recipients, message, storage, content } = transaction;
  const { trace, ...decision } = transaction.decision;
  const quota = transaction.quota.map(packQuota);
  return JSON.stringify({
    sessionId,
    startedAt,
    client,
    envelope,
    recipients,
    message,
    decision,
    trace: packTrace(trace),
    quota,
    ...(storage === undefined ? {} : { storage: packCopies(storage, trace) }),
    ...(content === undefined ? {} : { content }),
  } satisfies z.input<typeof transactionJsonSchema>);
}

export function dialogueJson(dialogue: readonly DialogueEntry[]): string {
  return JSON.stringify(dialogue.map(packLine));
}

/** Everything a search looks at, in lower case. */
export function searchText(transaction: TransactionRecord): string {
  const { sessionId, client, envelope, recipients, decision, message } = transaction;
  const parts = [
    sessionId,
    client.address,
    client.heloName,
    client.authenticatedAs ?? '',
    envelope.before.from,
  ];
  if (envelope.after.from !== envelope.before.from) parts.push(envelope.after.from);
  for (const { address } of recipients) parts.push(address);
  if (decision.rule !== null) parts.push(decision.rule);
  if (decision.reply !== null) parts.push(`${decision.reply.code} ${decision.reply.enhancedCode ?? ''}`);
  if (message !== null) parts.push(message.subject, message.messageId);
  return parts.join('\n').toLowerCase();
}

/** Whose window refused, as the record's own quota changes name the user; null for the customer's. */
export function refusedUser({ decision, quota }: TransactionRecord): string | null {
  if (decision.rule === null) return null;
  return quota.find(({ window }) => ruleOfWindow[window] === decision.rule)?.user ?? null;
}

/** A transaction from the columns of `transactionColumns`, with its row number. */
export function transactionFromRow(row: unknown): {
  readonly number: number;
  readonly record: TransactionRecord;
} {
  const { number, id, finished_at: finishedAt, record, dialogue } = transactionRowSchema.parse(row);
  const {
    trace: packed,
    decision,
    quota,
    storage,
    content,
    ...kept
  } = transactionJsonSchema.parse(JSON.parse(record));
  const trace = unpackTrace(packed);
  return {
    number,
    record: {
      id,
      finishedAt,
      ...kept,
      decision: { ...decision, trace },
      quota: quota.map(unpackQuota),
      ...(storage === undefined ? {} : { storage: unpackCopies(storage, trace) }),
      ...(content === undefined ? {} : { content }),
      dialogue: dialogueJsonSchema.parse(JSON.parse(dialogue)).map(unpackLine),
    },
  };
}

export function sessionJson(session: SessionRecord): string {
  const { startedAt, finishedAt, client, dialogue, dialogueOmitted, findings } = session;
  return JSON.stringify({
    startedAt,
    finishedAt,
    client,
    dialogue: dialogue.map(packLine),
    dialogueOmitted,
    findings,
  });
}

export function sessionFromJson(id: string, json: string): SessionRecord {
  const { dialogue, ...kept } = sessionJsonSchema.parse(JSON.parse(json));
  return { id, ...kept, dialogue: dialogue.map(unpackLine) };
}

function packLine({
  ordinal,
  sinceStartMs,
  direction,
  tls,
  text,
}: DialogueEntry): z.infer<typeof packedLineSchema> {
  const flags = (direction === 'server' ? fromServer : 0) + (tls ? inTls : 0);
  return [ordinal, Math.round(sinceStartMs * 1000), flags, text];
}

function unpackLine([ordinal, microseconds, flags, text]: z.infer<typeof packedLineSchema>): DialogueEntry {
  return {
    ordinal,
    sinceStartMs: microseconds / 1000,
    direction: (flags & fromServer) !== 0 ? 'server' : 'client',
    tls: (flags & inTls) !== 0,
    text,
  };
}

function packTrace(trace: readonly TraceStep[]): z.infer<typeof packedTraceSchema> {
  const flags = trace.map(
    ({ outcome, assumed }) => traceOutcomes.indexOf(outcome) + (assumed ? assumedFlag : 0),
  );
  return { rules: trace.map(({ rule }) => rule), flags, texts: trace.map(({ text }) => text) };
}

function unpackTrace({ rules, flags, texts }: z.infer<typeof packedTraceSchema>): TraceStep[] {
  return rules.map((rule, index) => {
    const flag = flags[index] ?? 0;
    return {
      rule,
      outcome: traceOutcomes[flag % assumedFlag] ?? 'note',
      text: texts[index] ?? '',
      assumed: flag >= assumedFlag,
    };
  });
}

function packQuota({ window, user, before, after, limit }: QuotaChange): z.infer<typeof packedQuotaSchema> {
  return [window, user ?? null, before, after, limit];
}

function unpackQuota([window, user, before, after, limit]: z.infer<typeof packedQuotaSchema>): QuotaChange {
  return { window, ...(user === null ? {} : { user }), before, after, limit };
}
