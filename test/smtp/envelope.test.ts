/** The paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2; RFC 1870, 6152, 6531, 4954). */
import { describe, expect, test } from 'vitest';
import { checkMailbox } from '../../relay-core/smtp/protocol/path.ts';
import { prepareBench } from './bench.ts';

const openBench = prepareBench();

const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');

describe('paths', () => {
  test.each([
    ['<anna@example.com>', 'anna@example.com'],
    ['<>', ''],
    [' <anna@example.com>', 'anna@example.com'],
    ['<"anna b"@example.com>', '"anna b"@example.com'],
    ['<"a>b\\"c"@example.com>', '"a>b\\"c"@example.com'],
    ['<"a@b"@example.com>', '"a@b"@example.com'],
    ['<@relay.example,@two.example:anna@example.com>', '@relay.example,@two.example:anna@example.com'],
    ['<anna@[192.0.2.1]>', 'anna@[192.0.2.1]'],
    ['<anna@[IPv6:2001:db8::1]>', 'anna@[IPv6:2001:db8::1]'],
    ["<anna+tag!#$%&'*/=?^_`{|}~-@example.com>", "anna+tag!#$%&'*/=?^_`{|}~-@example.com"],
    ['<anna@xn--bcher-kva.example>', 'anna@xn--bcher-kva.example'],
    ['<Anna@EXAMPLE.com>', 'Anna@EXAMPLE.com'],
    ['<anna@localhost>', 'anna@localhost'],
  ])('MAIL FROM:%s is taken, and kept as it was sent', async (argument, path) => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(await client.command(`MAIL FROM:${argument}`)).toMatch(/^250/);
    expect(bench.relay.session.calls.at(-1)).toBe(`mail <${path}> null`);
  });

  test.each([
    'MAIL',
    'MAIL FROM',
    'MAIL FROM:',
    'MAIL FROM:anna@example.com',
    'MAIL FROM:<anna@example.com',
    'MAIL FROM:<anna>',
    'MAIL FROM:<@example.com>',
    'MAIL FROM:<anna@>',
    'MAIL FROM:<a b@example.com>',
    'MAIL FROM:<a..b@example.com>',
    'MAIL FROM:<.a@example.com>',
    'MAIL FROM:<a@example..com>',
    'MAIL FROM:<a@[192.0.2]>',
    'MAIL FROM:<a@b@example.com>',
    'MAIL FROM:<"a@example.com>',
    'MAIL FROM:<ünï@example.com>',
    'MAIL FROM:<a@bücher.example>',
    'MAIL FROM:<anna@example.com>SIZE=1',
    `MAIL FROM:<${'a'.repeat(65)}@example.com>`,
    `MAIL FROM:<a@${'a.'.repeat(130)}com>`,
    'MAIL TO:<anna@example.com>',
  ])('%s is wrong', async (line) => {
    const client = await (await openBench()).introduced();
    expect(text(await client.command(line))).toBe('555 5.5.2 Syntax error.');
  });

  test('a local part may be 64 bytes, the whole path 254 with its brackets 256', () => {
    const longest = `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`;
    expect(longest).toHaveLength(255 + 0);
    expect(checkMailbox(longest.slice(0, -1), false)).toBe('valid');
    expect(checkMailbox(longest, false)).toBe('syntax');
  });

  test('a path outside ASCII wants SMTPUTF8 with MAIL, also for its recipients', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(await client.command('MAIL FROM:<ünï@bücher.example> SMTPUTF8')).toMatch(/^250/);
    expect(await client.command('RCPT TO:<bö@example.org>')).toMatch(/^250/);
    expect(bench.relay.session.calls.slice(-2)).toEqual([
      'mail <ünï@bücher.example> null',
      'rcpt <bö@example.org>',
    ]);
    await client.command('RSET');
    await client.command('MAIL FROM:<anna@example.com>');
    expect(text(await client.command('RCPT TO:<bö@example.org>'))).toBe('555 5.5.2 Syntax error.');
  });

  test('bytes that are no UTF-8 do not become another address', async () => {
    const client = await (await openBench()).introduced();
    client.send(Buffer.from('MAIL FROM:<\xfc@example.com> SMTPUTF8\r\n', 'latin1'));
    expect(text(await client.reply())).toBe('555 5.5.2 Syntax error.');
  });
});

