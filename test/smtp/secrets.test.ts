/** Passwords and tokens never reach the record, however an AUTH exchange goes wrong; what is no secret stays readable. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { type OpenBench, prepareBench } from './bench.ts';
import { refuse } from './scripted-relay.ts';

const openBench = prepareBench();

const base64 = (text: string) => Buffer.from(text).toString('base64');
const user = 'anna@example.com';
const password = 'correct horse';

const said = ({ relay }: OpenBench) =>
  relay.session.lines.filter(({ direction }) => direction === 'client').map(({ text }) => text);

describe('a password that is sent behind an AUTH that failed is not kept', () => {
  const refusals = { authenticate: () => refuse(reply('bad-credentials')) };
  test.each<[string, string[]]>([
    ['LOGIN with a user name that is no base64', ['AUTH LOGIN', user, base64(password)]],
    ['LOGIN with user and password in one line', [`AUTH LOGIN ${base64(user)} ${base64(password)}`]],
    ['LOGIN and another line', ['AUTH LOGIN', base64(user), base64('wrong'), base64(password), password]],
    ['LOGIN that is given the response of PLAIN', ['AUTH LOGIN', base64(`\0${user}\0${password}`)]],
    ['LOGIN that is given the password first', ['AUTH LOGIN', base64(password), base64(user)]],
    ['PLAIN with a response cut in two lines', ['AUTH PLAIN', base64(user), base64(password)]],
    ['PLAIN with user and password the wrong way round', [`AUTH PLAIN ${base64(`\0${password}\0${user}`)}`]],
    ['PLAIN with NUL behind and not before', [`AUTH PLAIN ${base64(`${user}\0${password}\0`)}`]],
    ['PLAIN that was refused, and a line', [`AUTH PLAIN ${base64(`\0${user}\0wrong`)}`, password]],
    ['PLAIN and =', [`AUTH PLAIN=${base64(`\0${user}\0${password}`)}`]],
    ['PLAIN without a space', [`AUTHPLAIN ${base64(`\0${user}\0${password}`)}`, password]],
    ['no mechanism', [`AUTH ${base64(`\0${user}\0${password}`)}`]],
    ['a mechanism that is none', [`AUTH SECRET ${password}`, base64(password)]],
    ['a command in between', ['AUTH LOGIN', user, 'NOOP', 'RSET', password]],
    ['a verb in front', ['AUTH CRAM-MD5', `HELP ${password}`, `NOOP ${password}`]],
    ['a line that was too long', [`AUTH LOGIN ${'x'.repeat(20_000)}`, password]],
    ['the words of other protocols', [`USER ${user}`, `PASS ${password}`, `a1 LOGIN ${user} ${password}`]],
    ['a misspelt verb', [`AUHT PLAIN ${base64(`\0${user}\0${password}`)}`, password]],
  ])('%s', async (_name, lines) => {
    const bench = await openBench(refusals);
    const client = await bench.secured();
    for (const line of lines) await client.command(line);
    const kept = said(bench).join('\n');
    for (const secret of [
      password,
      base64(password),
      base64(`\0${user}\0${password}`),
      base64(`${user}\0${password}\0`),
    ])
      expect(kept).not.toContain(secret);
    expect(said(bench).length).toBeGreaterThan(lines.length);
  });

  test('also where it comes first, in the place of a PROXY header', async () => {
    const bench = await openBench({}, { role: 'proxy' });
    const client = await bench.connect();
    client.send(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}\r\n`);
    await client.untilClosed();
    expect(said(bench)).toEqual([`AUTH PLAIN (user ${user}, password blanked)`]);
  });
});

test('commands behind a refused AUTH stay readable, and so does who tried', async () => {
  const bench = await openBench({ authenticate: () => refuse(reply('bad-credentials')) });
  const client = await bench.secured();
  const before = said(bench).length;
  const commands = [
    'EHLO mail.example.com',
    'MAIL FROM:<anna@example.com> SIZE=3',
    'RCPT TO:<bo@example.org>',
    'BDAT 0',
    'RSET',
    'NOOP',
    'XCLIENT ADDR=203.0.113.9',
    'STARTTLS',
    'mail from:<>',
    'quit',
  ];
  await client.command(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`);
  for (const command of commands) await client.command(command);
  expect(said(bench).slice(before)).toEqual([
    `AUTH PLAIN (user ${user}, password blanked)`,
    ...commands.flatMap((command) => (command === 'BDAT 0' ? [command, '(0 bytes)'] : [command])),
  ]);
});

test('unknown commands stay readable where nobody spoke of signing in', async () => {
  const bench = await openBench();
  const client = await bench.introduced();
  for (const line of ['FOO bar', 'GOT 1 2 3', 'HELP me']) await client.command(line);
  expect(said(bench).slice(-3)).toEqual(['FOO bar', 'GOT 1 2 3', 'HELP me']);
});

test('whatever malformed AUTH exchange is sent, no secret stands in what is kept', async () => {
  let asked = 0;
  const bench = await openBench(
    {
      authenticate: () => {
        asked += 1;
        return asked % 3 === 0
          ? { ok: true, reply: reply('auth-accepted'), afterwards: 'continue' }
          : refuse(reply('bad-credentials'));
      },
    },
    { role: 'smtps' },
  );
  /** It begins as no command, no address and no base64 does, so that it is found wherever it stands. */
  const secret = fc.string({ minLength: 5, maxLength: 40 }).map((text) => `z~${text}`);
  const exchange = fc.tuple(secret, fc.boolean()).chain(([hidden, isToken]) => {
    const bearer = `\x01auth=Bearer ${hidden}\x01\x01`;
    const clear = [
      ...[hidden, `${user} ${hidden}`, `${user}:${hidden}`, `\0${user}\0${hidden}`, `${user}\0${hidden}`],
      ...[`${user}\0${hidden}\0`, `\0${hidden}\0${user}`, `${hidden}\0${user}\0${hidden}`],
      ...[
        `user=${user}${bearer}`,
        `user=${hidden}${bearer}`,
        `n,a=${user},${bearer}`,
        `n,a=${hidden},${bearer}`,
      ],
    ];
    const encoded = clear.map(base64);
    const response = fc.oneof(
      fc.constantFrom(...clear.slice(0, 3), ...encoded),
      fc.constantFrom(...encoded).map((text) => text.slice(0, -1)),
      fc.constantFrom(...encoded).map((text) => `${text.slice(0, 16)}\n${text.slice(16)}`),
      fc.constantFrom(base64(user), user, '*', '', '=', `${base64(user)} ${base64(hidden)}`),
    );
    const opener = fc
      .tuple(
        fc.constantFrom('AUTH', 'auth', ' AUTH', '\tAUTH', 'XAUTH', 'AUTHENTICATE', 'a1 AUTHENTICATE'),
        fc.constantFrom(' ', '  ', '\t', '=', ':', ''),
        fc.constantFrom('LOGIN', 'plain', 'XOAUTH2', 'OAUTHBEARER', 'CRAM-MD5', 'LOGON', ''),
        fc.constantFrom(' ', '  ', '\t', '=', ':', ''),
        fc.option(response, { nil: '' }),
      )
      .map((parts) => parts.join(''));
    const ordinary = fc.constantFrom(
      'NOOP',
      'RSET',
      'EHLO mail.example.com',
      'MAIL FROM:<a@example.com>',
      'FOO',
    );
    const line = fc.oneof(
      { weight: 3, arbitrary: response },
      { weight: 2, arbitrary: opener },
      { weight: 1, arbitrary: ordinary },
      {
        weight: 1,
        arbitrary: fc.constantFrom('HELP', 'NOOP', 'PASS', 'VRFY').map((verb) => `${verb} ${hidden}`),
      },
    );
    return fc.record({
      hidden: fc.constant(hidden),
      encoded: fc.constant(encoded),
      lines: fc.tuple(opener, fc.array(line, { maxLength: 8 })).map(([first, more]) => [first, ...more]),
      isToken: fc.constant(isToken),
    });
  });
  await fc.assert(
    fc.asyncProperty(exchange, async ({ hidden, encoded, lines }) => {
      const client = await bench.greeted();
      client.send(['EHLO mail.example.com', ...lines, ''].join('\r\n'));
      client.end();
      await client.untilClosed();
      const seen = bench.relay.sessions.at(-1);
      const kept = JSON.stringify([seen?.lines, seen?.findings]);
      // What a line break cuts is looked for in its halves.
      const forms = [hidden, ...encoded, ...encoded.flatMap((text) => [text.slice(0, 16), text.slice(16)])];
      for (const form of forms.filter((text) => text.length >= 5))
        if (!base64(user).includes(form)) expect(kept).not.toContain(JSON.stringify(form).slice(1, -1));
    }),
    { numRuns: 300 },
  );
}, 60_000);
