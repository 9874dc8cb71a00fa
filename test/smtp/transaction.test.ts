/** A plain transaction, its replies and its record. */
import { describe, expect, test } from 'vitest';
import { prepareBench, until } from './bench.ts';

const openBench = prepareBench();

describe('a plain transaction', () => {
  test('is answered in the words of the relay, with one id for the session', async () => {
    const bench = await openBench();
    const client = await bench.connect();
    const greeting = await client.reply();
    const { id } = bench.relay.session;

    expect(greeting).toBe(`220 smtp-relay.gmail.com ESMTP ${id} - gsmtp`);
    expect(await client.command('EHLO mail.example.com')).toBe(
      [
        '250-smtp-relay.gmail.com at your service, [127.0.0.1]',
        '250-SIZE 35882577',
        '250-8BITMIME',
        '250-STARTTLS',
        '250-ENHANCEDSTATUSCODES',
        '250-PIPELINING',
        '250-CHUNKING',
        '250 SMTPUTF8',
      ].join('\n'),
    );
    expect(await client.command('MAIL FROM:<anna@example.com>')).toBe(`250 2.1.0 OK ${id} - gsmtp`);
    expect(await client.command('RCPT TO:<bo@example.org>')).toBe(`250 2.1.5 OK ${id} - gsmtp`);
    expect(await client.command('DATA')).toBe(`354  Go ahead ${id} - gsmtp`);
    expect(await client.command('Subject: Test\r\n\r\nText\r\n.')).toBe(
      `250 2.0.0 OK  1700000000 ${id} - gsmtp`,
    );
    expect(await client.command('RSET')).toBe(`250 2.1.5 Flushed ${id} - gsmtp`);
    expect(await client.command('NOOP')).toBe(`250 2.0.0 OK ${id} - gsmtp`);
    expect(await client.command('VRFY anna')).toBe(
      `252 2.1.5 Send some mail, I'll try my best ${id} - gsmtp`,
    );
    expect(await client.command('QUIT')).toBe(`221 2.0.0 closing connection ${id} - gsmtp`);
    await client.untilClosed();

    await until(() => bench.relay.session.closed === 1, 'the session is closed');
    expect(bench.relay.session.calls).toEqual([
      'helo mail.example.com',
      'mail <anna@example.com> null',
      'rcpt <bo@example.org>',
      'data',
      'endOfData 23',
      'reset RSET',
      'reset QUIT',
      'closed',
    ]);
    expect(bench.relay.session.messages[0]?.content).toBe('Subject: Test\r\n\r\nText\r\n');
  });
});
