/** Claiming a source address: XCLIENT from this machine, PROXY on its own listener. */
import { describe, expect, test } from 'vitest';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import { Conversation, type Wire } from '../../relay-core/smtp/protocol/conversation.ts';
import { takeLine } from '../../relay-core/smtp/protocol/dispatch.ts';
import { parseProxyHeader } from '../../relay-core/smtp/wire/proxy-header.ts';
import { prepareBench, until } from './bench.ts';
import { scriptedRelay } from './scripted-relay.ts';

const openBench = prepareBench();

const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');

describe('XCLIENT', () => {
  test('is taken before and after EHLO, answered 220, and wants a new EHLO', async () => {
    const bench = await openBench();
    const client = await bench.greeted();
    const { id } = bench.relay.session;
    for (const address of ['203.0.113.5', '2001:db8::7']) {
      const value = address.includes(':') ? `IPV6:${address}` : address;
      expect(await client.command(`XCLIENT ADDR=${value}`)).toBe(
        `220 smtp-relay.gmail.com ESMTP ${id} - gsmtp`,
      );
      expect(text(await client.command('MAIL FROM:<a@example.com>'))).toBe('503 5.5.1 EHLO/HELO first.');
      expect(await client.command('EHLO mail.example.com')).toContain(`at your service, [${address}]`);
      expect(bench.relay.session.claimedAddress).toBe(address);
    }
  });

  test('is not offered', async () => {
    const client = await (await openBench()).greeted();
    expect(await client.command('EHLO mail.example.com')).not.toContain('XCLIENT');
  });

  test('other attributes are read and have no effect', async () => {
    const bench = await openBench();
    const client = await bench.greeted();
    expect(await client.command('XCLIENT NAME=spike.example.com ADDR=203.0.113.5 PROTO=ESMTP')).toMatch(
      /^220/,
    );
    expect(bench.relay.session.calls).toEqual(['claimAddress 203.0.113.5']);
  });

  test.each([
    'XCLIENT',
    'XCLIENT ADDR',
    'XCLIENT ADDR=999.1.1.1',
    'XCLIENT ADDR=example.com',
    'XCLIENT FOO=1',
  ])('%s is refused and changes nothing', async (line) => {
    const bench = await openBench();
    const client = await bench.introduced();
    expect(text(await client.command(line))).toBe('501 5.5.4 Command argument not recognized.');
    expect(bench.relay.session.claimedAddress).toBeNull();
    expect(await client.command('MAIL FROM:<a@example.com>')).toMatch(/^250/);
  });

  test('from another machine is no command', () => {
    const relay = scriptedRelay();
    const said: string[] = [];
    const wire: Wire = {
      write: (text) => void said.push(text),
      readContent: () => {},
      hold: () => {},
      release: () => {},
      unreadBytes: () => 0,
      startTls: () => {},
      close: () => {},
      hangUp: () => {},
    };
    const session = relay.openSession({
      portRole: 'relay',
      clientAddress: '192.0.2.7',
      addressClaimed: false,
    });
    const conversation = new Conversation(wire, session, () => {}, {
      role: 'relay',
      peerIsLoopback: false,
      tls: false,
      room: createContentRoom(0),
    });
    takeLine(conversation, 'XCLIENT ADDR=203.0.113.5');
    expect(said.map((line) => text(line.trimEnd()))).toEqual(['502 5.5.1 Unrecognized command.']);
    expect(relay.session.claimedAddress).toBeNull();
  });

  test('has no place within a transaction', async () => {
    const client = await (await openBench()).introduced();
    await client.command('MAIL FROM:<a@example.com>');
    expect(text(await client.command('XCLIENT ADDR=203.0.113.5'))).toBe(
      '503 5.5.1 Mail transaction in progress.',
    );
  });
});

describe('the listener behind PROXY', () => {
  test('takes the address from the header, then greets', async () => {
    const bench = await openBench({}, { role: 'proxy' });
    const client = await bench.connect();
    await client.sendPackets(['PROXY TCP4 203.0.113.5 127.0.0.1 40000 25\r\nEHLO mail.', 'example.com\r\n']);
    expect(await client.reply()).toMatch(/^220 smtp-relay\.gmail\.com ESMTP/);
    expect(await client.reply()).toContain('at your service, [203.0.113.5]');
    expect(bench.relay.session.connection).toEqual({
      portRole: 'relay',
      clientAddress: '203.0.113.5',
      addressClaimed: true,
    });
    expect(bench.relay.session.lines[0]?.text).toBe('PROXY TCP4 203.0.113.5 127.0.0.1 40000 25');
  });

  test('a header without an address leaves the connection its own', async () => {
    const bench = await openBench({}, { role: 'proxy' });
    const client = await bench.connect();
    client.send('PROXY UNKNOWN\r\n');
    expect(await client.reply()).toMatch(/^220/);
    expect(bench.relay.session.connection).toMatchObject({
      clientAddress: '127.0.0.1',
      addressClaimed: false,
    });
  });

  test.each([
    ['an SMTP client', 'EHLO mail.example.com\r\n'],
    ['version 2', Buffer.from('\r\n\r\n\0\r\nQUIT\n!\x11\0\x0c', 'latin1')],
    ['a wrong address', 'PROXY TCP4 example.com 127.0.0.1 1 25\r\n'],
    ['an overlong line', `PROXY ${'x'.repeat(20_000)}\r\n`],
  ])(
    '%s is not taken for a header: the connection ends without a word, with a finding',
    async (_name, bytes) => {
      const bench = await openBench({}, { role: 'proxy' });
      const client = await bench.connect();
      client.send(bytes);
      expect(await client.untilClosed()).toBe('');
      await until(() => bench.relay.sessions[0]?.closed === 1, 'a closed session');
      expect(bench.relay.session.findings).toHaveLength(1);
      expect(bench.relay.session.calls).toEqual(['closed']);
    },
  );

  test.each([
    ['PROXY TCP4 203.0.113.5 127.0.0.1 40000 25', { outcome: 'claimed', address: '203.0.113.5' }],
    ['PROXY TCP6 2001:db8::1 ::1 40000 25', { outcome: 'claimed', address: '2001:db8::1' }],
    ['PROXY UNKNOWN', { outcome: 'unknown' }],
    ['PROXY UNKNOWN ffff::1 ffff::2 1 2', { outcome: 'unknown' }],
    ['PROXY TCP4 2001:db8::1 ::1 40000 25', { outcome: 'invalid' }],
    ['PROXY TCP4 203.0.113.5 127.0.0.1 40000', { outcome: 'invalid' }],
    ['PROXY TCP4 203.0.113.5 127.0.0.1 70000 25', { outcome: 'invalid' }],
    ['PROXY TCP4 203.0.113.5 127.0.0.1 40000 25 x', { outcome: 'invalid' }],
    ['proxy TCP4 203.0.113.5 127.0.0.1 40000 25', { outcome: 'invalid' }],
    ['PROXY', { outcome: 'invalid' }],
  ])('%s', (line, expected) => {
    expect(parseProxyHeader(line)).toEqual(expected);
  });
});
