/**
 * The bench file's past in the store: the versions that are in force or on their way (SET-6), and the audit log, which
 * only grows (SET-7; triggers of its table refuse every other change).
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { auditAuthorSchema } from '../contract/index.ts';
import type { AuditRecord } from '../settings/audit-log.ts';

/** A version of the bench file as it is kept: the one in force first, the others in their turn. */
export interface KeptVersion {
  readonly number: number;
  /** No plain secrets in it. */
  readonly yaml: string;
  readonly savedAt: number;
  readonly inForceAt: number;
}

export interface AuditPage {
  readonly items: readonly (AuditRecord & { readonly number: number })[];
  readonly nextCursor: string | null;
}

export interface BenchHistory {
  versions(): readonly KeptVersion[];
  /** Keeps these versions and no others, and adds to the audit log; all or nothing. */
  keep(versions: readonly KeptVersion[], entries: readonly AuditRecord[]): void;
  /** Newest first. */
  auditLog(query: { readonly limit: number; readonly cursor?: string }): AuditPage;
}

export const benchHistoryTables = `
  CREATE TABLE bench_versions (
    number INTEGER PRIMARY KEY,
    yaml TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    in_force_at INTEGER NOT NULL
  );
  CREATE TABLE audit_log (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    value_before TEXT NOT NULL,
    value_after TEXT NOT NULL,
    phrase TEXT NOT NULL,
    version TEXT NOT NULL
  );
  CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
  CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
  CREATE TRIGGER audit_log_is_not_replaced BEFORE INSERT ON audit_log
    WHEN NEW.number IN (SELECT number FROM audit_log)
    BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;`;

const jsonSchema = z.json();

const versionRowSchema = z.object({
  number: z.number(),
  yaml: z.string(),
  saved_at: z.number(),
  in_force_at: z.number(),
});

const auditRowSchema = z.object({
  number: z.number(),
  at: z.number(),
  who: auditAuthorSchema,
  what: z.string(),
  value_before: z.string(),
  value_after: z.string(),
  phrase: z.string(),
  version: z.string(),
});

export function createBenchHistory(database: DatabaseSync): BenchHistory {
  const allVersions = database.prepare('SELECT * FROM bench_versions ORDER BY number');
  const dropVersions = database.prepare('DELETE FROM bench_versions WHERE number NOT BETWEEN ? AND ?');
  const putVersion = database.prepare(
    `INSERT INTO bench_versions (number, yaml, saved_at, in_force_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE SET
       yaml = excluded.yaml, saved_at = excluded.saved_at, in_force_at = excluded.in_force_at`,
  );
  const putEntry = database.prepare(
    `INSERT INTO audit_log (at, who, what, value_before, value_after, phrase, version)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const page = database.prepare('SELECT * FROM audit_log WHERE number < ? ORDER BY number DESC LIMIT ?');

  function write(versions: readonly KeptVersion[], entries: readonly AuditRecord[]): void {
    dropVersions.run(versions[0]?.number ?? 0, versions.at(-1)?.number ?? 0);
    for (const { number, yaml, savedAt, inForceAt } of versions) {
      putVersion.run(number, yaml, savedAt, inForceAt);
    }
    for (const { at, who, what, before, after, text, version } of entries) {
      putEntry.run(at, who, what, JSON.stringify(before), JSON.stringify(after), text, version);
    }
  }

  return {
    versions: () =>
      allVersions.all().map((row) => {
        const { number, yaml, saved_at: savedAt, in_force_at: inForceAt } = versionRowSchema.parse(row);
        return { number, yaml, savedAt, inForceAt };
      }),
    keep(versions, entries) {
      database.exec('BEGIN IMMEDIATE');
      try {
        write(versions, entries);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    auditLog({ limit, cursor }) {
      const below = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor);
      const rows = page.all(below, limit + 1).map((row) => auditRowSchema.parse(row));
      const items = rows.slice(0, limit).map(({ value_before, value_after, phrase, ...entry }) => ({
        ...entry,
        before: jsonSchema.parse(JSON.parse(value_before)),
        after: jsonSchema.parse(JSON.parse(value_after)),
        text: phrase,
      }));
      return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.number) : null };
    },
  };
}
