/** What the audit log says of a saved change: every value, before and after, and no secret in any form. */
import { describe, expect, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { readBench } from '../../relay-core/bench-file/running-bench.ts';
import { auditRecords } from '../../relay-core/settings/audit-log.ts';

const saving = { at: Date.UTC(2026, 0, 1), who: 'api', version: 'abc' } as const;

async function benchOf(text: string) {
  const reading = await readBench(text);
  if (reading.outcome === 'problems') throw new Error(reading.problems[0].message);
  return reading.bench;
}

async function recordsOf(change: (text: string) => string, from = exampleBenchFile) {
  return auditRecords((await benchOf(from)).file, (await benchOf(change(from))).file, saving);
}

describe('the audit log', () => {
  test('has time, who, what, before and after of each value · SET-7', async () => {
    const records = await recordsOf((text) =>
      text
        .replace('licences: 100', 'licences: 120')
        .replace('allowedSenders: registered-users', 'allowedSenders: any'),
    );
    // Hashing salts the password anew each time the text is read.
    expect(records.filter(({ what }) => !what.includes('password'))).toEqual([
      {
        ...saving,
        what: 'customer.licences',
        before: 100,
        after: 120,
        text: 'customer.licences: 100 → 120',
      },
      {
        ...saving,
        what: 'settings[0].allowedSenders',
        before: 'registered-users',
        after: 'any',
        text: 'settings[0].allowedSenders: registered-users → any',
      },
    ]);
  });
  test('has null before what was added, and after what was removed · SET-7', async () => {
    const before = '  - address: bo@example.net\n';
    const [removed] = (await recordsOf((text) => text.replace(before, ''))).filter(({ what }) =>
      what.includes('bo@'),
    );
    expect(removed).toMatchObject({
      what: 'user bo@example.net',
      after: null,
      text: 'user bo@example.net removed',
    });
    expect(removed?.before).toMatchObject({ address: 'bo@example.net', suspended: false });
    const added = await recordsOf((text) => text.replace(before, `${before}  - address: cy@example.net\n`));
    expect(added.find(({ what }) => what.includes('cy@'))).toMatchObject({
      before: null,
      after: { address: 'cy@example.net' },
    });
  });
  test('has the whole setting that was added · SET-7 · SET-1', async () => {
    const records = await recordsOf((text) =>
      text.replace(
        '\nlisteners:',
        '  - { description: Printers, authentication: { smtpAuth: true } }\n\nlisteners:',
      ),
    );
    expect(records.find(({ what }) => what === 'settings[2]')).toMatchObject({
      before: null,
      after: { description: 'Printers', allowedSenders: 'registered-users', enabled: true },
    });
  });
  test.each([
    ['a password that changes', (text: string) => text.replace('correct horse', 'incorrect horse')],
    [
      'a password that is added',
      (text: string) => text.replace('bo@example.net', 'bo@example.net\n    password: hunter2'),
    ],
    [
      'a token that is added',
      (text: string) => text.replace('bo@example.net', 'bo@example.net\n    accessToken: hunter2'),
    ],
    [
      'a new user with both',
      (text: string) =>
        text.replace(
          '- address: bo',
          '- { address: c@example.com, password: hunter2, accessToken: hunter2 }\n  - address: bo',
        ),
    ],
    ['a user who goes', (text: string) => text.replace(/ {2}- address: anna[\s\S]*?loaded\n/, '')],
  ])('never holds a secret, nor its hash: %s · SET-7', async (_, change) => {
    const records = await recordsOf(change);
    expect(records.length).toBeGreaterThan(0);
    expect(JSON.stringify(records)).toContain('(secret)');
    expect(JSON.stringify(records)).not.toMatch(/horse|hunter2|scrypt/);
  });
  test('says nothing when only comments or layout change · SET-7', async () => {
    const { yaml } = await benchOf(exampleBenchFile);
    expect(await recordsOf((text) => `# A new comment\n${text}`, yaml)).toEqual([]);
  });
});
