/** The test sender, over real sockets, against a relay that answers by a script. */
import { afterEach, describe, expect, test } from 'vitest';
import { sendTestMessage } from '../../relay-core/client/send.ts';
import type { DialogueLine, SendResult, TestMessage } from '../../relay-core/contract/index.ts';
import { sendResultSchema } from '../../relay-core/contract/index.ts';
import { type Script, type ScriptedRelay, sessionId, startScriptedRelay } from './scripted-relay.ts';

const started: ScriptedRelay[] = [];
afterEach(() => Promise.all(started.splice(0).map((relay) => relay.close())));

async function relayWith(script?: Script): Promise<ScriptedRelay> {
  const relay = await startScriptedRelay(script);
  started.push(relay);
  return relay;
}

const plain: TestMessage = {
  from: 'anna@example.com',
  to: ['customer@elsewhere.test'],
  subject: 'Hello',
  text: 'A line.\n.hidden dot\n',
  portRole: 'relay',
  tls: 'none',
};

const noon = Date.UTC(2026, 0, 2, 12);

function send(
  relay: ScriptedRelay,
  message: TestMessage,
  options: Partial<Parameters<typeof sendTestMessage>[2]> & { readonly serverName?: string } = {},
): Promise<SendResult> {
  const { serverName = 'smtp-relay.gmail.com', ...rest } = options;
  const target = { host: '127.0.0.1', port: relay.port, caPem: relay.caPem, serverName };
  return sendTestMessage(message, target, { now: () => noon, timeoutMs: 5_000, ...rest });
}

const said = (lines: readonly DialogueLine[], direction: 'client' | 'server') =>
  lines.filter((line) => line.direction === direction).map(({ text }) => text);

describe('a test message', () => {
  test('comes back with the whole dialogue, data folded to their size', async () => {
    const relay = await relayWith();
    const result = await send(relay, plain);
    expect(sendResultSchema.parse(result)).toEqual(result);
    expect(result.failure).toBeNull();
    const client = said(result.dialogue, 'client');
    const dot = relay.received.indexOf('.');
    const data = relay.received.slice(relay.received.indexOf('DATA') + 1, dot);
    const bytes = data.reduce((size, line) => size + line.replace(/^\./, '').length + 2, 0);
    expect(client.slice(0, 1)).toEqual(['EHLO relay-bench.invalid']);
    expect(client[1]).toMatch(/^MAIL FROM:<anna@example\.com> SIZE=\d+$/);
    expect(client.slice(2)).toEqual([
      'RCPT TO:<customer@elsewhere.test>',
      'DATA',
      `(${bytes} bytes)`,
      'QUIT',
    ]);
    expect(data).toContain('..hidden dot');
    expect(data).toContain('Date: Fri, 02 Jan 2026 12:00:00 +0000');
    expect(said(result.dialogue, 'server').at(0)).toBe(`220 smtp-relay.gmail.com ESMTP ${sessionId} - gsmtp`);
    expect(said(result.dialogue, 'server').at(-1)).toMatch(/^221 /);
  });

  test('is told apart by its transaction’s id: the session’s, and 1', async () => {
    expect((await send(await relayWith(), plain)).transactionId).toBe(`${sessionId}-1`);
  });

  test('reports its lines as they happen, and they are the dialogue', async () => {
    const batches: DialogueLine[][] = [];
    const { dialogue } = await send(await relayWith(), plain, { onLines: (lines) => batches.push(lines) });
    expect(batches.flat()).toEqual(dialogue);
    expect(batches.length).toBeGreaterThan(5);
  });

  test('has engine time in its lines, and milliseconds that never go back', async () => {
    const { dialogue } = await send(await relayWith(), plain);
    expect(new Set(dialogue.map(({ at }) => at))).toEqual(new Set(['2026-01-02T12:00:00.000Z']));
    const since = dialogue.map(({ sinceStartMs }) => sinceStartMs);
    expect(since).toEqual([...since].sort((a, b) => a - b));
  });

  test('may come from the null sender', async () => {
    const relay = await relayWith();
    await send(relay, { ...plain, from: '' });
    expect(relay.received.find((line) => line.startsWith('MAIL'))).toMatch(/^MAIL FROM:<>/);
  });

  test('carries html and attachments', async () => {
    const relay = await relayWith();
    await send(relay, {
      ...plain,
      html: '<p>Hello</p>',
      attachments: [
        { filename: 'price list.pdf', contentType: 'application/pdf', contentBase64: 'SGVsbG8=' },
      ],
    });
    const data = relay.received.join('\n');
    expect(data).toContain('Content-Type: text/html');
    expect(data).toContain('filename="price list.pdf"');
    expect(data).toContain('SGVsbG8=');
  });

  test('is sent as it stands when it is given raw', async () => {
    const relay = await relayWith();
    await send(relay, { ...plain, raw: 'X-Only: this\r\n\r\nåäö\r\n' });
    const data = relay.received.slice(relay.received.indexOf('DATA') + 1, relay.received.indexOf('.'));
    expect(data).toEqual(['X-Only: this', '', Buffer.from('åäö').toString('latin1')]);
    expect(relay.received.find((line) => line.startsWith('MAIL'))).toContain('BODY=8BITMIME');
  });

  test('larger than announced is sent all the same, so that the relay’s own refusal is seen', async () => {
    const relay = await relayWith({
      answer: (line) =>
        line.startsWith('EHLO') ? '250-here\r\n250-PIPELINING\r\n250 SIZE 100\r\n' : undefined,
    });
    const result = await send(relay, plain);
    expect(result.failure).toBeNull();
    expect(relay.received.find((line) => line.startsWith('MAIL'))).toBe('MAIL FROM:<anna@example.com>');
    expect(relay.received).toContain('.');
  });
});

