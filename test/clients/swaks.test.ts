/** swaks against the engine: what it is told, and what the engine keeps of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annasPassword, type RunningEngine, startEngine } from '../fixtures/engine.ts';
import { findProgram, type ProgramResult, runProgram } from '../fixtures/program.ts';
import { clientCommands, clientsBench, foreignSender, impossibleRecipient } from './relayed-bench.ts';

const swaks = findProgram('swaks');
const title = swaks ? 'swaks' : 'swaks is missing: its tests are skipped (sudo apt-get install swaks)';

describe.skipIf(!swaks)(title, () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await startEngine({ bench: clientsBench });
  });
  afterAll(() => engine.stop());

  interface Message {
    readonly subject: string;
    readonly from?: string;
    readonly to?: string;
    readonly heloName?: string;
  }
  const send = (port: number, message: Message, ...options: string[]): Promise<ProgramResult> =>
    runProgram(swaks ?? '', [
      ...['--server', '127.0.0.1', '--port', String(port), '--timeout', '10'],
      ...['--from', message.from ?? 'anna@example.com', '--to', message.to ?? 'customer@example.org'],
      ...['--ehlo', message.heloName ?? 'mail.example.com', '--header', `Subject: ${message.subject}`],
      ...options,
    ]);
  const accepted = async (subject: string) => {
    const kept = await engine.transactionWhere(subject, ({ message }) => message?.subject === subject);
    expect(kept.decision.outcome).toBe('accepted');
    return kept;
  };
  const byHeloName = (name: string) =>
    engine.transactionWhere(`the transaction of ${name}`, ({ client }) => client.heloName === name);

  test('in plain text, a foreign sender is rewritten and both sides see 250 · ENV-1, SND-4', async () => {
    const { status, stdout } = await send(engine.listeners.relay, { subject: 'plain', from: foreignSender });

    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/^<- {2}250 2\.0\.0 OK {2}\d+ \S+ - gsmtp$/m);
    const kept = await accepted('plain');
    expect(kept.client).toMatchObject({ tls: null, portRole: 'relay', authenticatedAs: null });
    expect(kept.envelope.after.from).toBe('postmaster@example.com');
  });

  test('every line it saw stands in the session record, in order', async () => {
    const { stdout } = await send(engine.listeners.relay, { subject: 'compared' });

    const { sessionId } = await accepted('compared');
    const { dialogue } = await engine.session(sessionId);
    const seen = stdout
      .split('\n')
      .filter((line) => /^<- {2}/.test(line))
      .map((line) => line.slice(4));
    const recorded = dialogue.filter(({ direction }) => direction === 'server').map(({ text }) => text);
    expect(recorded.flatMap((text) => text.split('\r\n'))).toEqual(seen);
  });

  test('STARTTLS with AUTH, by each mechanism · AUT-2, PRT-2', async () => {
    for (const mechanism of ['PLAIN', 'LOGIN']) {
      const subject = `signed in by ${mechanism}`;
      const { status, stdout } = await send(
        engine.listeners.submission,
        { subject },
        ...['--tls', '--auth', mechanism],
        ...['--auth-user', 'anna@example.com', '--auth-password', annasPassword],
      );

      expect(status, stdout).toBe(0);
      expect(stdout).toContain('<~  235 2.7.0 Accepted');
      const kept = await accepted(subject);
      expect(kept.client).toMatchObject({ authenticatedAs: 'anna@example.com', portRole: 'submission' });
      expect(kept.client.tls).not.toBeNull();
    }
  });

  test('TLS from the first byte, with AUTH · PRT-2, AUT-4', async () => {
    const { status, stdout } = await send(
      engine.listeners.smtps,
      { subject: 'implicit' },
      ...['--tlsc', '--auth', 'PLAIN', '--auth-user', 'anna@example.com', '--auth-password', annasPassword],
    );

    expect(status, stdout).toBe(0);
    expect((await accepted('implicit')).client).toMatchObject({
      authenticatedAs: 'anna@example.com',
      portRole: 'smtps',
    });
  });

  test('a wrong password is told 535 and never becomes a transaction · AUT-6', async () => {
    const before = (await engine.transactions()).length;
    const { status, stdout } = await send(
      engine.listeners.submission,
      { subject: 'never' },
      ...['--tls', '--auth', 'PLAIN', '--auth-user', 'anna@example.com', '--auth-password', 'wrong'],
    );

    expect(status).not.toBe(0);
    expect(stdout).toMatch(/<~\* 535-5\.7\.8 Username and Password not accepted/);
    expect((await engine.transactions()).length).toBe(before);
  });

  test('AUTH is not offered without TLS, and MAIL on the submission port is told so · AUT-3, AUT-4', async () => {
    const heloName = 'open.example.com';
    const { status, stdout } = await send(engine.listeners.submission, { subject: 'never', heloName });

    expect(status).not.toBe(0);
    expect(stdout).not.toMatch(/250[- ]AUTH/);
    expect(stdout).toMatch(/<\*\* 530 5\.7\.0 Must issue a STARTTLS command first/);
    expect((await byHeloName(heloName)).decision.outcome).toBe('rejected');
  });

  test('the null sender takes one recipient; pipelined DATA behind the refused second succeeds · ENV-2, ENV-3', async () => {
    const { status, stdout } = await send(
      engine.listeners.relay,
      { subject: 'absence notice', from: '<>', to: 'one@example.org,two@example.org' },
      '--pipeline',
    );

    expect(stdout).toMatch(/<\*\* 550 5\.5\.3 Too many recipients for this sender/);
    expect(status, stdout).toBe(0);
    const kept = await accepted('absence notice');
    expect(kept.envelope).toEqual({
      before: { from: '', to: ['one@example.org', 'two@example.org'] },
      after: { from: '', to: ['one@example.org'] },
    });
    expect(kept.recipients.map(({ reply }) => reply.slice(0, 3))).toEqual(['250', '550']);
    expect(clientCommands(kept)).toContain('DATA');
  });

  test('pipelined DATA behind refused recipients only is told 503, and what follows is commands again', async () => {
    const heloName = 'nowhere.example.com';
    const { status, stdout } = await send(
      engine.listeners.relay,
      { subject: 'never', to: impossibleRecipient, heloName },
      '--pipeline',
    );

    expect(status).not.toBe(0);
    expect(stdout).toMatch(/<\*\* 553[- ]5\.1\.2/);
    expect(stdout).toMatch(/<\*\* 503 5\.5\.1 RCPT first/);
    expect(stdout).toMatch(/^<- {2}221 2\.0\.0/m);
    const refused = await byHeloName(heloName);
    expect(refused.decision.outcome).toBe('rejected');
    expect(refused.envelope.after.to).toEqual([]);
  });

  test('behind PROXY it speaks from a listed address · AUT-1, SET-8', async () => {
    const { status, stdout } = await send(
      await engine.proxyPort(),
      { subject: 'from head office' },
      ...['--proxy-version', '1', '--proxy-family', 'TCP4'],
      ...['--proxy-source', '203.0.113.5', '--proxy-source-port', '40123'],
      ...['--proxy-dest', '127.0.0.1', '--proxy-dest-port', '25'],
    );

    expect(status, stdout).toBe(0);
    expect(stdout).toContain('at your service, [203.0.113.5]');
    const kept = await accepted('from head office');
    expect(kept.client).toMatchObject({ address: '203.0.113.5', addressClaimed: true });
    expect(kept.decision.setting).toBe('Head office');
  });

  test('behind PROXY an address that is not listed is denied at DATA, by name and number · AUT-1, CQ-10', async () => {
    const heloName = 'stray.example.com';
    const { status, stdout } = await send(
      await engine.proxyPort(),
      { subject: 'never', heloName },
      ...['--proxy-version', '1', '--proxy-family', 'TCP4'],
      ...['--proxy-source', '198.51.100.7', '--proxy-source-port', '40123'],
      ...['--proxy-dest', '127.0.0.1', '--proxy-dest-port', '25'],
    );

    expect(status).not.toBe(0);
    expect(stdout).toMatch(/ -> DATA\n<\*\* 550-5\.7\.0 Mail relay denied \[198\.51\.100\.7\]/);
    const refused = await byHeloName(heloName);
    expect(refused.decision).toMatchObject({ outcome: 'rejected', rule: 'AUT-1' });
  });
});
