/**
 * What of a bench file the administrator saves in the console, and so takes its time to reach everybody (SET-6): the
 * customer with its units, users, relay settings and content rules. The rest is the bench's own (listeners, profile,
 * limits, scanners, clock, store) and holds at once.
 */
import { valueChanges } from './changes.ts';
import type { BenchFile } from './schema.ts';

/** Whether two files differ in what takes its time. */
export function consolePartsDiffer(one: BenchFile, other: BenchFile): boolean {
  return valueChanges(one, withConsolePartOf(one, other)).length > 0;
}

/** The file with another's console part. Both were read without problems, and the part is whole in itself. */
export function withConsolePartOf(file: BenchFile, saved: BenchFile): BenchFile {
  const { customer, users, settings, filtering } = saved;
  return {
    ...file,
    customer,
    users,
    settings,
    filtering: { ...file.filtering, compliance: filtering.compliance },
  };
}
