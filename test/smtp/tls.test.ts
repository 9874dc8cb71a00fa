/** TLS on the three ports (RFC 3207, PRT-2), and what is never carried over into it. */
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { handshakeFinding } from '../../relay-core/smtp/wire/tls-facts.ts';
import { prepareBench, until } from './bench.ts';

const openBench = prepareBench();

const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');

describe('STARTTLS', () => {
  test('is answered 220, and the relay learns version and cipher · PRT-2', async () => {
    const bench = await openBench();
    const client = await bench.greeted({ ca: bench.authority, servername: 'smtp-relay.gmail.com' });
    await client.command('EHLO mail.example.com');
    expect(await client.startTls()).toBe('220 2.0.0 Ready to start TLS');
    expect(await client.command('EHLO mail.example.com')).toContain('AUTH');
    expect(bench.relay.session.tls).toEqual({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
    const { lines } = bench.relay.session;
    expect(lines.find((line) => line.text === 'STARTTLS')?.tls).toBe(false);
    expect(lines.at(-1)?.tls).toBe(true);
  });

  test('forgets what was said before it', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('MAIL FROM:<a@example.com>');
    await client.startTls();
    expect(text(await client.command('RCPT TO:<b@example.org>'))).toBe('503 5.5.1 EHLO/HELO first.');
    expect(bench.relay.session.calls).toContain('reset STARTTLS');
  });

  test('drops what was packed behind it in plain text, and says so', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    client.send('STARTTLS\r\nEHLO evil\r\nMAIL FROM:<evil@example.com>\r\n');
    expect(await client.reply()).toMatch(/^220/);
    await client.beginTls();
    expect(text(await client.command('MAIL FROM:<a@example.com>'))).toBe('503 5.5.1 EHLO/HELO first.');
    expect(bench.relay.session.calls).not.toContain('helo evil');
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'RFC-3207', text: expect.stringContaining('41 bytes') },
      { rule: 'RFC-5321', text: 'MAIL came before EHLO and was refused.' },
    ]);
  });

  test('a clean one brings no finding', async () => {
    const bench = await openBench();
    await bench.secured();
    expect(bench.relay.session.findings).toEqual([]);
  });

  test('may not be repeated, and takes no argument', async () => {
    const client = await (await openBench()).introduced();
    expect(text(await client.command('STARTTLS now'))).toBe('501 5.5.4 Command argument not recognized.');
    await client.startTls();
    expect(text(await client.command('STARTTLS'))).toBe('454 5.5.1 STARTTLS may not be repeated.');
  });

  test('a handshake that the client breaks off leaves a finding · PRT-2', async () => {
    const bench = await openBench();
    const client = await bench.introduced({ ca: '' });
    await expect(client.startTls()).rejects.toThrow('self-signed certificate');
    await until(() => bench.relay.session.closed === 1, 'the session is closed');
    expect(bench.relay.session.findings).toMatchObject([{ rule: 'PRT-2' }]);
  });

  test.each(['UNKNOWN_CA', 'BAD_CERTIFICATE', 'CERTIFICATE_UNKNOWN'])(
    'where the client says %s, the fix is to trust the authority · PRT-2',
    (alert) => {
      const error = Object.assign(new Error('Failed'), {
        code: `ERR_SSL_TLSV1_ALERT_${alert}`,
        reason: 'tlsv1 alert unknown ca',
      });
      expect(handshakeFinding(error, 'starttls')).toMatchObject({
        text: 'TLS did not come up: tlsv1 alert unknown ca.',
        fix: expect.stringContaining('trust'),
      });
    },
  );

  test('a client that sends no handshake leaves no reply in plain text', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('STARTTLS');
    client.send('QUIT\r\n');
    const rest = await client.untilClosed();
    expect(rest).not.toContain('gsmtp');
    await until(() => bench.listener.openConnections() === 0, 'no connection is open');
  });

  test('a whole message passes through it in any cut', async () => {
    const bench = await openBench();
    const client = await bench.secured();
    await client.sendPackets(['MAIL FROM:<a@exam', 'ple.com>\r\nRCPT TO:<b@example.org>\r\nDA', 'TA\r\n']);
    await client.replies(3);
    await client.sendPackets(['text\r', '\n', '.', '\r\n']);
    expect(await client.reply()).toMatch(/^250 2\.0\.0/);
    expect(bench.relay.session.messages[0]?.content).toBe('text\r\n');
  });
});

