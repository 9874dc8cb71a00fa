/** What the audit log says of a bench file that replaces another (SET-7): an entry for each value, without secrets. */
import { z } from 'zod';
import { valueChanges } from '../bench-file/changes.ts';
import type { BenchFile } from '../bench-file/schema.ts';
import type { AuditAuthor } from '../contract/audit-log.ts';

const jsonSchema = z.json();
type JsonValue = z.infer<typeof jsonSchema>;

/** An entry as it is kept. */
export interface AuditRecord {
  /** Engine time, epoch milliseconds. */
  readonly at: number;
  readonly who: AuditAuthor;
  readonly what: string;
  /** Null where there was none, or is none any more. */
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly text: string;
  /** The bench file's version after the change. */
  readonly version: string;
}

export interface Saving {
  readonly at: number;
  readonly who: AuditAuthor;
  readonly version: string;
}

/** Empty where only comments or layout changed. */
export function auditRecords(previous: BenchFile, next: BenchFile, saving: Saving): AuditRecord[] {
  return valueChanges(previous, next).map(({ what, before = null, after = null, phrase }) => ({
    ...saving,
    what,
    before: jsonSchema.parse(before),
    after: jsonSchema.parse(after),
    text: phrase,
  }));
}
