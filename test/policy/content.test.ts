/** What follows from what was found in a message: the pure rule over verdicts as the transaction keeps them (FIL). */
import { describe, expect, test } from 'vitest';
import type { ContentVerdict, FooterOutcome, ScannerAnswer } from '../../relay-core/contract/index.ts';
import { decide } from '../../relay-core/policy/decide.ts';
import { isSpam } from '../../relay-core/policy/rules/content.ts';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { configuration, listed, sentences, session, verdict } from './organisation-of-tests.ts';

const nothing: ContentVerdict = { patterns: [], scanners: [], compliance: [], unread: null };

function atEndOfData(
  content: ContentVerdict | null,
  under: Configuration = configuration(),
  messageBytes = 1_000,
) {
  return decide(under, {
    stage: 'end-of-data',
    session: session(),
    envelope: { reversePath: 'anna@example.com', forwardPaths: ['someone@elsewhere.org'] },
    messageBytes,
    content: content && { verdict: content, spamFromClient: 0 },
  });
}

const gtube = { pattern: 'gtube', where: 'the text/plain part' } as const;
const eicar = { pattern: 'eicar', where: 'the attachment bill.com' } as const;
const clean = { kind: 'virus-scan', scanner: 'clamav', signature: null } as const;
const infected = { kind: 'virus-scan', scanner: 'clamav', signature: 'Win.Test.EICAR_HDB-1' } as const;
const scored = (isSpamMessage: boolean, score: number): ScannerAnswer => ({
  kind: 'spam-score',
  scanner: 'spamassassin',
  isSpam: isSpamMessage,
  score,
  threshold: 5,
  rules: ['MISSING_DATE'],
});
const silent = {
  kind: 'failed',
  scanner: 'clamav',
  cause: 'too-slow',
  detail: '127.0.0.1:3310 did not answer within 100 ms',
} as const;
const ruleThatMatched = (action: 'reject' | 'footer') =>
  ({
    index: 0,
    description: 'Card numbers',
    match: 'body',
    pattern: '[0-9]{16}',
    action,
    found: '4111111111111111',
  }) as const;

describe('what the relay itself knows', () => {
  test('EICAR is blocked content, and the step says where it is · FIL-1', () => {
    const decision = atEndOfData({ ...nothing, patterns: [eicar] });
    expect(verdict(decision)).toBe('blocked-content · FIL-1');
    expect(sentences(decision, 'FIL-1')).toEqual([
      'The EICAR test pattern, which stands for a virus, is in the attachment bill.com.',
    ]);
  });
  test('GTUBE is spam, and the reply names the client · FIL-1', () => {
    const decision = atEndOfData({ ...nothing, patterns: [gtube] });
    expect(verdict(decision)).toBe('spam · FIL-1');
    expect(decision.outcome === 'rejected' && decision.reply.text).toContain(`[${listed}      12]`);
  });
  test('a message without a verdict passes, with its size as the only step · FIL-1', () => {
    const decision = atEndOfData(null);
    expect(decision.outcome).toBe('accepted');
    expect(decision.trace.map(({ rule }) => rule)).toEqual(['RFC-1870']);
  });
});

describe('what scanners say', () => {
  test.each([
    [infected, 'blocked-content · FIL-1', 'ClamAV found Win.Test.EICAR_HDB-1.'],
    [clean, 'accepted', 'ClamAV found nothing.'],
    [
      scored(true, 7.5),
      'spam · FIL-1',
      'SpamAssassin gave 7.5 points; from 5 on it is spam (rules: MISSING_DATE).',
    ],
    [
      scored(false, -0.1),
      'accepted',
      'SpamAssassin gave -0.1 points; from 5 on it is spam (rules: MISSING_DATE).',
    ],
  ])('%o · FIL-3', (answer, expected, sentence) => {
    const decision = atEndOfData({ ...nothing, scanners: [answer] });
    expect(verdict(decision)).toBe(expected);
    expect(sentences(decision, 'FIL-1')).toEqual([sentence]);
  });
  test('a scanner that gives no verdict defers the message, and the trace says so · FIL-3', () => {
    const decision = atEndOfData({ ...nothing, scanners: [silent] });
    expect(verdict(decision)).toBe('local-error · FIL-3');
    expect(sentences(decision, 'FIL-3')).toEqual([
      'ClamAV gave no verdict: 127.0.0.1:3310 did not answer within 100 ms. The client is to send the message again later (filtering.whenScannerFails: defer).',
    ]);
  });
  test('or lets it pass, when the bench file says so, with a note · FIL-3', () => {
    const decision = atEndOfData(
      { ...nothing, scanners: [silent] },
      configuration({ filtering: { whenScannerFails: 'pass' } }),
    );
    expect(decision.outcome).toBe('accepted');
    expect(decision.trace.find(({ rule }) => rule === 'FIL-3')).toMatchObject({ outcome: 'note' });
  });
});

