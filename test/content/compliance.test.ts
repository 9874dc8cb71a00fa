/** The administrator's content rules: what they look at, their order, and that none can hang the engine (FIL-2). */
import { describe, expect, test } from 'vitest';
import { inspect, realScanners } from '../../relay-core/content/inspect.ts';
import type { ComplianceRule } from '../../relay-core/settings/filtering.ts';
import { composed, message } from './messages-of-tests.ts';

const reject = { kind: 'reject' } as const;
const footer = (text: string) => ({ kind: 'footer', footer: text }) as const;

async function resultsOf(content: Buffer, rules: readonly Partial<ComplianceRule>[]) {
  const compliance = rules.map(
    (rule): ComplianceRule => ({ description: '', match: 'body', pattern: '.', action: reject, ...rule }),
  );
  const filtering = { spamassassin: null, clamav: null, whenScannerFails: 'defer', compliance } as const;
  const verdict = await inspect(content, filtering, realScanners);
  if (verdict === null) throw new Error('a message with content rules has a verdict');
  return verdict;
}

async function found(content: Buffer, rule: Partial<ComplianceRule>): Promise<string | null | undefined> {
  return (await resultsOf(content, [rule])).compliance[0]?.found;
}

describe('a rule looks at · FIL-2', () => {
  test('the subject, decoded', async () => {
    const mail = message('Subject: =?utf-8?Q?R=C3=A4kning_17?=', '', 'Hello');
    expect(await found(mail, { match: 'subject', pattern: 'Räkning \\d+' })).toBe('Räkning 17');
  });
  test('the body, decoded from its encoding and its character set', async () => {
    const mail = message(
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'f=F6rtro=',
      'lig',
    );
    expect(await found(mail, { pattern: 'förtrolig' })).toBe('förtrolig');
  });
  test('HTML as well as text, and no attachment', async () => {
    const mail = await composed({
      text: 'a',
      html: '<b>secret</b>',
      attachments: [{ filename: 'a.txt', content: 'hidden' }],
    });
    expect(await found(mail, { pattern: 'secret' })).toBe('secret');
    expect(await found(mail, { pattern: 'hidden' })).toBeNull();
  });
  test('an attachment’s name with its type, whatever the case', async () => {
    const mail = await composed({
      text: 'a',
      attachments: [{ filename: 'Setup.EXE', content: 'MZ', contentType: 'application/x-msdos-program' }],
    });
    expect(await found(mail, { match: 'attachment-type', pattern: '\\.exe\\b' })).toBe('.EXE');
    expect(await found(mail, { match: 'attachment-type', pattern: 'APPLICATION/x-msdos' })).toBe(
      'application/x-msdos',
    );
    expect(await found(mail, { match: 'attachment-type', pattern: 'pdf' })).toBeNull();
  });
  test('case, unless its expression begins with (?i)', async () => {
    const mail = message('', 'Secret');
    expect(await found(mail, { pattern: 'secret' })).toBeNull();
    expect(await found(mail, { pattern: '(?i)secret' })).toBe('Secret');
  });
});

describe('rules are applied in order · FIL-2', () => {
  test('up to the first that rejects', async () => {
    const { compliance } = await resultsOf(message('Subject: x', '', 'one two'), [
      { pattern: 'three' },
      { pattern: 'two', action: footer('Example AB') },
      { pattern: 'one' },
      { pattern: 'two' },
    ]);
    expect(compliance.map(({ index, found: what }) => [index, what])).toEqual([
      [0, null],
      [1, 'two'],
      [2, 'one'],
    ]);
    expect(compliance[1]?.footer).toEqual({
      text: 'Example AB',
      result: { outcome: 'appended', parts: ['text/plain'], breaksDkim: false },
    });
  });
  test('to the message as it arrived: a footer is nothing that a later rule finds', async () => {
    const { compliance } = await resultsOf(message('', 'Hello'), [
      { pattern: 'Hello', action: footer('confidential') },
      { pattern: 'confidential' },
    ]);
    expect(compliance.map(({ found: what }) => what)).toEqual(['Hello', null]);
  });
});

describe('no rule can hang the engine', () => {
  test('an expression that would take other engines for ever ends at once', async () => {
    expect(await found(message('', `${'a'.repeat(50_000)}!`), { pattern: '^(a+)+$' })).toBeNull();
  });
  test('a body is looked through up to a bound, and what lies beyond is told', async () => {
    const long = message('Content-Type: text/plain', '', `${'x'.repeat(1_048_576)}needle`);
    const { compliance, unread } = await resultsOf(long, [{ pattern: 'needle' }]);
    expect(compliance[0]?.found).toBeNull();
    expect(unread).toBe('the body beyond its first 1048576 characters');
  });
  test('what a long match is shown as has a bound', async () => {
    expect((await found(message('', 'x'.repeat(5_000)), { pattern: 'x+' }))?.length).toBe(200);
  });
});