describe('encryption', () => {
  test('by STARTTLS: the lines before and inside TLS are told apart', async () => {
    const { dialogue, failure } = await send(await relayWith(), { ...plain, tls: 'starttls' });
    expect(failure).toBeNull();
    const client = dialogue.filter(({ direction }) => direction === 'client');
    expect(client.slice(0, 3).map(({ text, tls }) => [text, tls])).toEqual([
      ['EHLO relay-bench.invalid', false],
      ['STARTTLS', false],
      ['EHLO relay-bench.invalid', true],
    ]);
    expect(client.slice(2).every(({ tls }) => tls)).toBe(true);
    expect(dialogue.find(({ text }) => text.startsWith('220 2.0.0'))?.tls).toBe(false);
    expect(client.at(-1)?.text).toBe('QUIT');
  });

  test('from the first byte', async () => {
    const relay = await relayWith({ implicitTls: true });
    const { dialogue, failure, transactionId } = await send(relay, {
      ...plain,
      portRole: 'smtps',
      tls: 'implicit',
    });
    expect(failure).toBeNull();
    expect(transactionId).toBe(`${sessionId}-1`);
    expect(dialogue.every(({ tls }) => tls)).toBe(true);
  });

  test('is refused when the certificate is for another name', async () => {
    for (const tls of ['starttls', 'implicit'] as const) {
      const relay = await relayWith(tls === 'implicit' ? { implicitTls: true } : {});
      const result = await send(relay, { ...plain, tls }, { serverName: 'smtp.example.org' });
      expect(result.failure).toMatch(/certificate was not accepted/);
      expect(result.transactionId).toBeNull();
      expect(relay.received.join()).not.toContain('MAIL');
    }
  });

  test('is refused when the certificate comes from another authority', async () => {
    const relay = await relayWith();
    const { caPem } = { caPem: '' };
    const target = { host: '127.0.0.1', port: relay.port, caPem, serverName: 'smtp-relay.gmail.com' };
    const result = await sendTestMessage({ ...plain, tls: 'starttls' }, target, {
      now: () => noon,
      timeoutMs: 5_000,
    });
    expect(result.failure).toMatch(/certificate was not accepted/);
  });

  test('from the first byte, asked of a listener in plain text, is explained', async () => {
    const result = await send(await relayWith(), { ...plain, tls: 'implicit' });
    expect(result.failure).toMatch(/answered in plain text.*Choose STARTTLS/);
  });
});

