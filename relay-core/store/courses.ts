/**
 * Courses: of each transaction as much as it takes to ask the policy again how it would end, in a table of their own,
 * since reading a million whole records takes a minute. Written with the record, read in order, oldest first. The text
 * that a search looks at stands there too, behind everything else (`lists.ts`).
 */
import type { DatabaseSync } from 'node:sqlite';
import { type PortRole, portRoleSchema } from '../contract/index.ts';
import type { CourseClient, RecipientAnswer, TransactionCourse, TransactionRecord } from './types.ts';

/** Rows read at a time, so that writing goes on between: less than a millisecond. */
const rowsAtATime = 250;
/** Clients that are kept apart in one reading; those of one mail server are one. */
const maxClients = 1_000;
/** No address holds one (RFC 5321 §4.1.2). */
const separator = '\n';

export const courseColumns =
  'number, finished_at, client, reverse_path, reverse_path_after, recipients, answers, declared_bytes, message_bytes, outcome, stage, rule';

/** What stands behind the number, as `courseColumns` names it. */
export type CourseRow = readonly [
  finishedAt: number,
  client: string,
  reversePath: string,
  reversePathAfter: string | null,
  recipients: string,
  answers: string | null,
  declaredBytes: number | null,
  messageBytes: number | null,
  outcome: string,
  stage: string | null,
  rule: string | null,
];

const letterOf: Readonly<Record<RecipientAnswer, string>> = { accepted: 'a', refused: 'r', malformed: 'm' };

/** A transaction's course as it is written; null stands for what is as usual. */
export function courseRow(transaction: TransactionRecord): CourseRow {
  const { client, envelope, recipients, decision, message } = transaction;
  const { address, heloName, portRole, tls, authenticatedAs } = client;
  const { from } = envelope.before;
  const answers = recipients.map(({ reply }) => letterOf[answerOf(reply)]).join('');
  return [
    transaction.finishedAt,
    JSON.stringify([address, heloName, portRole, tls?.version ?? null, tls?.cipher ?? null, authenticatedAs]),
    from,
    envelope.after.from === from ? null : envelope.after.from,
    recipients.map((each) => each.address).join(separator),
    /^a*$/.test(answers) ? null : answers,
    declaredBytes(transaction),
    message?.size ?? null,
    decision.outcome,
    decision.outcome === 'rejected' ? stageOf(transaction) : null,
    decision.rule,
  ];
}

/** Policy refuses recipients for their number (X.5.3, RFC 3463); every other refusal was about the address itself. */
function answerOf(reply: string): RecipientAnswer {
  if (reply.startsWith('2')) return 'accepted';
  return reply.startsWith('.5.3', 5) ? 'refused' : 'malformed';
}

/** The stage of a refusal: a message was there, or the quotas had been asked, or a recipient was named, or none of it. */
function stageOf({ message, quota, recipients }: TransactionRecord): string {
  if (message !== null) return 'end-of-data';
  if (quota.length > 0) return 'data';
  return recipients.length > 0 ? 'rcpt' : 'mail';
}

/** The SIZE parameter behind the reverse-path of the MAIL command (RFC 1870). */
function declaredBytes({ dialogue, envelope }: TransactionRecord): number | null {
  const line = dialogue[0]?.text ?? '';
  const path = `<${envelope.before.from}>`;
  const at = line.indexOf(path);
  if (at === -1) return null;
  const size = / SIZE=(\d{1,20})/i.exec(line.slice(at + path.length))?.[1];
  return size === undefined ? null : Math.min(Number(size), Number.MAX_SAFE_INTEGER);
}

/**
 * The courses up to a row, oldest first. Transactions of the same client have the same client object, so that what was
 * worked out about it can be remembered with it.
 */
export function coursesReader(database: DatabaseSync): (upTo: number) => Iterable<TransactionCourse> {
  const after = database.prepare(
    `SELECT ${courseColumns} FROM courses WHERE number > ? AND number <= ? ORDER BY number LIMIT ${rowsAtATime}`,
  );
  after.setReturnArrays(true);
  return function* (upTo) {
    const clients = new Map<string, CourseClient>();
    const clientOf = (text: string): CourseClient => {
      const known = clients.get(text);
      if (known !== undefined) return known;
      if (clients.size >= maxClients) clients.clear();
      const client = clientFrom(text);
      clients.set(text, client);
      return client;
    };
    for (let last = 0; ; ) {
      const rows: unknown[] = after.all(last, upTo);
      for (const row of rows) {
        const course = courseFrom(row, clientOf);
        last = course.number;
        yield course;
      }
      if (rows.length < rowsAtATime) return;
    }
  };
}

/** Checked by hand and not by a schema: there are millions of them. */
function courseFrom(row: unknown, clientOf: (text: string) => CourseClient): TransactionCourse {
  const columns: readonly unknown[] = Array.isArray(row) ? row : [];
  const [number, finishedAt, client, reversePath, after, recipients, answers, declared, bytes] = columns;
  const [outcome, stage, rule] = columns.slice(9);
  if (
    typeof number !== 'number' ||
    typeof finishedAt !== 'number' ||
    typeof client !== 'string' ||
    typeof reversePath !== 'string' ||
    typeof recipients !== 'string'
  ) {
    throw new TypeError('a course without its columns');
  }
  return {
    number,
    finishedAt,
    client: clientOf(client),
    reversePath,
    reversePathAfter: typeof after === 'string' ? after : reversePath,
    recipients: recipients === '' && answers === null ? [] : recipients.split(separator),
    answers: typeof answers === 'string' ? Array.from(answers, answerFrom) : null,
    declaredBytes: typeof declared === 'number' ? declared : null,
    messageBytes: typeof bytes === 'number' ? bytes : null,
    ending: endingFrom(outcome, stage, rule),
  };
}

function answerFrom(letter: string): RecipientAnswer {
  if (letter === 'a') return 'accepted';
  return letter === 'r' ? 'refused' : 'malformed';
}

function endingFrom(outcome: unknown, stage: unknown, rule: unknown): TransactionCourse['ending'] {
  if (outcome === 'accepted' || outcome === 'abandoned') return { outcome };
  if (stage !== 'mail' && stage !== 'rcpt' && stage !== 'data' && stage !== 'end-of-data')
    throw new TypeError('the course of a refusal without its stage');
  return { outcome: 'rejected', stage, rule: typeof rule === 'string' ? rule : '' };
}

function clientFrom(text: string): CourseClient {
  const parsed: unknown = JSON.parse(text);
  const [address, heloName, role, version, cipher, user]: readonly unknown[] = Array.isArray(parsed)
    ? parsed
    : [];
  const portRole: PortRole = portRoleSchema.parse(role);
  if (typeof address !== 'string' || typeof heloName !== 'string')
    throw new TypeError('a course without its client');
  return {
    address,
    heloName,
    portRole,
    tls: typeof version === 'string' && typeof cipher === 'string' ? { version, cipher } : null,
    authenticatedAs: typeof user === 'string' ? user : null,
  };
}
