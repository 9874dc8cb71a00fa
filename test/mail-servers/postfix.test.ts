/** A real Postfix with the engine as its `relayhost` (MTA-9): what it sends, and what it makes of the engine's refusals. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  annasPassword,
  anySender,
  type BenchInput,
  type RunningEngine,
  setting,
  startEngine,
  testBench,
} from '../fixtures/engine.ts';
import { eventually, removeFolder, scratchFolder } from '../fixtures/program.ts';
import { findMailServers } from './install.mjs';
import { type Postfix, type PostfixOptions, startPostfix } from './postfix.ts';

const { postfix: copy, missing } = findMailServers();
const title = copy ? `Postfix ${copy.version}` : (missing.find((line) => line.startsWith('Postfix')) ?? '');

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function engineOver(bench: BenchInput): Promise<RunningEngine> {
  const engine = await startEngine({ bench });
  running.push(engine.stop);
  return engine;
}

async function postfixTo(relayPort: number, options: Partial<PostfixOptions> = {}): Promise<Postfix> {
  if (!copy) throw new Error('Postfix is missing');
  const postfix = await startPostfix(copy, { relayPort, hostName: 'mail.example.com', ...options });
  running.push(postfix.stop);
  return postfix;
}

const letter = (subject: string, from = 'Anna <anna@example.com>') =>
  `From: ${from}\nTo: customer@example.org\nSubject: ${subject}\n\nDear customer,\n.\nyours, Anna\n`;
const fromAnna = (subject: string, to: readonly string[] = ['customer@example.org']) => ({
  from: 'anna@example.com',
  to,
  content: letter(subject),
});
const withSubject = (subject: string) => (transaction: { message: { subject: string } | null }) =>
  transaction.message?.subject === subject;

describe.skipIf(!copy)(title, () => {
  test('relays what its sendmail is handed, and the engine keeps it whole · MTA-9', async () => {
    const engine = await engineOver(testBench());
    const postfix = await postfixTo(engine.listeners.relay);

    await postfix.sendmail(fromAnna('an order', ['customer@example.org', 'second@example.org']));

    expect(await postfix.logged(/status=sent/)).toMatch(/250 2\.0\.0 OK {2}\d+ \S+ - gsmtp/);
    const kept = await engine.transactionWhere('the order', withSubject('an order'));
    expect(kept.decision.outcome).toBe('accepted');
    expect(kept.client).toMatchObject({ heloName: 'mail.example.com', portRole: 'relay', tls: null });
    expect(kept.envelope.after).toEqual({
      from: 'anna@example.com',
      to: ['customer@example.org', 'second@example.org'],
    });
    expect(await engine.message(kept.id)).toMatch(/\r\n\r\nDear customer,\r\n\.\r\nyours, Anna\r\n$/);
    expect(await postfix.queue()).toEqual([]);
  });

  test('a foreign sender arrives rewritten, its header From untouched · ENV-1, SND-3, SND-4', async () => {
    const engine = await engineOver(testBench({ settings: [anySender] }));
    const postfix = await postfixTo(engine.listeners.relay, { hostName: 'mx9.example.net' });

    await postfix.sendmail({
      from: 'shop@partner.example.org',
      to: ['customer@example.org'],
      content: letter('from elsewhere', 'Shop <shop@partner.example.org>'),
    });

    const kept = await engine.transactionWhere('the foreign mail', withSubject('from elsewhere'));
    expect(kept.envelope.before.from).toBe('shop@partner.example.org');
    expect(kept.envelope.after.from).toBe('postmaster@example.net');
    expect(kept.decision.trace.map(({ rule }) => rule)).toContain('ENV-1');
    expect(await engine.message(kept.id)).toContain('\r\nFrom: Shop <shop@partner.example.org>\r\n');
  });

  test('bounces on 550: the report comes back as the null sender, to one recipient · UQ-1, UQ-3, ENV-3', async () => {
    const engine = await engineOver(testBench({ limits: { userMessagesPerDay: 1 } }));
    const postfix = await postfixTo(engine.listeners.relay);
    await postfix.sendmail(fromAnna('the first'));
    await engine.transactionWhere('the first', withSubject('the first'));

    await postfix.sendmail(fromAnna('one too many', ['one@example.org', 'two@example.org']));

    expect(await postfix.logged(/status=bounced/)).toMatch(/550[- ]5\.4\.5 .*in reply to DATA command/);
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ decision }) => decision.outcome === 'rejected',
    );
    expect(refused.decision).toMatchObject({ rule: 'UQ-1', reply: { code: 550, enhancedCode: '5.4.5' } });
    expect(refused.envelope.before.to).toEqual(['one@example.org', 'two@example.org']);
    const bounce = await engine.transactionWhere('the bounce', ({ envelope }) => envelope.before.from === '');
    expect(bounce.decision.outcome).toBe('accepted');
    expect(bounce.envelope.after).toEqual({ from: '', to: ['anna@example.com'] });
    expect(await engine.message(bounce.id)).toContain('Daily SMTP relay limit exceeded');
    expect(await postfix.queue()).toEqual([]);
    expect((await engine.quota('user-messages-day', 'anna@example.com'))?.used).toBe(1);
  });

  test('keeps in queue on 450, and delivers once there is room again · CQ-2', async () => {
    const tight = testBench({ limits: { customerRecipientsPerTenMinutes: 1 } });
    const engine = await engineOver(tight);
    const postfix = await postfixTo(engine.listeners.relay);
    await postfix.sendmail(fromAnna('the first'));
    await engine.transactionWhere('the first', withSubject('the first'));

    await postfix.sendmail(fromAnna('in a moment'));

    expect(await postfix.logged(/status=deferred/)).toMatch(/450[- ]4\.2\.1 .*in reply to DATA command/);
    const [queued] = await postfix.queue();
    expect(queued?.sender).toBe('anna@example.com');
    expect(queued?.recipients[0]?.delayReason).toContain('Peak SMTP relay limit exceeded for customer');
    expect((await engine.transactions('outcome=rejected'))[0]?.decision.rule).toBe('CQ-2');

    await engine.replaceBench({ ...tight, limits: { customerRecipientsPerTenMinutes: 100 } });
    await postfix.flush();
    await engine.transactionWhere('the queued mail', withSubject('in a moment'));
    await eventually('an empty queue', async () => ((await postfix.queue()).length === 0 ? true : undefined));
  });

  test('a bounce is refused when nothing says whose server it is · IDN-1', async () => {
    const engine = await engineOver(testBench());
    const postfix = await postfixTo(engine.listeners.relay, { hostName: 'mail.example.org' });

    await postfix.sendmail({ from: '', to: ['anna@example.com'], content: letter('absence notice') });

    await postfix.logged(/550[- ]5\.7\.1 Invalid credentials for relay.*in reply to DATA command/);
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ envelope }) => envelope.before.from === '',
    );
    expect(refused.decision).toMatchObject({ outcome: 'rejected', rule: 'IDN-1' });
  });

  test('verifies the exported authority over STARTTLS, where TLS is required · PRT-1, PRT-2', async () => {
    const engine = await engineOver(testBench({ settings: [setting({ requireTls: true })] }));
    const postfix = await postfixTo(engine.listeners.relay, {
      parameters: {
        smtp_tls_security_level: 'verify',
        smtp_tls_CAfile: await engine.exportAuthority(),
        smtp_tls_verify_cert_match: 'smtp-relay.gmail.com',
        smtp_tls_loglevel: '1',
      },
    });

    await postfix.sendmail(fromAnna('sealed'));

    await postfix.logged(/Verified TLS connection established/);
    const kept = await engine.transactionWhere('the sealed mail', withSubject('sealed'));
    expect(kept.client.tls?.version).toMatch(/^TLSv1\.[23]$/);
    expect(kept.dialogue.find(({ text }) => text.startsWith('MAIL'))?.tls).toBe(true);
  });

  test('without TLS where it is required, mail waits at 530 · PRT-4', async () => {
    const engine = await engineOver(testBench({ settings: [setting({ requireTls: true })] }));
    const postfix = await postfixTo(engine.listeners.relay, {
      parameters: { smtp_tls_security_level: 'none' },
    });

    await postfix.sendmail(fromAnna('in the open'));

    await postfix.logged(/530[- ]5\.7\.0 .*in reply to MAIL FROM command/);
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ decision }) => decision.outcome === 'rejected',
    );
    expect(refused.decision.rule).toMatch(/^(PRT-4|PRT-1|SET-5)$/);
  });

  test('authenticates inside TLS as a user, which vouches for a foreign sender · AUT-2, ENV-1', async () => {
    const passwords = scratchFolder();
    running.push(async () => removeFolder(passwords));
    const engine = await engineOver(
      testBench({ settings: [setting({ allowedSenders: 'any', authentication: { smtpAuth: true } })] }),
    );
    const port = engine.listeners.submission;
    const file = join(passwords, 'sasl');
    writeFileSync(file, `[127.0.0.1]:${port} anna@example.com:${annasPassword}\n`);
    const postfix = await postfixTo(port, {
      hostName: 'mail.example.org',
      parameters: {
        smtp_tls_security_level: 'encrypt',
        smtp_sasl_auth_enable: 'yes',
        smtp_sasl_password_maps: `texthash:${file}`,
        smtp_sasl_security_options: 'noanonymous',
      },
    });

    await postfix.sendmail({ ...fromAnna('signed in'), from: 'shop@partner.example.org' });

    const kept = await engine.transactionWhere('the mail', withSubject('signed in'));
    expect(kept.client).toMatchObject({ authenticatedAs: 'anna@example.com', portRole: 'submission' });
    expect(kept.envelope.after.from).toBe('postmaster@example.com');
    const { dialogue } = await engine.session(kept.sessionId);
    const said = dialogue.map(({ text }) => text).join('\n');
    expect(said).toMatch(/^AUTH (PLAIN|LOGIN)/m);
    expect(said).not.toContain(Buffer.from(annasPassword).toString('base64').slice(0, 12));
    expect(said).not.toContain(
      Buffer.from(`\0anna@example.com\0${annasPassword}`).toString('base64').slice(0, 24),
    );
  });
});