describe('the port that stands for 465', () => {
  test('is TLS from the first byte, and offers AUTH · PRT-2', async () => {
    const bench = await openBench({}, { role: 'smtps' });
    const client = await bench.greeted({ ca: bench.authority });
    const capabilities = await client.command('EHLO mail.example.com');
    expect(capabilities).toContain('AUTH LOGIN PLAIN');
    expect(capabilities).not.toContain('STARTTLS');
    expect(bench.relay.session.connection.portRole).toBe('smtps');
    expect(bench.relay.session.calls.slice(0, 2)).toEqual(['secured', 'helo mail.example.com']);
    expect(text(await client.command('STARTTLS'))).toBe('454 5.5.1 STARTTLS may not be repeated.');
  });

  test.each([
    ['EHLO mail.example.com\r\n', 'The client spoke without TLS, and this port is TLS from the first byte.'],
    ['GET / HTTP/1.1\r\n\r\n', 'The client sent an HTTP request, and this port is TLS from the first byte.'],
  ])('tells a client that says %j without TLS where plain text begins · PRT-2', async (line, said) => {
    const bench = await openBench({}, { role: 'smtps' });
    const client = await bench.connect({ implicitTls: false });
    client.send(line);
    await client.untilClosed();
    await until(() => bench.relay.sessions[0]?.closed === 1, 'a closed session');
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'PRT-2', severity: 'problem', text: said, fix: expect.stringContaining('25 and 587') },
    ]);
    expect(bench.relay.session.connection).toMatchObject({ clientAddress: '127.0.0.1', portRole: 'smtps' });
  });

  test('says so of a client that waits for a greeting in plain text · PRT-2', async () => {
    const bench = await openBench({}, { role: 'smtps' });
    const client = await bench.connect({ implicitTls: false });
    client.end();
    await until(() => bench.relay.sessions[0]?.closed === 1, 'a closed session');
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'PRT-2', severity: 'warning', text: expect.stringContaining('waited for a greeting') },
    ]);
    expect(bench.relay.session.connection.clientAddress).toBe('127.0.0.1');
  });

  test('knows the address of a client whose handshake fails · PRT-2', async () => {
    const bench = await openBench({}, { role: 'smtps' });
    const socket = connectTls({
      port: bench.listener.port,
      host: '127.0.0.1',
      minVersion: 'TLSv1.3',
      ca: '',
    });
    await expect(
      new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
    ).rejects.toThrow('self-signed certificate');
    await until(() => bench.relay.sessions[0]?.closed === 1, 'a closed session');
    expect(bench.relay.session.findings).toMatchObject([{ rule: 'PRT-2' }]);
    expect(bench.relay.session.connection.clientAddress).toBe('127.0.0.1');
  });
});

describe('a port that begins in plain text', () => {
  test.each(['relay', 'submission'] as const)(
    'tells a client that speaks TLS from the first byte on the %s port, and lets it go · PRT-2',
    async (role) => {
      const bench = await openBench({}, { role });
      const { port } = bench.listener;
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await expect(
        new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
      ).rejects.toThrow();
      await until(() => bench.relay.sessions[0]?.closed === 1, 'a closed session');
      const { findings, lines } = bench.relay.session;
      expect(findings).toMatchObject([
        {
          rule: 'PRT-2',
          severity: 'problem',
          text: 'The client speaks TLS from the first byte, and this port begins in plain text.',
          fix: expect.stringMatching(/465, or STARTTLS on this one/),
        },
      ]);
      expect(lines.filter(({ direction }) => direction === 'client').map((line) => line.text)).toEqual([
        '(a TLS handshake)',
      ]);
    },
  );

  test('tells a client that goes on in plain text behind STARTTLS · PRT-2', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('STARTTLS');
    client.send('EHLO mail.example.com\r\n');
    await client.untilClosed();
    await until(() => bench.relay.session.closed === 1, 'a closed session');
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'PRT-2', text: 'The client sent STARTTLS and went on without TLS.' },
    ]);
  });
});

test('nothing older than TLS 1.2 is taken', async () => {
  const bench = await openBench({}, { role: 'smtps' });
  const socket = connectTls({
    port: bench.listener.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  await expect(
    new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
  ).rejects.toThrow();
});