describe('AUTH', () => {
  const password = 'correct-horse';
  const auth = { user: 'anna@example.com', password };
  const secrets = [
    password,
    Buffer.from(password).toString('base64'),
    Buffer.from(`\0${auth.user}\0${password}`).toString('base64'),
    Buffer.from(`user=${auth.user}\x01auth=Bearer ${password}\x01\x01`).toString('base64'),
    Buffer.from(`n,a=${auth.user},\x01auth=Bearer ${password}\x01\x01`).toString('base64'),
  ];

  for (const mechanism of ['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER'] as const) {
    test(`by ${mechanism}: the mechanism and the user stay in the dialogue, the secret never does`, async () => {
      const relay = await relayWith();
      const result = await send(relay, { ...plain, tls: 'starttls', auth: { ...auth, mechanism } });
      expect(result.failure).toBeNull();
      expect(result.transactionId).toBe(`${sessionId}-1`);
      const text = said(result.dialogue, 'client').join('\n');
      expect(text).toContain(`AUTH ${mechanism}`);
      expect(text).toContain(auth.user);
      for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret);
      expect(secrets.some((secret) => relay.received.join('\n').includes(secret))).toBe(true);
    });
  }

  test('takes the first mechanism offered when none is chosen', async () => {
    const relay = await relayWith();
    await send(relay, { ...plain, tls: 'starttls', auth });
    expect(relay.received.find((line) => line.startsWith('AUTH'))).toMatch(/^AUTH PLAIN /);
  });

  test('that is not offered is said plainly, and no password goes out · AUT-3', async () => {
    const relay = await relayWith();
    const result = await send(relay, { ...plain, auth });
    expect(result.failure).toMatch(/does not offer AUTH on an unencrypted connection.*Choose STARTTLS/);
    expect(result.transactionId).toBeNull();
    expect(said(result.dialogue, 'server').join()).not.toContain('AUTH');
    expect(relay.received).toEqual(['EHLO relay-bench.invalid', 'QUIT']);
  });

  test('refused: the dialogue has the reply, and no MAIL follows · AUT-6', async () => {
    for (const mechanism of ['PLAIN', 'XOAUTH2'] as const) {
      const relay = await relayWith({
        answer: (line) =>
          line.startsWith('AUTH') ? '535-5.7.8 Not accepted.\r\n535 5.7.8 No\r\n' : undefined,
      });
      const result = await send(relay, { ...plain, tls: 'starttls', auth: { ...auth, mechanism } });
      expect(result.failure).toBeNull();
      expect(result.transactionId).toBeNull();
      expect(said(result.dialogue, 'server')).toContain('535-5.7.8 Not accepted.');
      expect(relay.received.at(-1)).toBe('QUIT');
    }
  });

  test('by token, refused in a challenge: the dummy answer is given and the refusal shown', async () => {
    const relay = await relayWith({
      answer: (line) => {
        if (line.startsWith('AUTH')) return '334 eyJzdGF0dXMiOiI0MDAifQ==\r\n';
        return line === 'AQ==' ? '535 5.7.8 No\r\n' : undefined;
      },
    });
    const result = await send(relay, {
      ...plain,
      tls: 'starttls',
      auth: { ...auth, mechanism: 'OAUTHBEARER' },
    });
    expect(result.failure).toBeNull();
    expect(said(result.dialogue, 'server')).toContain('535 5.7.8 No');
  });
});

