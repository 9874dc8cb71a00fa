/** The bench file's past in the store: versions kept as they are given, and an audit log that can only grow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../relay-core/settings/audit-log.ts';
import { openStore } from '../../relay-core/store/store.ts';
import type { Store } from '../../relay-core/store/types.ts';

let directory = '';
let store: Store;
const file = () => join(directory, 'store.sqlite');
const open = () => openStore(file(), { synchronous: 'normal' });

const entry = (number: number): AuditRecord => ({
  at: Date.UTC(2026, 0, 1) + number,
  who: 'api',
  what: 'customer.licences',
  before: number,
  after: { licences: number + 1, note: 'é → "quoted"' },
  text: `customer.licences: ${number} → ${number + 1}`,
  version: `v${number}`,
});

const version = (number: number) => ({
  number,
  yaml: `# ${number}\n`,
  savedAt: number * 10,
  inForceAt: number * 20,
});

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'relay-bench-history-'));
  store = open();
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('versions', () => {
  test('are those that were kept last, also for the next process · SET-6', () => {
    expect(store.benchVersions()).toEqual([]);
    store.keepBench([version(1), version(2)], []);
    store.keepBench([{ ...version(2), inForceAt: 25 }, version(3)], []);
    store.close();
    store = open();
    expect(store.benchVersions()).toEqual([{ ...version(2), inForceAt: 25 }, version(3)]);
  });
});

describe('the audit log', () => {
  test('goes newest first, page by page, and is there for the next process · SET-7', () => {
    store.keepBench([version(1)], [entry(1), entry(2)]);
    store.keepBench([version(1)], [entry(3)]);
    store.close();
    store = open();
    const firstPage = store.auditLog({ limit: 2 });
    expect(firstPage.items.map(({ text }) => text)).toEqual([entry(3).text, entry(2).text]);
    const { nextCursor } = firstPage;
    if (nextCursor === null) throw new Error('there is a second page');
    const rest = store.auditLog({ limit: 2, cursor: nextCursor });
    expect(rest).toEqual({ items: [{ ...entry(1), number: 1 }], nextCursor: null });
  });
  test.each([
    ["UPDATE audit_log SET who = 'file'", 'changed'],
    ['DELETE FROM audit_log', 'deleted'],
    [
      "REPLACE INTO audit_log SELECT number, at, 'file', what, value_before, value_after, phrase, version FROM audit_log",
      'replaced',
    ],
    ['UPDATE OR IGNORE audit_log SET number = number + 1', 'renumbered'],
  ])('cannot be edited: %s · SET-7', (statement) => {
    store.keepBench([version(1)], [entry(1), entry(2)]);
    const before = store.auditLog({ limit: 10 });
    store.close();
    const database = new DatabaseSync(file());
    expect(() => database.exec(statement)).toThrow('the audit log only grows');
    database.close();
    store = open();
    expect(store.auditLog({ limit: 10 })).toEqual(before);
  });
  test('keeps nothing of a saving that cannot be kept whole', () => {
    const bad: AuditRecord = { ...entry(2), at: Number.NaN };
    expect(store.keepBench([version(1)], [entry(1), bad])).toMatchObject({ outcome: 'failed' });
    expect(store.benchVersions()).toEqual([]);
    expect(store.auditLog({ limit: 10 }).items).toEqual([]);
  });
});
