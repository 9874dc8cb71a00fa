/**
 * Courses: of each transaction as much as it takes to ask the policy again how it would end, in a table of their own,
 * since reading a million whole records takes a minute. Written with the record (`courses.ts` reads them). The text
 * that a search looks at stands there too, behind everything else (`lists.ts`).
 */
import type { RecipientAnswer, TransactionRecord } from './types.ts';

/** Between recipients. No address holds one (RFC 5321 §4.1.2). */
export const courseSeparator = '\n';

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
    recipients.map((each) => each.address).join(courseSeparator),
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
