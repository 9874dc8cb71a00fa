/** Records as the engine makes them: one session, and transactions of the usual size in it. */
import type { TraceStep } from '../../relay-core/contract/index.ts';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { AcceptedMessage, SessionRecord, TransactionRecord } from '../../relay-core/store/types.ts';

export const startOfRecords = Date.UTC(2024, 0, 1);

export function sessionRecord(id: string, changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    id,
    startedAt: startOfRecords,
    finishedAt: null,
    client: {
      address: '203.0.113.7',
      heloName: 'mail.example.com',
      portRole: 'relay',
      tls: null,
      authenticatedAs: null,
      addressClaimed: false,
    },
    dialogue: [
      {
        ordinal: 0,
        sinceStartMs: 0.4,
        direction: 'server',
        text: `220 smtp-relay.gmail.com ESMTP ${id} - gsmtp`,
        tls: false,
      },
      { ordinal: 1, sinceStartMs: 1.1, direction: 'client', text: 'EHLO mail.example.com', tls: false },
      {
        ordinal: 2,
        sinceStartMs: 1.3,
        direction: 'server',
        text: '250-smtp-relay.gmail.com at your service, [203.0.113.7]',
        tls: false,
      },
    ],
    dialogueOmitted: 0,
    findings: [],
    ...changes,
  };
}

const trace: readonly TraceStep[] = [
  ['ORG-6', 'The edition is basic, which has the relay service.'],
  ['SET-8', 'Setting 1 “Office servers” is enabled and is asked first.'],
  ['PRT-1', 'The setting does not require TLS: plain text on port 25 passes.'],
  ['AUT-1', '203.0.113.7 is in the listed range 203.0.113.0/28 (Head office).'],
  ['SND-1', 'anna@example.com is a registered user and not suspended.'],
  ['ENV-4', '1 of at most 1,000 recipients.'],
  ['CQ-2', 'example.com: 1 of 900 recipients in 10 minutes with this transaction (9 × 100 licences).'],
  ['CQ-1', 'example.com: 1 of 13,000 recipients in 24 hours with this transaction (130 × 100 licences).'],
  [
    'UQ-1',
    'anna@example.com: 1 of 10,000 messages in 24 hours with this transaction (10,000 in the g-suite profile).',
  ],
  [
    'UQ-2',
    'anna@example.com: 1 of 13,000 unique recipients in 24 hours with this transaction (130 × 100 licences).',
  ],
  ['STO-1', 'The mailbox of anna@example.com keeps a copy: comprehensive mail storage is on.'],
  ['STO-1', 'Vault keeps no copy: it is not used.'],
].map(([rule = '', text = '']): TraceStep => ({ rule, outcome: 'pass', text, assumed: rule === 'SET-8' }));

/** An accepted transaction of one recipient, with what it adds to the store. */
export function acceptedTransaction(
  session: SessionRecord,
  number: number,
  options: { readonly recipient?: string; readonly content?: Uint8Array } = {},
): { readonly transaction: TransactionRecord; readonly accepted: AcceptedMessage } {
  const recipient = options.recipient ?? `recipient${number}@example.org`;
  const content = options.content ?? Buffer.alloc(1024, `message ${number}\r\n`);
  const at = startOfRecords + number;
  const user = 'anna@example.com';
  const suffix = `${session.id} - gsmtp`;
  const line = (ordinal: number, direction: 'client' | 'server', text: string) =>
    ({ ordinal, sinceStartMs: number + ordinal / 8, direction, text, tls: false }) as const;
  const transaction: TransactionRecord = {
    id: `${session.id}-${number}`,
    sessionId: session.id,
    startedAt: at,
    finishedAt: at,
    client: session.client,
    envelope: { before: { from: user, to: [recipient] }, after: { from: user, to: [recipient] } },
    recipients: [{ address: recipient, reply: `250 2.1.5 OK ${suffix}` }],
    decision: {
      outcome: 'accepted',
      rule: null,
      setting: 'Office servers',
      reply: { code: 250, enhancedCode: '2.0.0', lines: [`250 2.0.0 OK  1704067200 ${suffix}`] },
      trace: trace.map((step) => ({ ...step })),
      remedies: [],
      noRemedyReason: null,
    },
    quota: [
      { window: 'customer-recipients-ten-minutes', before: number, after: number + 1, limit: 900 },
      { window: 'customer-recipients-day', before: number, after: number + 1, limit: 13_000 },
      { window: 'user-messages-day', user, before: number, after: number + 1, limit: 10_000 },
      { window: 'user-unique-recipients-day', user, before: number, after: number + 1, limit: 13_000 },
    ],
    message: {
      size: content.length,
      subject: `Message ${number}`,
      messageId: `<${number}@mail.example.com>`,
    },
    storage: [
      { kind: 'mailbox', address: user, kept: true, text: trace.at(-2)?.text ?? '' },
      { kind: 'vault', kept: false, text: trace.at(-1)?.text ?? '' },
    ],
    dialogue: [
      line(10, 'client', `MAIL FROM:<${user}>`),
      line(11, 'server', `250 2.1.0 OK ${suffix}`),
      line(12, 'client', `RCPT TO:<${recipient}>`),
      line(13, 'server', `250 2.1.5 OK ${suffix}`),
      line(14, 'client', 'DATA'),
      line(15, 'server', `354  Go ahead ${suffix}`),
      line(16, 'client', `[${content.length} bytes of message]`),
      line(17, 'server', `250 2.0.0 OK  1704067200 ${suffix}`),
    ],
  };
  return {
    transaction,
    accepted: { content, charge: { at, user: addressKey(user), recipients: [addressKey(recipient)] } },
  };
}

/** A transaction that one of the quotas refused. */
export function refusedTransaction(
  session: SessionRecord,
  number: number,
  rule: 'UQ-1' | 'UQ-2' | 'CQ-1' | 'CQ-2',
): TransactionRecord {
  const { transaction } = acceptedTransaction(session, number);
  const { quota, decision } = transaction;
  return {
    ...transaction,
    decision: {
      ...decision,
      outcome: 'rejected',
      rule,
      reply: {
        code: 550,
        enhancedCode: '5.4.5',
        lines: ['550 5.4.5 Daily SMTP relay limit exceeded for user.'],
      },
    },
    quota: quota.map((change) => ({ ...change, after: change.before })),
    message: null,
  };
}
