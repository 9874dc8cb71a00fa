/** Lines of a dialogue find their stage, steps of a trace find theirs, and the two find each other. */
import { describe, expect, test } from 'vitest';
import type { DialogueLine } from '../../relay-core/contract/index.ts';
import { inForce, ruleIds } from '../../relay-core/policy/rule-book.ts';
import { linksOf } from '../../renderer/transactions/links.ts';
import {
  decidingStep,
  pathOrder,
  stageOfAnswer,
  stageOfRuleId,
  stagesOfDialogue,
  stagesOfTrace,
} from '../../renderer/transactions/stages.ts';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';

/** `C: …` and `S: …`, a line each. */
const dialogue = (text: string): DialogueLine[] =>
  text
    .trim()
    .split('\n')
    .map((line, index) => ({
      at: '2026-11-24T15:00:00.000Z',
      sinceStartMs: index,
      direction: line.trim().startsWith('C') ? 'client' : 'server',
      text: line.trim().slice(3),
      tls: false,
    }));

describe('stages of a dialogue', () => {
  test('each command takes its reply with it, all lines of it', () => {
    const lines = dialogue(`
      S: 220 smtp-relay.gmail.com ESMTP a1 - gsmtp
      C: EHLO mail.example.com
      S: 250-smtp-relay.gmail.com at your service
      S: 250 SMTPUTF8
      C: MAIL FROM:<anna@example.com>
      S: 250 2.1.0 OK
      C: RCPT TO:<li@example.org>
      S: 250 2.1.5 OK
      C: DATA
      S: 354  Go ahead
      C: [612 bytes of data]
      S: 250 2.0.0 OK
      C: QUIT
      S: 221 2.0.0 closing connection
    `);
    expect(stagesOfDialogue(lines)).toEqual([
      'connection',
      'EHLO',
      'EHLO',
      'EHLO',
      'MAIL',
      'MAIL',
      'RCPT',
      'RCPT',
      'DATA',
      'DATA',
      'end of data',
      'end of data',
      'other',
      'other',
    ]);
  });

  test('pipelined commands get their own replies, first in, first out · RFC 2920', () => {
    const lines = dialogue(`
      C: MAIL FROM:<anna@example.com>
      C: RCPT TO:<li@example.org>
      C: DATA
      S: 250 2.1.0 OK
      S: 250 2.1.5 OK
      S: 550-5.7.0 Mail relay denied
      S: 550 5.7.0 go away
    `);
    expect(stagesOfDialogue(lines).slice(3)).toEqual(['MAIL', 'RCPT', 'DATA', 'DATA']);
  });

  test('what answers a challenge belongs to AUTH', () => {
    const lines = dialogue(`
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: [user name]
      S: 334 UGFzc3dvcmQ6
      C: [secret]
      S: 235 2.7.0 Accepted
    `);
    expect(new Set(stagesOfDialogue(lines))).toEqual(new Set(['AUTH']));
  });

  test('the last chunk of BDAT is the end of data · RFC 3030', () => {
    const lines = dialogue(`
      C: BDAT 1000
      S: 250 2.0.0 OK
      C: BDAT 20 LAST
      S: 250 2.0.0 OK
    `);
    expect(stagesOfDialogue(lines)).toEqual(['DATA', 'DATA', 'end of data', 'end of data']);
  });

  test('a time-out that nobody asked for belongs to what came before it', () => {
    const lines = dialogue(`
      C: MAIL FROM:<anna@example.com>
      S: 250 2.1.0 OK
      S: 451 4.4.2 Timeout - closing connection.
    `);
    expect(stagesOfDialogue(lines).at(-1)).toBe('MAIL');
  });
});

