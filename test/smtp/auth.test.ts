/** AUTH (RFC 4954): its mechanisms, its errors, and what is kept of it · AUT-3, AUT-6. */
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { type OpenBench, prepareBench } from './bench.ts';
import { ok, refuse } from './scripted-relay.ts';

const openBench = prepareBench();

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');
const password = 'correct horse';
const token = 'ya29.token-of-anna';
const plain = base64(`\0anna@example.com\0${password}`);
const xoauth2 = base64(`user=anna@example.com\x01auth=Bearer ${token}\x01\x01`);
const oauthBearer = base64(
  `n,a=anna@example.com,\x01host=smtp-relay.gmail.com\x01port=587\x01auth=Bearer ${token}\x01\x01`,
);

const keptLines = ({ relay }: OpenBench) => relay.session.lines.map((line) => line.text);

/** No line that is kept holds a secret, in clear or encoded. */
function expectNoSecrets(bench: OpenBench) {
  const kept = keptLines(bench).join('\n');
  for (const secret of [password, base64(password), token, plain, xoauth2, oauthBearer]) {
    expect(kept).not.toContain(secret);
  }
}

describe('AUTH inside TLS', () => {
  test('is offered in the place of STARTTLS, with the mechanisms that work here · AUT-3', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.startTls();
    const capabilities = (await client.command('EHLO mail.example.com'))
      .split('\n')
      .map((line) => line.slice(4));
    expect(capabilities.slice(1)).toEqual([
      'SIZE 35882577',
      '8BITMIME',
      'AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER',
      'ENHANCEDSTATUSCODES',
      'PIPELINING',
      'CHUNKING',
      'SMTPUTF8',
    ]);
  });

  test('PLAIN is taken with and without an initial response', async () => {
    for (const steps of [[`AUTH PLAIN ${plain}`], ['AUTH PLAIN', plain]]) {
      const bench = await openBench();
      const client = await bench.secured();
      const answers = [];
      for (const step of steps) answers.push(await client.command(step));
      expect(answers.at(-1)).toBe('235 2.7.0 Accepted');
      if (steps.length === 2) expect(answers[0]).toBe('334 ');
      expect(bench.relay.session.credentials).toEqual([
        { kind: 'password', mechanism: 'PLAIN', user: 'anna@example.com', password },
      ]);
      expect(keptLines(bench).join('\n')).toContain('(user anna@example.com, password blanked)');
      expectNoSecrets(bench);
    }
  });

  test('LOGIN is taken with and without an initial response', async () => {
    const user = base64('anna@example.com');
    for (const first of [['AUTH LOGIN', user], [`auth login ${user}`]]) {
      const bench = await openBench();
      const client = await bench.secured();
      const answers = [];
      for (const step of [...first, base64(password)]) answers.push(await client.command(step));
      expect(answers.slice(-2)).toEqual(['334 UGFzc3dvcmQ6', '235 2.7.0 Accepted']);
      if (first.length === 2) expect(answers[0]).toBe('334 VXNlcm5hbWU6');
      expect(bench.relay.session.credentials).toEqual([
        { kind: 'password', mechanism: 'LOGIN', user: 'anna@example.com', password },
      ]);
      expect(keptLines(bench).join('\n')).toContain('(user anna@example.com)');
      expectNoSecrets(bench);
    }
  });

  test.each([
    ['XOAUTH2', xoauth2],
    ['OAUTHBEARER', oauthBearer],
  ])('%s is taken with and without an initial response', async (mechanism, response) => {
    for (const steps of [[`AUTH ${mechanism} ${response}`], [`AUTH ${mechanism}`, response]]) {
      const bench = await openBench();
      const client = await bench.secured();
      const answers = [];
      for (const step of steps) answers.push(await client.command(step));
      expect(answers.at(-1)).toBe('235 2.7.0 Accepted');
      expect(bench.relay.session.credentials).toEqual([
        { kind: 'token', mechanism, user: 'anna@example.com', token },
      ]);
      expectNoSecrets(bench);
    }
  });

  test.each([
    ['XOAUTH2', xoauth2, { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' }, ''],
    [
      'OAUTHBEARER',
      oauthBearer,
      { status: 'invalid_token', schemes: 'bearer', scope: 'https://mail.google.com/' },
      'AQ==',
    ],
  ])(
    '%s with a wrong token is explained in a challenge, then refused',
    async (mechanism, response, failure, answer) => {
      const bench = await openBench({ authenticate: () => refuse(reply('bad-credentials')) });
      const client = await bench.secured();
      const challenge = await client.command(`AUTH ${mechanism} ${response}`);
      expect(challenge).toMatch(/^334 /);
      expect(JSON.parse(Buffer.from(challenge.slice(4), 'base64').toString())).toEqual(failure);
      expect(await client.command(answer)).toMatch(/^535-5\.7\.8 Username and Password not accepted/);
      expectNoSecrets(bench);
    },
  );

  test('wrong credentials are refused, and the relay says when it is enough · AUT-6', async () => {
    let failures = 0;
    const bench = await openBench({
      authenticate: () => {
        failures += 1;
        return failures === 3 ? refuse(reply('too-many-logins'), 'close') : refuse(reply('bad-credentials'));
      },
    });
    const client = await bench.secured();
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^535-5\.7\.8/);
    expect(await client.command(`AUTH PLAIN ${plain}`)).toMatch(/^535-5\.7\.8/);
    expect(text(await client.command(`AUTH PLAIN ${plain}`))).toBe(
      '454 4.7.0 Too many login attempts, please try again later.',
    );
    expect(await client.untilClosed()).toBe('');
    expectNoSecrets(bench);
  });

  test('commands behind AUTH wait for its answer', async () => {
    const bench = await openBench({
      authenticate: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return ok(reply('auth-accepted'));
      },
    });
    const client = await bench.secured();
    client.send(`AUTH PLAIN ${plain}\r\nMAIL FROM:<a@example.com>\r\n`);
    expect((await client.replies(2)).map(text)).toEqual(['235 2.7.0 Accepted', '250 2.1.0 OK']);
    expect(bench.relay.session.calls.slice(-2)).toEqual([
      'authenticate PLAIN anna@example.com',
      'mail <a@example.com> null',
    ]);
  });

  test('a client may give up with *', async () => {
    const bench = await openBench();
    const client = await bench.secured();
    for (const start of ['AUTH PLAIN', 'AUTH LOGIN', 'AUTH XOAUTH2', 'AUTH OAUTHBEARER']) {
      await client.command(start);
      expect(text(await client.command('*'))).toBe('501 5.5.2 Cannot Decode response');
      expect(await client.command('NOOP')).toMatch(/^250/);
    }
    expect(bench.relay.session.credentials).toEqual([]);
  });

  test.each([
    ['no base64', 'AUTH PLAIN !!!'],
    ['base64 cut short', `AUTH PLAIN ${plain.slice(0, -1)}`],
    ['PLAIN of two parts', `AUTH PLAIN ${base64(`anna@example.com\0${password}`)}`],
    ['PLAIN without a user', `AUTH PLAIN ${base64(`\0\0${password}`)}`],
    ['an empty initial response', 'AUTH PLAIN ='],
    ['two initial responses', `AUTH PLAIN ${plain} ${plain}`],
    ['XOAUTH2 without a token', `AUTH XOAUTH2 ${base64('user=anna@example.com\x01\x01')}`],
    ['OAUTHBEARER without its header', `AUTH OAUTHBEARER ${base64(`auth=Bearer ${token}\x01\x01`)}`],
  ])('%s cannot be decoded', async (_name, line) => {
    const bench = await openBench();
    const client = await bench.secured();
    expect(text(await client.command(line))).toBe('501 5.5.2 Cannot Decode response');
    expect(bench.relay.session.credentials).toEqual([]);
    expectNoSecrets(bench);
  });

  test.each([
    'AUTH',
    'AUTH CRAM-MD5',
    'AUTH XCLIENT secret',
    'AUTH PLAIN-CLIENTTOKEN abc',
    'AUTH __proto__ x',
  ])('%s is no mechanism here', async (line) => {
    const client = await (await openBench()).secured();
    expect(text(await client.command(line))).toBe('504 5.7.4 Unrecognized Authentication Type.');
  });

  test('has no place before EHLO, after a sign-in, or within a transaction', async () => {
    const client = await (await openBench()).introduced();
    await client.startTls();
    expect(text(await client.command(`AUTH PLAIN ${plain}`))).toBe('503 5.5.1 EHLO/HELO first.');
    await client.command('EHLO mail.example.com');
    await client.command('MAIL FROM:<a@example.com>');
    expect(text(await client.command(`AUTH PLAIN ${plain}`))).toBe('503 5.5.1 Mail transaction in progress.');
    await client.command('RSET');
    await client.command(`AUTH PLAIN ${plain}`);
    expect(text(await client.command(`AUTH PLAIN ${plain}`))).toBe(
      '503 5.7.0 No identity changes permitted.',
    );
  });
});

describe('AUTH in plain text', () => {
  test('is refused with starttls-first, and its secret is blanked all the same · AUT-3', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(text(await client.command(`AUTH PLAIN ${plain}`))).toBe(
      '530 5.7.0 Must issue a STARTTLS command first.',
    );
    expect(bench.relay.session.credentials).toEqual([]);
    expectNoSecrets(bench);
  });

  test('credentials that follow a refused AUTH are blanked', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    client.send(`AUTH LOGIN\r\n${base64('anna@example.com')}\r\n${base64(password)}\r\nNOOP\r\n`);
    expect((await client.replies(4)).map((answer) => answer.slice(0, 3))).toEqual([
      '530',
      '502',
      '502',
      '250',
    ]);
    expectNoSecrets(bench);
  });

  test.each([
    `AUTH  PLAIN  ${plain}`,
    ` AUTH PLAIN ${plain}`,
    `AUTH\tPLAIN\t${plain}`,
    `aUtH pLaIn ${plain}`,
  ])('odd spellings are blanked too: %j', async (line) => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(await client.command(line)).toMatch(/^5/);
    expectNoSecrets(bench);
  });
});
