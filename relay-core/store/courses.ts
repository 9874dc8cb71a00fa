/** Courses (`course-row.ts`) as they are read: in order, oldest first. */
import type { DatabaseSync } from 'node:sqlite';
import { type PortRole, portRoleSchema } from '../contract/index.ts';
import { courseColumns, courseSeparator } from './course-row.ts';
import type { CourseClient, RecipientAnswer, TransactionCourse } from './types.ts';

/** Rows read at a time, so that writing goes on between: less than a millisecond. */
const rowsAtATime = 250;
/** Clients that are kept apart in one reading; those of one mail server are one. */
const maxClients = 1_000;

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
    recipients: recipients === '' && answers === null ? [] : recipients.split(courseSeparator),
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
