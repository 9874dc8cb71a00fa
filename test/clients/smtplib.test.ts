/** Python's smtplib against the engine: what most scripts send with. Lower-case commands, one at a time. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annasPassword, type RunningEngine, startEngine } from '../fixtures/engine.ts';
import { findProgram, runProgram } from '../fixtures/program.ts';
import {
  clientCommands,
  clientsBench,
  foreignSender,
  impossibleRecipient,
  relayName,
} from './relayed-bench.ts';

const python = findProgram('python3');
const title = python ? 'smtplib' : 'python3 is missing: its tests are skipped (sudo apt-get install python3)';
const script = fileURLToPath(new URL('./send-by-smtplib.py', import.meta.url));

interface Order {
  readonly port: number;
  readonly subject: string;
  readonly tls?: 'none' | 'starttls' | 'implicit';
  readonly mechanism?: 'PLAIN' | 'LOGIN';
  readonly password?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly heloName?: string;
}

describe.skipIf(!python)(title, () => {
  let engine: RunningEngine;
  let authority: string;
  beforeAll(async () => {
    engine = await startEngine({ bench: clientsBench });
    authority = await engine.exportAuthority();
  });
  afterAll(() => engine.stop());

  const send = async ({ subject, ...order }: Order): Promise<unknown> => {
    const input = JSON.stringify({
      authority,
      relayName,
      tls: 'none',
      heloName: 'mail.example.com',
      user: 'anna@example.com',
      from: 'anna@example.com',
      to: ['customer@example.org'],
      content: `From: anna@example.com\r\nSubject: ${subject}\r\n\r\nHello\r\n.dot\r\n`,
      ...order,
    });
    const { status, stdout, stderr } = await runProgram(python ?? '', [script], { input });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const accepted = async (subject: string) => {
    const kept = await engine.transactionWhere(subject, ({ message }) => message?.subject === subject);
    expect(kept.decision.outcome).toBe('accepted');
    return kept;
  };

  test('in plain text and lower case, dots doubled on the way and single at the end', async () => {
    expect(await send({ port: engine.listeners.relay, subject: 'plain' })).toEqual({
      outcome: 'sent',
      refused: {},
    });

    const kept = await accepted('plain');
    expect(clientCommands(kept)).toContainEqual(expect.stringMatching(/^mail FROM:<anna@example\.com>/));
    expect(await engine.message(kept.id)).toBe(
      'From: anna@example.com\r\nSubject: plain\r\n\r\nHello\r\n.dot\r\n',
    );
  });

  test('STARTTLS, verified, with AUTH by each mechanism · PRT-2, AUT-2', async () => {
    for (const mechanism of ['PLAIN', 'LOGIN'] as const) {
      const subject = `starttls ${mechanism}`;
      const port = engine.listeners.submission;
      const order = { port, subject, tls: 'starttls', mechanism, password: annasPassword } as const;
      expect(await send(order)).toEqual({ outcome: 'sent', refused: {} });
      expect((await accepted(subject)).client).toMatchObject({
        authenticatedAs: 'anna@example.com',
        portRole: 'submission',
      });
    }
  });

  test('TLS from the first byte, verified, with AUTH · PRT-2, AUT-4', async () => {
    const order = { tls: 'implicit', mechanism: 'PLAIN', password: annasPassword } as const;
    expect(await send({ port: engine.listeners.smtps, subject: 'implicit', ...order })).toEqual({
      outcome: 'sent',
      refused: {},
    });
    expect((await accepted('implicit')).client.portRole).toBe('smtps');
  });

  test('a wrong password is told 535 · AUT-6', async () => {
    const order = { tls: 'starttls', mechanism: 'LOGIN', password: 'wrong' } as const;
    expect(await send({ port: engine.listeners.submission, subject: 'never', ...order })).toMatchObject({
      outcome: 'refused',
      code: 535,
    });
  });

  test('some recipients refused: it goes on with the others', async () => {
    const to = ['customer@example.org', impossibleRecipient];
    expect(await send({ port: engine.listeners.relay, subject: 'some', to })).toEqual({
      outcome: 'sent',
      refused: { [impossibleRecipient]: 553 },
    });
    expect((await accepted('some')).envelope.after.to).toEqual(['customer@example.org']);
  });

  test('a foreign sender that nothing vouches for is refused at DATA · IDN-1, CQ-10', async () => {
    const heloName = 'mail.partner.example.org';
    const answer = await send({
      port: engine.listeners.relay,
      subject: 'never',
      from: foreignSender,
      heloName,
    });
    expect(answer).toMatchObject({ outcome: 'refused', code: 550 });
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ client }) => client.heloName === heloName,
    );
    expect(refused.decision.rule).toBe('IDN-1');
    expect(clientCommands(refused)).toContain('data');
  });
});
