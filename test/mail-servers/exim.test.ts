/** A real Exim with the engine as its smart host. It sends all of a message, BDAT included, in one packet (RFC 3030). */
import { afterEach, describe, expect, test } from 'vitest';
import {
  anySender,
  type BenchInput,
  type RunningEngine,
  setting,
  startEngine,
  testBench,
} from '../fixtures/engine.ts';
import { type Exim, type EximOptions, prepareExim } from './exim.ts';
import { findMailServers } from './install.mjs';

const { exim: copy, missing } = findMailServers();
const title = copy ? `Exim ${copy.version}` : (missing.find((line) => line.startsWith('Exim')) ?? '');

const running: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function engineOver(bench: BenchInput): Promise<RunningEngine> {
  const engine = await startEngine({ bench });
  running.push(engine.stop);
  return engine;
}

function eximTo(relayPort: number, options: Partial<EximOptions> = {}): Exim {
  if (!copy) throw new Error('Exim is missing');
  const exim = prepareExim(copy, {
    relayPort,
    hostName: 'mail.example.com',
    transport: { hosts_avoid_tls: '*' },
    ...options,
  });
  running.push(exim.remove);
  return exim;
}

const letter = (subject: string) =>
  `From: Anna <anna@example.com>\nSubject: ${subject}\n\nDear customer,\n.\nyours, Anna\n`;
const clientLines = (transaction: { dialogue: readonly { direction: string; text: string }[] }) =>
  transaction.dialogue.filter(({ direction }) => direction === 'client').map(({ text }) => text);

describe.skipIf(!copy)(title, () => {
  test('its BDAT arrives as a whole message', async () => {
    const engine = await engineOver(testBench());
    const exim = eximTo(engine.listeners.relay);

    await exim.sendmail({
      from: 'anna@example.com',
      to: ['one@example.org', 'two@example.org'],
      content: letter('in a chunk'),
    });

    expect(exim.log()).toMatch(/=> one@example\.org .*C="250 2\.0\.0 OK {2}\d+ \S+ - gsmtp"/);
    const kept = await engine.transactionWhere(
      'the mail',
      ({ message }) => message?.subject === 'in a chunk',
    );
    expect(clientLines(kept).some((line) => /^BDAT \d+ LAST$/.test(line))).toBe(true);
    expect(kept.envelope.after.to).toEqual(['one@example.org', 'two@example.org']);
    expect(await engine.message(kept.id)).toMatch(/\r\n\r\nDear customer,\r\n\.\r\nyours, Anna\r\n$/);
  });

  test('a chunk behind a quota refusal is consumed, and QUIT behind it is heard · CQ-1, CQ-8', async () => {
    const engine = await engineOver(testBench({ limits: { customerRecipientsPerDay: 1 } }));
    const exim = eximTo(engine.listeners.relay);

    await exim.sendmail({
      from: 'anna@example.com',
      to: ['one@example.org', 'two@example.org'],
      content: letter('too much'),
    });

    expect(exim.log()).toMatch(/550[- ]5\.7\.1 Daily SMTP relay limit exceeded for customer/);
    const refused = await engine.transactionWhere(
      'the refusal',
      ({ envelope }) => envelope.before.from === 'anna@example.com',
    );
    expect(refused.decision).toMatchObject({ outcome: 'rejected', rule: 'CQ-1' });
    const { dialogue } = await engine.session(refused.sessionId);
    expect(dialogue.map(({ text }) => text)).toContain('QUIT');
    expect(dialogue.some(({ text }) => text.startsWith('502') || text.startsWith('555'))).toBe(false);
    expect((await engine.quota('customer-recipients-day'))?.used).toBeLessThanOrEqual(1);
  });

  test('a chunk behind refused recipients only is consumed too', async () => {
    const engine = await engineOver(testBench({ settings: [anySender] }));
    const exim = eximTo(engine.listeners.relay);
    const tooLongLabel = 'x'.repeat(70);

    await exim.sendmail({
      from: 'anna@example.com',
      to: [`nobody@${tooLongLabel}.example`],
      content: letter('to nowhere'),
    });

    const refused = await engine.transactionWhere(
      'the refusal',
      ({ envelope }) => envelope.before.from === 'anna@example.com',
    );
    expect(refused.decision.outcome).toBe('rejected');
    expect(clientLines(refused).some((line) => line.startsWith('BDAT'))).toBe(true);
    const { dialogue } = await engine.session(refused.sessionId);
    expect(dialogue.map(({ text }) => text)).toContain('QUIT');
    expect(dialogue.some(({ text }) => text.startsWith('502') || text.startsWith('555'))).toBe(false);
  });

  test('over STARTTLS with the exported authority verified · PRT-2', async () => {
    const engine = await engineOver(testBench({ settings: [setting({ requireTls: true })] }));
    const exim = eximTo(engine.listeners.relay, {
      transport: {
        hosts_require_tls: '*',
        tls_verify_certificates: await engine.exportAuthority(),
        tls_verify_hosts: '*',
        tls_verify_cert_hostnames: '',
      },
    });

    await exim.sendmail({ from: 'anna@example.com', to: ['one@example.org'], content: letter('sealed') });

    expect(exim.log()).toMatch(/=> one@example\.org .*CV=yes/);
    const kept = await engine.transactionWhere('the mail', ({ message }) => message?.subject === 'sealed');
    expect(kept.client.tls?.version).toMatch(/^TLSv1\.[23]$/);
  });
});