describe('recipients', () => {
  test.each(['<bo@example.org>', '<postmaster>', '<Postmaster>', '<bo@[192.0.2.1]>'])(
    '%s is taken',
    async (argument) => {
      const client = await (await openBench()).introduced();
      await client.command('MAIL FROM:<a@example.com>');
      expect(await client.command(`RCPT TO:${argument}`)).toMatch(/^250 2\.1\.5/);
    },
  );

  test.each(['<bo@example.org.>', '<bo@exa mple.org>', '<bo@-example.org>', '<bo@>', '<bo@example,org>'])(
    '%s has a domain that cannot be',
    async (argument) => {
      const bench = await openBench();
      const client = await bench.introduced();
      await client.command('MAIL FROM:<a@example.com>');
      expect(await client.command(`RCPT TO:${argument}`)).toMatch(
        /^553-5\.1\.2 We weren't able to find the recipient domain\. Please check for any/,
      );
      expect(bench.relay.session.calls.at(-1)).toBe(`rcptRefused ${argument} bad-domain`);
    },
  );

  test.each(['<>', 'bo@example.org', '<bo>', '<bo@example.org> NOTIFY=NEVER', '<b o@example.org>'])(
    '%s is wrong, and counts as a refused recipient',
    async (argument) => {
      const bench = await openBench();
      const client = await bench.introduced();
      await client.command('MAIL FROM:<a@example.com>');
      expect(text(await client.command(`RCPT TO:${argument}`))).toBe('555 5.5.2 Syntax error.');
      expect(bench.relay.session.calls.at(-1)).toMatch(/^rcptRefused .* syntax$/);
    },
  );

  test.each([
    ['without an end', `<${'x'.repeat(16_000)}`, `<${'x'.repeat(499)}`],
    ['too long', `<${'x'.repeat(16_000)}>`, 'x'.repeat(500)],
    ['with control characters', '<b\u0007o\u001b[31m>', 'b?o?[31m'],
  ])('a path %s is told to the relay cut and printable', async (_what, argument, told) => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('MAIL FROM:<a@example.com>');
    await client.command(`RCPT TO:${argument}`);
    expect(bench.relay.session.calls.at(-1)).toBe(`rcptRefused <${told}> syntax`);
  });

  test('a refused recipient leaves the others in place', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('MAIL FROM:<a@example.com>');
    await client.command('RCPT TO:<bo@example.org>');
    await client.command('RCPT TO:<wrong>');
    expect(await client.command('DATA')).toMatch(/^354/);
  });
});

describe('the parameters of MAIL', () => {
  test.each([
    ['SIZE=1000', 1000],
    ['size=0 body=8bitmime', 0],
    ['BODY=7BIT', null],
    ['SMTPUTF8', null],
    ['AUTH=<>', null],
    ['AUTH=anna+40example.com', null],
    ['SIZE=12345 BODY=8BITMIME SMTPUTF8 AUTH=<>', 12345],
  ])('%s is taken', async (parameters, declared) => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(await client.command(`MAIL FROM:<a@example.com> ${parameters}`)).toMatch(/^250/);
    expect(bench.relay.session.calls.at(-1)).toBe(`mail <a@example.com> ${declared}`);
  });

  test.each([
    'SIZE',
    'SIZE=x',
    'SIZE=-1',
    'SIZE=1 SIZE=2',
    'BODY=BINARYMIME',
    'BODY',
    'SMTPUTF8=yes',
    'RET=FULL',
    'ENVID=x',
    'REQUIRETLS',
    'FOO=1',
  ])('%s is not', async (parameters) => {
    const client = await (await openBench()).introduced();
    expect(text(await client.command(`MAIL FROM:<a@example.com> ${parameters}`))).toBe(
      '555 5.5.2 Syntax error.',
    );
  });
});