describe('the order: size, virus, spam, a scanner that failed, content rules', () => {
  const everything: ContentVerdict = {
    patterns: [gtube, eicar],
    scanners: [silent, scored(true, 9)],
    compliance: [ruleThatMatched('reject')],
    unread: null,
  };
  test.each<[string, ContentVerdict]>([
    ['blocked-content · FIL-1', everything],
    ['spam · FIL-1', { ...everything, patterns: [] }],
    ['local-error · FIL-3', { ...everything, patterns: [], scanners: [silent, scored(false, 1)] }],
    ['policy · FIL-2', { ...everything, patterns: [], scanners: [scored(false, 1)] }],
  ])('%s comes before what follows it · FIL-1, FIL-2, FIL-3', (expected, content) => {
    expect(verdict(atEndOfData(content))).toBe(expected);
  });
  test('a message that is too large is refused for that alone', () => {
    const decision = atEndOfData(everything, configuration({ limits: { messageBytes: 2_048 } }), 4_096);
    expect(verdict(decision)).toBe('too-large · RFC-1870');
    expect(decision.trace).toHaveLength(1);
  });
});

describe('content rules of the administrator', () => {
  test('each has its step, in order: nothing found, a footer, a rejection · FIL-2', () => {
    const quiet = { ...ruleThatMatched('reject'), description: '', found: null };
    const result: FooterOutcome = {
      outcome: 'appended',
      parts: ['text/plain', 'text/html'],
      breaksDkim: true,
    };
    const footer = { ...ruleThatMatched('footer'), index: 1, footer: { text: 'Example AB', result } };
    const decision = atEndOfData({
      ...nothing,
      compliance: [quiet, footer, { ...ruleThatMatched('reject'), index: 2 }],
    });
    expect(verdict(decision)).toBe('policy · FIL-2');
    expect(sentences(decision, 'FIL-2')).toEqual([
      'Content rule 1 looked for /[0-9]{16}/ in the body, and found nothing.',
      'Content rule "Card numbers" looked for /[0-9]{16}/ in the body, and found "4111111111111111": its footer is appended to text/plain and text/html, which its DKIM signature no longer covers.',
      'Content rule "Card numbers" looked for /[0-9]{16}/ in the body, and found "4111111111111111": it rejects the message.',
    ]);
  });
  test('a message that is left without its footer is told as such · FIL-2', () => {
    const result = { outcome: 'left-alone', reason: 'it is signed' } as const;
    const decision = atEndOfData({
      ...nothing,
      compliance: [{ ...ruleThatMatched('footer'), footer: { text: 'Example AB', result } }],
    });
    expect(decision.outcome).toBe('accepted');
    expect(sentences(decision, 'FIL-2')[0]).toMatch(/no footer is appended, since the message is signed\.$/);
  });
  test('what was not looked at is told as well · FIL-1', () => {
    const decision = atEndOfData({ ...nothing, unread: 'parts beyond the first 10000' });
    expect(sentences(decision, 'FIL-1')).toEqual([
      'Not looked at in the message: parts beyond the first 10000.',
    ]);
  });
});

test.each<[boolean, Partial<ContentVerdict>]>([
  [true, { patterns: [gtube] }],
  [true, { scanners: [scored(true, 9)] }],
  [false, { patterns: [eicar], scanners: [scored(false, 1), silent] }],
])('a spam verdict is the test pattern’s or SpamAssassin’s (%s) · ABU-1', (expected, content) => {
  expect(isSpam({ ...nothing, ...content })).toBe(expected);
});