describe('a claimed source address', () => {
  test('is claimed before EHLO, so that the relay sees that EHLO from there', async () => {
    const relay = await relayWith();
    const result = await send(relay, { ...plain, claimedAddress: '203.0.113.9', heloName: 'mx.example.com' });
    expect(relay.received.slice(0, 2)).toEqual(['XCLIENT ADDR=203.0.113.9', 'EHLO mx.example.com']);
    expect(result.failure).toBeNull();
    expect(result.transactionId).toBe(`${sessionId}-1`);
    expect(said(result.dialogue, 'server').filter((line) => line.startsWith('220'))).toHaveLength(2);
  });

  test('of IPv6 carries its prefix, and works under TLS', async () => {
    for (const [tls, script] of [
      ['starttls', {}],
      ['implicit', { implicitTls: true }],
    ] as const) {
      const relay = await relayWith(script);
      const result = await send(relay, { ...plain, tls, claimedAddress: '2001:db8::7' });
      expect(relay.received[0]).toBe('XCLIENT ADDR=IPV6:2001:db8::7');
      expect(result.failure).toBeNull();
      expect(result.transactionId).toBe(`${sessionId}-1`);
    }
  });

  test('that is refused ends the sending before EHLO', async () => {
    const relay = await relayWith({
      answer: (line) => (line.startsWith('XCLIENT') ? '550 5.7.0 No\r\n' : undefined),
    });
    const result = await send(relay, { ...plain, claimedAddress: '203.0.113.9' });
    expect(result.transactionId).toBeNull();
    expect(said(result.dialogue, 'server')).toContain('550 5.7.0 No');
    expect(relay.received.join()).not.toContain('EHLO');
  });
});

describe('a refusal is no failure: the dialogue tells', () => {
  const refusals: readonly (readonly [string, Script])[] = [
    [
      'at MAIL',
      {
        answer: (line) => {
          if (line.startsWith('MAIL')) return '530 5.7.0 Must issue a STARTTLS command first.\r\n';
          return /^(?:RCPT|DATA)/.test(line) ? '503 5.5.1 MAIL first.\r\n' : undefined;
        },
      },
    ],
    [
      'at every RCPT',
      {
        answer: (line) =>
          line.startsWith('RCPT')
            ? '553 5.1.2 No\r\n'
            : line === 'DATA'
              ? '503 5.5.1 RCPT first.\r\n'
              : undefined,
      },
    ],
    ['at DATA', { answer: (line) => (line === 'DATA' ? '550-5.7.1 One\r\n550 5.7.1 two\r\n' : undefined) }],
    ['at the end of data', { answer: (line) => (line === '.' ? '552 5.7.0 Blocked\r\n' : undefined) }],
  ];
  for (const [stage, script] of refusals) {
    test(stage, async () => {
      const relay = await relayWith(script);
      const result = await send(relay, plain);
      expect(result.failure).toBeNull();
      expect(result.transactionId).toBe(`${sessionId}-1`);
      expect(said(result.dialogue, 'server').some((line) => /^5[0-5]\d[ -]/.test(line))).toBe(true);
      expect(said(result.dialogue, 'client').at(-1)).toBe('QUIT');
    });
  }

  test('at EHLO: no transaction · HEL-3', async () => {
    const relay = await relayWith({
      answer: (line) => (line.startsWith('EHLO') ? '421 4.7.0 Try again later\r\n' : undefined),
    });
    const result = await send(relay, plain);
    expect(result).toMatchObject({ failure: null, transactionId: null });
  });

  test('at the greeting, also where an address would be claimed', async () => {
    for (const claim of [{}, { claimedAddress: '203.0.113.9' }]) {
      const relay = await relayWith({ greeting: '421 4.7.0 Too many connections\r\n' });
      const result = await send(relay, { ...plain, ...claim });
      expect(result).toMatchObject({ failure: null, transactionId: null });
      expect(said(result.dialogue, 'server')).toEqual(['421 4.7.0 Too many connections']);
    }
  });

  test('of one recipient leaves the others', async () => {
    const relay = await relayWith({
      answer: (line) => (line.includes('<bad@') ? '553 5.1.2 No\r\n' : undefined),
    });
    const result = await send(relay, { ...plain, to: ['bad@x.test', 'good@x.test'] });
    expect(result.failure).toBeNull();
    expect(relay.received).toContain('.');
  });
});

