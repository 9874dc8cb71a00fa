/**
 * Refusals that are no transaction, at EHLO, at AUTH and of MAIL out of order, each leave a finding with its fix in the
 * session; a MAIL that is wrong in itself is told to the relay as a refused one.
 */
import { describe, expect, test } from 'vitest';
import { prepareBench } from './bench.ts';

const openBench = prepareBench();

const base64 = (text: string) => Buffer.from(text).toString('base64');
const plain = base64('\0anna@example.com\0correct horse');

describe('a refusal at EHLO leaves a finding', () => {
  test.each([
    ['EHLO', 'EHLO came without a name and was refused.'],
    ['HELO ', 'HELO came without a name and was refused.'],
    ['EHLO bad name', 'EHLO came with a name that is none, "bad name", and was refused.'],
    ['helo mail_.example..com', 'HELO came with a name that is none, "mail_.example..com", and was refused.'],
  ])('%s', async (line, text) => {
    const bench = await openBench();
    const client = await bench.greeted();
    expect(await client.command(line)).toMatch(/^501[ -]5\.5\.4/);
    expect(bench.relay.session.findings).toEqual([
      {
        rule: 'RFC-5321',
        severity: 'problem',
        text,
        fix: expect.stringMatching(/^Let the client present its own full host name/),
      },
    ]);
  });
});

describe('a refusal at AUTH leaves a finding', () => {
  test.each([
    ['AUTH', /^AUTH named a mechanism .* or none/, /LOGIN, PLAIN, XOAUTH2, OAUTHBEARER/],
    ['AUTH CRAM-MD5', /^AUTH named a mechanism that the relay does not have/, /LOGIN, PLAIN/],
    ['AUTH PLAIN !!!', /^AUTH PLAIN was refused: .* no base64/, /base64 of NUL, user name, NUL, password/],
    [`AUTH PLAIN ${base64('anna')}`, /does not hold both/, /base64 of NUL, user name, NUL, password/],
    [`AUTH LOGIN ${base64('anna')} eA==`, /^AUTH LOGIN .* more than one response/, /on a line of its own/],
    [`AUTH XOAUTH2 ${base64('user=anna')}`, /^AUTH XOAUTH2 .* does not hold both/, /\^A auth=Bearer TOKEN/],
    ['AUTH OAUTHBEARER eA==', /^AUTH OAUTHBEARER .* does not hold both/, /n,a=ADDRESS, \^A/],
  ])('%s', async (line, text, fix) => {
    const bench = await openBench();
    const client = await bench.secured();
    expect(await client.command(line)).toMatch(/^50[14] /);
    expect(bench.relay.session.findings).toEqual([
      {
        rule: 'RFC-5321',
        severity: 'problem',
        text: expect.stringMatching(text),
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  test('also behind its challenge, and where the client gives up', async () => {
    const bench = await openBench();
    const client = await bench.secured();
    for (const line of ['AUTH LOGIN', 'anna@example.com', 'AUTH PLAIN', '*']) await client.command(line);
    expect(bench.relay.session.findings).toMatchObject([
      { severity: 'problem', text: 'AUTH LOGIN was refused: what the client sent is no base64.' },
      { severity: 'warning', text: 'The client gave up AUTH PLAIN.' },
    ]);
  });

  test('where it has no place', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.startTls();
    const auth = `AUTH PLAIN ${plain}`;
    for (const line of [auth, 'EHLO mail.example.com', 'MAIL FROM:<a@example.com>', auth, 'RSET', auth, auth])
      await client.command(line);
    expect(bench.relay.session.findings).toMatchObject([
      { text: 'AUTH came before EHLO and was refused.', fix: expect.stringContaining('EHLO first') },
      { text: 'AUTH came within a transaction and was refused.', fix: expect.stringContaining('MAIL') },
      { text: 'AUTH came again behind a sign-in and was refused.', fix: expect.stringContaining('once') },
    ]);
  });

  test('in plain text within a transaction · AUT-3', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    for (const line of ['MAIL FROM:<a@example.com>', `AUTH PLAIN ${plain}`]) await client.command(line);
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'AUT-3', text: expect.stringContaining('in plain text, within a transaction') },
    ]);
  });

  test('a sign-in that goes well leaves none', async () => {
    const bench = await openBench();
    const client = await bench.secured();
    for (const line of ['AUTH LOGIN', base64('anna@example.com'), base64('correct horse')])
      await client.command(line);
    expect(bench.relay.session.findings).toEqual([]);
  });
});

describe('MAIL', () => {
  test('out of order is no transaction, and leaves a finding', async () => {
    const bench = await openBench();
    const client = await bench.greeted();
    const mail = 'MAIL FROM:<a@example.com>';
    for (const line of [mail, 'EHLO mail.example.com', mail, mail]) await client.command(line);
    expect(bench.relay.session.calls).toEqual(['helo mail.example.com', 'mail <a@example.com> null']);
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'RFC-5321', text: 'MAIL came before EHLO and was refused.' },
      { rule: 'RFC-5321', text: expect.stringMatching(/^MAIL came while a transaction was open/) },
    ]);
  });

  test.each([
    ['MAIL FROM:<bad>', 'bad', null],
    ['MAIL FROM:bad', 'bad', null],
    ['mail from: <bad', '<bad', null],
    ['MAIL', '', null],
    ['MAIL FROM:<a@b.example> FOO=BAR SIZE=1', 'a@b.example', 'FOO=BAR'],
    ['MAIL FROM:<> SIZE=1 SIZE=2', '', 'SIZE=2'],
    ['MAIL FROM:<ünï@example.com>', 'ünï@example.com', null],
    [`MAIL FROM:<${'x'.repeat(9_000)}>`, 'x'.repeat(500), null],
  ])('wrong in itself is told to the relay as refused: %s', async (line, reversePath, parameter) => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(await client.command(line)).toMatch(/^555 5\.5\.2 Syntax error\./);
    expect(bench.relay.session.calls.slice(1)).toEqual([`mailRefused <${reversePath}> ${parameter} syntax`]);
    expect(bench.relay.session.findings).toEqual([]);
  });
});