describe('stages of a decision', () => {
  const transactions = cannedTransactions(400, Date.parse('2026-11-24T15:00:00.000Z'));

  test('the deciding step stands at the stage where its reply went out, whatever its rule', () => {
    const later = transactions.find(({ decision }) => decision.rule === 'HEL-3');
    if (!later) throw new Error('no refusal by HEL-3 among the canned transactions');
    expect(stageOfAnswer(later.decision, later.dialogue)).toBe('MAIL');
    const index = decidingStep(later.decision);
    expect(index === null ? null : stagesOfTrace(later.decision, later.dialogue)[index]).toBe('MAIL');
  });

  test('the path goes forward, whatever the order in which the engine asked', () => {
    expect(pathOrder(['MAIL', 'RCPT', 'MAIL', 'DATA', 'other', 'end of data'])).toEqual([0, 2, 1, 3, 4, 5]);
  });

  test('a size is declared with MAIL, and counted at the end · RFC-1870', () => {
    const size = (text: string) => ({ rule: 'RFC-1870', outcome: 'pass' as const, text, assumed: false });
    const owner = { rule: 'SND-1', outcome: 'pass' as const, text: 'a user', assumed: false };
    const decision = {
      outcome: 'accepted' as const,
      rule: null,
      setting: null,
      reply: null,
      trace: [size('declared'), owner, size('counted')],
      remedies: [],
      noRemedyReason: null,
    };
    expect(stagesOfTrace(decision, [])).toEqual(['MAIL', 'DATA', 'end of data']);
  });

  test('no step stands behind the refusal', () => {
    for (const { decision, dialogue: lines } of transactions)
      if (decision.outcome === 'rejected')
        expect(pathOrder(stagesOfTrace(decision, lines)).at(-1)).toBe(decidingStep(decision));
  });

  test('every refusal has a deciding step, which is the one of its rule that failed', () => {
    const refused = transactions.filter(({ decision }) => decision.outcome === 'rejected');
    expect(refused.length).toBeGreaterThan(50);
    for (const { decision } of refused) {
      const step = decision.trace[decidingStep(decision) ?? -1];
      expect(step).toMatchObject({ rule: decision.rule, outcome: 'fail' });
    }
  });

  test('accepted and abandoned transactions have none', () => {
    for (const { decision } of transactions)
      if (decision.outcome !== 'rejected') expect(decidingStep(decision)).toBeNull();
  });

  test('a line of the deciding reply leads to the deciding step alone, and back to all its lines', () => {
    const denied = transactions.find(({ decision }) => decision.rule === 'AUT-1');
    if (!denied) throw new Error('no refusal by AUT-1 among the canned transactions');
    const line = denied.dialogue.findIndex(({ text }) => text.startsWith('550-5.7.0 obtained'));
    const deciding = decidingStep(denied.decision) ?? -1;
    expect([...linksOf(denied, { kind: 'line', index: line }).steps]).toEqual([deciding]);
    const back = linksOf(denied, { kind: 'step', index: deciding });
    expect(back.lines.has(line)).toBe(true);
    expect([...back.lines].map((index) => denied.dialogue[index]?.text)).toContain('DATA');
  });

  test('no mark, no links', () => {
    const [first] = transactions;
    if (!first) throw new Error('no canned transactions');
    const { lines, steps } = linksOf(first, null);
    expect([lines.size, steps.size]).toEqual([0, 0]);
  });
});

describe('the stage of a rule', () => {
  /** Of the start of TLS, which no transaction sees. */
  const outsideTransactions = ['RFC-3207'];

  test('is known of every rule that a trace can cite', () => {
    const ids = ruleIds().filter((id) => inForce(id) && !outsideTransactions.includes(id));
    expect(ids.filter((id) => stageOfRuleId(id) === 'other')).toEqual([]);
  });
  test.each([
    ['SET-6', 'MAIL', 'that a newer version is on its way is noted first'],
    ['ABU-2', 'DATA', 'a suspended sender is refused before data'],
    ['ABU-1', 'end of data', 'an unusual rate shows once a message was found to be spam'],
  ])('%s stands at %s: %s', (id, stage) => {
    expect(stageOfRuleId(id)).toBe(stage);
  });
});
