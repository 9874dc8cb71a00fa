/** curl against the engine: strictly sequential, with the authority's certificate verified. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annasPassword, type RunningEngine, startEngine } from '../fixtures/engine.ts';
import { findProgram, runProgram } from '../fixtures/program.ts';
import { clientsBench, relayName } from './relayed-bench.ts';

const curl = findProgram('curl');
const title = curl ? 'curl' : 'curl is missing: its tests are skipped (sudo apt-get install curl)';

describe.skipIf(!curl)(title, () => {
  let engine: RunningEngine;
  let authority: string;
  beforeAll(async () => {
    engine = await startEngine({ bench: clientsBench });
    authority = await engine.exportAuthority();
  });
  afterAll(() => engine.stop());

  interface Target {
    readonly scheme: 'smtp' | 'smtps';
    readonly port: number;
    /** The name in the URL's path is what curl says in EHLO. */
    readonly heloName?: string;
  }
  const send = (
    { scheme, port, heloName = 'mail.example.com' }: Target,
    subject: string,
    options: string[],
  ) =>
    runProgram(
      curl ?? '',
      [
        ...['--silent', '--show-error', '--verbose', '--max-time', '20', '--noproxy', '*'],
        ...[
          '--resolve',
          `${relayName}:${port}:127.0.0.1`,
          '--url',
          `${scheme}://${relayName}:${port}/${heloName}`,
        ],
        ...['--mail-from', 'anna@example.com', '--mail-rcpt', 'customer@example.org'],
        ...['--upload-file', '-', ...options],
      ],
      { input: `From: Anna <anna@example.com>\r\nSubject: ${subject}\r\n\r\nHello\r\n` },
    );
  const accepted = async (subject: string) => {
    const kept = await engine.transactionWhere(subject, ({ message }) => message?.subject === subject);
    expect(kept.decision.outcome).toBe('accepted');
    return kept;
  };
  const asAnna = (mechanism: string) => [
    ...['--user', `anna@example.com:${annasPassword}`, '--login-options', `AUTH=${mechanism}`],
  ];

  test('in plain text', async () => {
    const target = { scheme: 'smtp', port: engine.listeners.relay } as const;
    const { status, stderr } = await send(target, 'plain', []);

    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^< 250 2\.0\.0 OK {2}\d+ \S+ - gsmtp/m);
    const kept = await accepted('plain');
    expect(await engine.message(kept.id)).toBe(
      'From: Anna <anna@example.com>\r\nSubject: plain\r\n\r\nHello\r\n',
    );
  });

  test('STARTTLS with the authority verified, and AUTH by each mechanism · PRT-2, AUT-2', async () => {
    for (const mechanism of ['PLAIN', 'LOGIN']) {
      const subject = `starttls ${mechanism}`;
      const { status, stderr } = await send({ scheme: 'smtp', port: engine.listeners.submission }, subject, [
        '--ssl-reqd',
        '--cacert',
        authority,
        ...asAnna(mechanism),
      ]);

      expect(status, stderr).toBe(0);
      expect((await accepted(subject)).client).toMatchObject({
        authenticatedAs: 'anna@example.com',
        portRole: 'submission',
      });
    }
  });

  test('TLS from the first byte with the authority verified, and AUTH · PRT-2, AUT-4', async () => {
    const { status, stderr } = await send({ scheme: 'smtps', port: engine.listeners.smtps }, 'implicit', [
      ...['--cacert', authority],
      ...asAnna('PLAIN'),
    ]);

    expect(status, stderr).toBe(0);
    expect((await accepted('implicit')).client.portRole).toBe('smtps');
  });

  test('without the authority it will not go on', async () => {
    const { status, stderr } = await send({ scheme: 'smtps', port: engine.listeners.smtps }, 'never', [
      ...asAnna('PLAIN'),
    ]);

    expect(status).toBe(60);
    expect(stderr).toMatch(/certificate/i);
  });

  test('a refusal at DATA reaches it, after MAIL and RCPT were accepted · CQ-10, SND-1', async () => {
    const heloName = 'mail.example.org';
    const { status, stderr } = await send(
      { scheme: 'smtp', port: engine.listeners.relay, heloName },
      'never',
      ['--mail-from', 'stranger@example.org'],
    );

    expect(status).not.toBe(0);
    expect(stderr).toMatch(/> DATA\s+< 550-5\.7\.1 Invalid credentials for relay \[127\.0\.0\.1\]/);
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ client }) => client.heloName === heloName,
    );
    expect(refused.decision).toMatchObject({ outcome: 'rejected', rule: 'IDN-1' });
  });
});
