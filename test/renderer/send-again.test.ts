/** A transaction that is sent again: the form says the same as the client did, and what it cannot say it tells. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Transaction } from '../../relay-core/contract/index.ts';
import { contentFrom, formAgain } from '../../renderer/send/again.ts';
import { formErrors, messageOf } from '../../renderer/send/form-values.ts';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';
import { type Bench, chromiumMissing, eventually, startBench } from './browser.ts';

const [canned] = cannedTransactions(1, Date.parse('2026-11-24T15:00:00.000Z'));
if (!canned) throw new Error('no canned transaction');

const transaction = (client: Partial<Transaction['client']> = {}): Transaction => ({
  ...canned,
  envelope: { ...canned.envelope, before: { from: '', to: ['a@example.org', 'b@example.org'] } },
  message: { size: 900, subject: 'Report', messageId: '' },
  client: { ...canned.client, tls: null, authenticatedAs: null, addressClaimed: false, ...client },
});
const raw = 'Subject: Report\r\n\r\nHej då\r\n';
const message = { kind: 'message', raw } as const;

describe('the form of a transaction that is sent again', () => {
  test('has its envelope, client and message, and goes out as they were', () => {
    const client = { address: '203.0.113.9', heloName: 'mail.example.com', portRole: 'relay' } as const;
    const { values, from } = formAgain(transaction(client), message);
    expect(formErrors(values)).toEqual({});
    expect(messageOf(values)).toEqual({
      from: '',
      to: ['a@example.org', 'b@example.org'],
      raw,
      portRole: 'relay',
      tls: 'none',
      heloName: 'mail.example.com',
      claimedAddress: '203.0.113.9',
    });
    expect(from).toEqual({ transactionId: canned.id, notes: [] });
  });

  test.each([
    ['127.0.0.1', false, ''],
    ['::1', false, ''],
    ['127.0.0.1', true, '127.0.0.1'],
    ['10.0.0.7', false, '10.0.0.7'],
  ])('of a client at %s (claimed: %s) claims “%s”', (address, addressClaimed, claimed) => {
    expect(formAgain(transaction({ address, addressClaimed }), message).values.claimedAddress).toBe(claimed);
  });

  test.each([
    ['relay', false, 'none'],
    ['submission', true, 'starttls'],
    ['smtps', true, 'implicit'],
  ] as const)('on %s with TLS %s asks for %s', (portRole, secured, tls) => {
    const used = secured ? { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } : null;
    expect(formAgain(transaction({ portRole, tls: used }), message).values.tls).toBe(tls);
  });

  test('of one who signed in asks for the password, which nobody kept', () => {
    const { values, from } = formAgain(transaction({ authenticatedAs: 'anna@example.com' }), message);
    expect(values).toMatchObject({ authenticate: true, user: 'anna@example.com', password: '' });
    expect(Object.keys(formErrors(values))).toEqual(['password']);
    expect(from.notes).toEqual(['anna@example.com signed in; its password is not kept.']);
  });

  test.each([
    [{ kind: 'none-kept' }, 'Messages that were not accepted are not kept'],
    [{ kind: 'too-large', size: 3_000_000 }, 'too large for the form (3.0 MB)'],
    [contentFrom(Uint8Array.of(0x48, 0xe5)), 'bytes that are no text'],
  ] as const)('without its message (%j) has its subject, and says so', (content, note) => {
    const { values, from } = formAgain(transaction(), content);
    expect(values).toMatchObject({ content: 'text', subject: 'Report' });
    expect(from.notes.join()).toContain(note);
  });
});

describe.skipIf(chromiumMissing)('send again', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test('fills the form in, says from what, and is one press from being sent', async () => {
    const { page, screen } = await bench.open('full', 'transactions?outcome=accepted');
    await page.getByRole('row').nth(3).click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('As in transaction').waitFor();
    await eventually(() => page.getByRole('textbox', { name: 'Raw message' }).inputValue()).toContain(
      'Message-ID:',
    );
    await screen('send-again');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('link', { name: 'Open the transaction' }).waitFor();
    expect(await page.getByText('As in transaction').count()).toBe(0);
  });
});
