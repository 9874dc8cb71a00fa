/** Courses of what a real relay kept, and a draft run over them. */
import { DatabaseSync } from 'node:sqlite';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { courseColumns, courseRow } from '../../relay-core/store/course-row.ts';
import { coursesReader } from '../../relay-core/store/courses.ts';
import { courseTable } from '../../relay-core/store/courses-of-records.ts';
import type { Courses, TransactionRecord } from '../../relay-core/store/types.ts';
import { runDraft } from '../../relay-core/what-if/run.ts';
import type { Difference, Tally } from '../../relay-core/what-if/types.ts';
import { configuration } from '../policy/organisation-of-tests.ts';

/** Writes courses as the store does, and reads them back. */
export function coursesOf(kept: readonly TransactionRecord[], lastOfEarlierLedger = 0): Courses {
  const database = new DatabaseSync(':memory:');
  database.exec(courseTable);
  const put = database.prepare(
    `INSERT INTO courses (${courseColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const [index, record] of kept.entries()) put.run(index + 1, ...courseRow(record));
  return { total: kept.length, lastOfEarlierLedger, inOrder: coursesReader(database)(kept.length) };
}

export interface Answer extends Tally {
  /** Newest first. */
  readonly differences: readonly Difference[];
}

/** What a draft would change for what was kept. The running file is that of the tests' organisation unless given. */
export async function whatIf(
  kept: readonly TransactionRecord[],
  draft: Configuration,
  {
    running = configuration(),
    lastOfEarlierLedger = 0,
  }: { readonly running?: Configuration; readonly lastOfEarlierLedger?: number } = {},
): Promise<Answer> {
  // A transaction that was broken off is kept a moment later.
  await Promise.resolve();
  const run = await runDraft({ draft, running }, coursesOf(kept, lastOfEarlierLedger));
  if (run === null) throw new Error('nobody ended the run');
  return { ...run.tally, differences: run.differences.page(0, 1_000) };
}