describe('what goes wrong with the connection is said for people', () => {
  test('nothing listens', async () => {
    const relay = await startScriptedRelay();
    await relay.close();
    const result = await send(relay, plain);
    expect(result.failure).toContain(`Nothing listens on 127.0.0.1 port ${relay.port}`);
    expect(result.dialogue).toEqual([]);
  });

  test('the connection breaks, wherever that is', async () => {
    for (const at of ['EHLO', 'MAIL', '.']) {
      const result = await send(
        await relayWith({ answer: (line) => (line.startsWith(at) ? 'close' : undefined) }),
        plain,
      );
      expect(result.failure, at).toMatch(/closed the connection/);
    }
  });

  test('a refusal behind which the relay closes tells all, also when HELO was tried behind EHLO', async () => {
    const refusesEhlo = await relayWith({
      answer: (line) => {
        if (line.startsWith('EHLO')) return '501 5.5.4 invalid, closing connection.\r\n';
        return line.startsWith('HELO') ? 'close' : undefined;
      },
    });
    const result = await send(refusesEhlo, plain);
    expect(said(result.dialogue, 'server').at(-1)).toMatch(/^501/);
    expect(result.failure).toBeNull();
  });

  test('a refusal that the relay went on from does not hide that it closed later', async () => {
    const closesAtMail = await relayWith({
      answer: (line) => {
        if (line.startsWith('EHLO')) return '502 5.5.1 No\r\n';
        if (line.startsWith('HELO')) return '250 at your service\r\n';
        return line.startsWith('MAIL') ? 'close' : undefined;
      },
    });
    expect((await send(closesAtMail, plain)).failure).toMatch(/closed the connection .* without a reply/);
    const closesAtData = await relayWith({
      answer: (line) => {
        if (line.includes('<bad@')) return '553 5.1.2 No\r\n';
        return line === 'DATA' ? 'close' : undefined;
      },
    });
    const result = await send(closesAtData, { ...plain, to: ['good@x.test', 'bad@x.test'] });
    expect(said(result.dialogue, 'server').at(-1)).toMatch(/^553/);
    expect(result.failure).toMatch(/closed the connection .* without a reply/);
  });

  test('no answer within the limit', async () => {
    const relay = await relayWith({ answer: (line) => (line.startsWith('MAIL') ? '' : undefined) });
    const result = await send(relay, plain, { timeoutMs: 300 });
    expect(result.failure).toBe('The relay did not answer within 0.3 s.');
    expect(result.transactionId).toBe(`${sessionId}-1`);
  });

  test('it is stopped by the person', async () => {
    const relay = await relayWith({ greeting: null });
    const result = await send(relay, plain, { signal: AbortSignal.timeout(100) });
    expect(result.failure).toBe('The sending was stopped.');
  });

  test('an address that would break the command is not sent', async () => {
    const relay = await relayWith();
    const result = await send(relay, { ...plain, to: ['a>b@x.test'] });
    expect(result.failure).toMatch(/cannot stand in MAIL FROM or RCPT TO/);
    expect(result.transactionId).toBeNull();
  });

  test('a name would have to be looked up', async () => {
    const target = { host: 'smtp-relay.gmail.com', port: 25, caPem: '', serverName: 'smtp-relay.gmail.com' };
    const result = await sendTestMessage(plain, target, { now: () => noon, timeoutMs: 1_000 });
    expect(result.failure).toMatch(/numeric addresses and localhost only/);
  });
});
