/** Beside a transaction's decision: what was found in its content, and which copies of it are kept. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContentVerdict } from '../../relay-core/contract/index.ts';
import { appendedFooters, contentLines } from '../../renderer/transactions/content-words.ts';
import { cutControls, faintText, namelessControls } from './accessibility.ts';
import { type Bench, chromiumMissing, sizes, startBench } from './browser.ts';

const nothing: ContentVerdict = { patterns: [], scanners: [], compliance: [], unread: null };
const rule = { index: 1, description: '', match: 'body', pattern: 'x+', found: 'xx' } as const;

describe('a content verdict in words', () => {
  test('a message without test patterns is said to have been looked at', () => {
    expect(contentLines(nothing)).toEqual([
      {
        check: 'Test patterns',
        state: 'good',
        result: 'none',
        detail: 'Neither EICAR nor GTUBE is in it.',
      },
    ]);
  });

  test('a scanner that gave no answer is never shown as one that found nothing · FIL-3', () => {
    const answer = {
      kind: 'failed',
      scanner: 'clamav',
      cause: 'unreachable',
      detail: '127.0.0.1:3310 refused the connection',
    } as const;
    expect(contentLines({ ...nothing, scanners: [answer] })[1]).toEqual({
      check: 'ClamAV',
      state: 'open',
      result: 'no verdict',
      detail: '127.0.0.1:3310 refused the connection.',
    });
  });

  test('a rule without description goes by its place, and says what it matched · FIL-2', () => {
    expect(contentLines({ ...nothing, compliance: [{ ...rule, action: 'reject' }] })[1]).toEqual({
      check: 'Content rule 2',
      state: 'bad',
      result: 'rejects',
      detail: '/x+/ matched “xx”.',
    });
  });

  test('a footer that was left alone says why, and is not among the appended ones', () => {
    const footer = {
      text: 'Example AB',
      result: { outcome: 'left-alone', reason: 'it is signed' },
    } as const;
    const verdict: ContentVerdict = {
      ...nothing,
      compliance: [{ ...rule, action: 'footer', footer }],
    };
    expect(contentLines(verdict)[1]?.detail).toBe('/x+/ matched “xx”. No footer was appended: it is signed.');
    expect(appendedFooters(verdict)).toEqual([]);
  });

  test('what was not looked at is said', () => {
    expect(contentLines({ ...nothing, unread: 'parts nested deeper than 20' })[1]?.detail).toBe(
      'parts nested deeper than 20.',
    );
  });
});

describe.skipIf(chromiumMissing)('content and copies beside the decision', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('checks of the content stand with what they found, and where · FIL-1', async () => {
    const { page } = await bench.open('full', 'transactions/t1985');
    const checks = page.getByRole('region', { name: 'Content checks' });
    await checks.getByText('GTUBE, which stands for spam, is in the text.').waitFor();
    await checks.getByText('1.2 points; from 5 on it is spam.').waitFor();
    expect(await page.getByRole('region', { name: 'Copies that are kept' }).count()).toBe(0);
  });

  test('an appended footer is shown, and the message as relayed can be saved · FIL-2', async () => {
    const { page } = await bench.open('full', 'transactions/t1978');
    const checks = page.getByRole('region', { name: 'Content checks' });
    await checks.getByText('The DKIM signature no longer covers the message.').waitFor();
    await checks.getByText('127.0.0.1:3310 did not answer within 10,000 ms.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      checks.getByRole('button', { name: 'Save as relayed, .eml' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('t1978-relayed.eml');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/Storgatan 1, Stockholm\r\n$/);
  });

  test('an accepted message says which mailbox and which archive keep a copy, and why · STO-2', async () => {
    const { page } = await bench.open('full', 'transactions/t1981');
    const copies = page.getByRole('region', { name: 'Copies that are kept' });
    await copies.getByText('alerts@monitoring.example is no registered user').waitFor();
    expect(await copies.getByText('– not kept').count()).toBe(2);
  });

  test.for([
    { size: 'narrow', scheme: 'light' },
    { size: 'usual', scheme: 'dark' },
    { size: 'wide', scheme: 'light' },
  ] as const)('they can be read: $size, $scheme', async ({ size, scheme }) => {
    const { page, screen, errors } = await bench.open('full', 'transactions/t1978', {
      size: sizes[size],
      scheme,
    });
    await page.getByRole('region', { name: 'Quota windows' }).scrollIntoViewIfNeeded();
    await page.waitForTimeout(150);
    await screen(`content-${size}-${scheme}`);
    expect.soft(await cutControls(page)).toEqual([]);
    expect.soft(await namelessControls(page)).toEqual([]);
    expect.soft(await faintText(page)).toEqual([]);
    expect.soft(errors).toEqual([]);
  });
});
