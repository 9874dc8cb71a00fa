/**
 * Records as they are written to the tables, and read back: a few columns to ask by, the rest as JSON.
 * A dialogue is one array of [ordinal, microseconds, flags, text]. What is read is checked, since another version
 * may have written it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import {
  clientSchema,
  findingSchema,
  type QuotaWindow,
  transactionSummarySchema,
} from '../contract/index.ts';
import type { AddressKey } from '../organisation/types.ts';
import type { LedgerEntry } from '../quota/types.ts';
import type { DialogueEntry, SessionRecord, TransactionRecord } from './types.ts';

/** The rule by which each window refuses, as it stands in a decision. */
export const refusingRule: Readonly<Record<QuotaWindow, string>> = {
  'user-messages-day': 'UQ-1',
  'user-unique-recipients-day': 'UQ-2',
  'customer-recipients-day': 'CQ-1',
  'customer-recipients-ten-minutes': 'CQ-2',
};

const fromServer = 1;
const inTls = 2;

const dialogueSchema = z.array(z.tuple([z.number(), z.number(), z.number(), z.string()]));

const transactionJsonSchema = transactionSummarySchema
  .pick({ client: true, envelope: true, recipients: true, decision: true, quota: true, message: true })
  .extend({ sessionId: z.string(), startedAt: z.number() });

const sessionJsonSchema = z.object({
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  client: clientSchema,
  dialogue: dialogueSchema,
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

/** The rest of a transaction, as JSON. */
export function transactionJson(transaction: TransactionRecord): string {
  const { sessionId, startedAt, client, envelope, recipients, decision, quota, message } = transaction;
  return JSON.stringify({ sessionId, startedAt, client, envelope, recipients, decision, quota, message });
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
  const refusing = quota.find(({ window }) => refusingRule[window] === decision.rule);
  return refusing?.user ?? null;
}

/** A transaction from the columns of `transactionColumns`. */
export function transactionFromRow(row: unknown): {
  readonly number: number;
  readonly record: TransactionRecord;
} {
  const { number, id, finished_at: finishedAt, record, dialogue } = transactionRowSchema.parse(row);
  const kept = transactionJsonSchema.parse(JSON.parse(record));
  const lines = dialogueSchema.parse(JSON.parse(dialogue)).map(unpackLine);
  return { number, record: { id, finishedAt, ...kept, dialogue: lines } };
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

type PackedLine = z.infer<typeof dialogueSchema>[number];

function packLine({ ordinal, sinceStartMs, direction, tls, text }: DialogueEntry): PackedLine {
  const flags = (direction === 'server' ? fromServer : 0) + (tls ? inTls : 0);
  return [ordinal, Math.round(sinceStartMs * 1000), flags, text];
}

function unpackLine([ordinal, microseconds, flags, text]: PackedLine): DialogueEntry {
  return {
    ordinal,
    sinceStartMs: microseconds / 1000,
    direction: (flags & fromServer) !== 0 ? 'server' : 'client',
    tls: (flags & inTls) !== 0,
    text,
  };
}

const newestRowSchema = z.object({ number: z.number(), id: z.string() });

/** The newest transaction and how many there are: rows are numbered without gaps, since none is ever removed. */
export function newestTransaction(database: DatabaseSync): {
  readonly id: string | null;
  readonly count: number;
} {
  const row = database.prepare('SELECT number, id FROM transactions ORDER BY number DESC LIMIT 1').get();
  if (row === undefined) return { id: null, count: 0 };
  const { number, id } = newestRowSchema.parse(row);
  return { id, count: number };
}

/** No address holds a line feed (RFC 5321 §4.1.2). */
export function recipientsText(recipients: readonly AddressKey[]): string {
  return recipients.join('\n');
}

/** A charge from its columns at, user, recipients. Checked by hand: millions of them are read when the engine starts. */
export function chargeFromRow(row: unknown): LedgerEntry {
  if (!Array.isArray(row)) throw new TypeError('a charge that is no row');
  const [at, user, recipients]: readonly unknown[] = row;
  if (typeof at !== 'number' || typeof recipients !== 'string')
    throw new TypeError('a charge without its columns');
  return {
    at,
    user: typeof user === 'string' ? asKey(user) : null,
    recipients: recipients.split('\n').map(asKey),
  };
}

/** Keys were in comparison form when they were written. */
function asKey(text: string): AddressKey {
  return text as AddressKey;
}
