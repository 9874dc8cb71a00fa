/** The sentence on top of a transaction reads as a person would say it. */
import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { dialogueText } from '../../renderer/transactions/dialogue-text.ts';
import { sentenceOf } from '../../renderer/transactions/sentence.ts';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';

const transactions = cannedTransactions(600, Date.parse('2026-11-24T15:00:00.000Z'));

const one = (wanted: (transaction: Transaction) => boolean): Transaction => {
  const found = transactions.find(wanted);
  if (!found) throw new Error('no such transaction among the canned ones');
  return found;
};
const byRule = (rule: string): string => sentenceOf(one(({ decision }) => decision.rule === rule));

describe('the sentence of a transaction', () => {
  test('a refusal says where and why, in the words of the deciding step', () => {
    expect(byRule('UQ-1')).toBe(
      'Refused at DATA: anna@example.com has sent 10,000 messages in the last 24 hours; 1 more would pass the limit of 10,000 (the profile).',
    );
    expect(byRule('SND-1')).toBe(
      'Refused at DATA: no-reply@example.com is no registered user, and the setting allows “registered-users” only.',
    );
  });

  test('a temporary refusal is deferred', () => {
    expect(byRule('CQ-2')).toMatch(/^Deferred at DATA: Example AB has sent 900 recipients/);
  });

  test('an ordinary opening loses its capital, a name keeps it', () => {
    expect(byRule('PRT-4')).toBe(
      'Refused at MAIL: the setting asks for TLS, and the session is not encrypted.',
    );
    expect(byRule('CQ-1')).toMatch(/: Example AB has/);
  });

  test('a refusal after the content says so', () => {
    expect(byRule('FIL-2')).toMatch(/^Refused after the content: the subject fits/);
  });

  test('an acceptance names sender, recipients, setting, and what was rewritten', () => {
    const rewritten = one(({ envelope }) => envelope.before.from !== envelope.after.from);
    expect(sentenceOf(rewritten)).toMatch(
      /^Accepted from alerts@monitoring\.example for .+, under “Office servers”; the sender was rewritten to postmaster@example\.com\.$/,
    );
    const partly = one(
      ({ envelope, decision }) => decision.outcome === 'accepted' && envelope.after.to.length === 2,
    );
    expect(sentenceOf(partly)).toContain('for 2 recipients; 1 recipient refused');
    const empty = one(
      ({ envelope, decision }) => decision.outcome === 'accepted' && envelope.before.from === '',
    );
    expect(sentenceOf(empty)).toMatch(/^Accepted from the null sender for /);
  });

  test('what a client broke off says how far it came', () => {
    expect(sentenceOf(one(({ decision }) => decision.outcome === 'abandoned'))).toMatch(
      /^Abandoned after RCPT: the client sent RSET before a message from .+ was through; nothing was refused\.$/,
    );
  });

  test('every canned transaction has one sentence, with one full stop at its end', () => {
    for (const transaction of transactions) expect(sentenceOf(transaction)).toMatch(/^[A-Z][^\n]+[^.]\.$/);
  });
});

test('a dialogue as text says who spoke and where TLS begins', () => {
  const transaction = one(({ client }) => client.portRole === 'submission' && client.tls !== null);
  const text = dialogueText(transaction.dialogue);
  expect(text).toMatch(/^S: 220 smtp-relay\.gmail\.com/);
  expect(text.match(/-- inside TLS --/g)).toHaveLength(1);
  expect(text).toContain('S: 220 2.0.0 Ready to start TLS\n-- inside TLS --\nC: EHLO');
});
