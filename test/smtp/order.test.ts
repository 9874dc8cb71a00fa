/** The order of commands, and those that are none (RFC 5321 §4.1.4). */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { prepareBench, until } from './bench.ts';
import { refuse } from './scripted-relay.ts';

const openBench = prepareBench();

/** The reply without the session's id. */
const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');

describe('the order of commands', () => {
  test('MAIL, RCPT, DATA and BDAT want a greeting first', async () => {
    const client = await (await openBench()).greeted();
    for (const line of ['MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.org>', 'DATA', 'BDAT 0 LAST']) {
      expect(text(await client.command(line))).toBe('503 5.5.1 EHLO/HELO first.');
    }
  });

  test('RCPT, DATA and BDAT want MAIL first, and content wants an accepted RCPT', async () => {
    const client = await (await openBench()).introduced();
    for (const line of ['RCPT TO:<b@example.org>', 'DATA', 'BDAT 0 LAST']) {
      expect(text(await client.command(line))).toBe('503 5.5.1 MAIL first.');
    }
    await client.command('MAIL FROM:<a@example.com>');
    expect(text(await client.command('DATA'))).toBe('503 5.5.1 RCPT first.');
  });

  test('MAIL within a transaction is refused, and EHLO and RSET end one', async () => {
    const client = await (await openBench()).introduced();
    for (const ending of ['RSET', 'EHLO mail.example.com', 'HELO mail.example.com']) {
      await client.command('MAIL FROM:<a@example.com>');
      expect(text(await client.command('MAIL FROM:<a@example.com>'))).toBe(
        '503 5.5.1 Mail transaction in progress.',
      );
      await client.command(ending);
      expect(text(await client.command('DATA'))).toBe('503 5.5.1 MAIL first.');
    }
  });

  test('commands are taken in any case, and with spaces at the end', async () => {
    const client = await (await openBench()).greeted();
    expect(await client.command('ehlo mail.example.com ')).toMatch(/^250-/);
    expect(await client.command('mail from:<a@example.com> ')).toMatch(/^250 2\.1\.0/);
    expect(await client.command('Rcpt To: <b@example.org>')).toMatch(/^250 2\.1\.5/);
    expect(await client.command('data')).toMatch(/^354/);
  });

  test('two messages on one connection are two transactions', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    for (const name of ['one', 'two']) {
      client.send(`MAIL FROM:<${name}@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n`);
      await client.replies(3);
      expect(await client.command(`${name}\r\n.`)).toMatch(/^250 2\.0\.0/);
    }
    expect(bench.relay.session.messages.map(({ content }) => content)).toEqual(['one\r\n', 'two\r\n']);
  });
});

describe('HELO and EHLO', () => {
  test('HELO is answered in one line, without capabilities', async () => {
    const client = await (await openBench()).greeted();
    expect(await client.command('HELO mail.example.com')).toBe('250 smtp-relay.gmail.com at your service');
  });

  test.each([
    'localhost',
    'mail_server.example.com',
    '192.0.2.1',
    '[192.168.1.176]',
    '[::1]',
    '[IPv6:2001:db8::1]',
    'example.com.',
  ])('%s is a name', async (name) => {
    const client = await (await openBench()).greeted();
    expect(await client.command(`EHLO ${name}`)).toMatch(/^250-/);
  });

  test.each(['-a', 'a b', 'a..b', '[192.0.2]', 'bücher.example', 'a@b', `${'a'.repeat(256)}`])(
    '%s is none, and ends the connection',
    async (name) => {
      const client = await (await openBench()).greeted();
      expect(await client.command(`EHLO ${name}`)).toMatch(/^501.5\.5\.4 HELO\/EHLO argument/);
      expect(await client.untilClosed()).toBe('');
    },
  );

  test('an empty argument ends the connection', async () => {
    const bench = await openBench();
    const client = await bench.greeted();
    const { id } = bench.relay.session;
    expect(await client.command('EHLO')).toBe(
      `501-5.5.4 Empty HELO/EHLO argument not allowed, closing connection.\n501 5.5.4  https://support.google.com/mail/?p=helo ${id} - gsmtp`,
    );
    expect(await client.untilClosed()).toBe('');
  });

  test('the 421 of the relay is given to EHLO, and the connection closes · HEL-3', async () => {
    const bench = await openBench({ helo: () => refuse(reply('try-later', { command: 'EHLO' }), 'close') });
    const client = await bench.greeted();
    client.send('EHLO localhost\r\nMAIL FROM:<a@example.com>\r\n');
    expect(text(await client.reply())).toBe('421 4.7.0 Try again later, closing connection. (EHLO)');
    expect(await client.untilClosed()).toBe('');
    expect(bench.relay.session.calls).not.toContain('mail <a@example.com> null');
  });
});

describe('what is no command', () => {
  test.each(['WIZ x', 'SHELL', 'KILL', 'LHLO a', 'XFORWARD NAME=a', 'FOO', '', 'MAILFROM:<a@b>'])(
    '%j is not recognised',
    async (line) => {
      const client = await (await openBench()).introduced();
      expect(text(await client.command(line))).toBe('502 5.5.1 Unrecognized command.');
    },
  );

  test.each(['EXPN list', 'HELP', 'TURN', 'ETRN example.com', 'SEND FROM:<a@b>'])(
    '%s is of the RFCs and not done',
    async (line) => {
      const client = await (await openBench()).introduced();
      expect(text(await client.command(line))).toBe('502 5.5.1 Unimplemented command.');
    },
  );

  test('ten unknown commands in a row end the connection, nine and a known one do not', async () => {
    const client = await (await openBench()).introduced();
    for (let count = 0; count < 9; count += 1) await client.command('FOO');
    await client.command('NOOP');
    for (let count = 0; count < 9; count += 1) expect(text(await client.command('FOO'))).toMatch(/^502/);
    expect(text(await client.command('FOO'))).toBe('502 5.5.1 Too many unrecognized commands, goodbye.');
    expect(await client.untilClosed()).toBe('');
  });

  test('a browser that is led to the port is sent away at its first line', async () => {
    const bench = await openBench();
    const client = await bench.greeted();
    client.send('POST / HTTP/1.1\r\nHost: localhost\r\n\r\nEHLO x\r\nMAIL FROM:<a@example.com>\r\n');
    expect(text(await client.reply())).toBe('502 5.5.1 Too many unrecognized commands, goodbye.');
    expect(await client.untilClosed()).toBe('');
    await until(() => bench.relay.session.closed === 1, 'the session is closed');
    expect(bench.relay.session.calls).toEqual(['closed']);
    expect(bench.relay.session.findings).toMatchObject([
      { rule: 'PRT-3', text: 'An HTTP request came, and this port speaks SMTP.' },
    ]);
  });

  test('commands without end and without a transaction end the connection', async () => {
    const client = await (await openBench()).introduced();
    client.send('NOOP\r\n'.repeat(300));
    const said = await client.untilClosed();
    expect(said.trimEnd().split('\r\n').at(-1)).toMatch(/^554 5\.7\.0 Too Many Unauthenticated commands\./);
  });

  test('a line that is too long is answered, and the conversation goes on', async () => {
    const client = await (await openBench()).introduced();
    expect(text(await client.command(`NOOP ${'x'.repeat(100_000)}`))).toBe('500 5.5.2 Line too long.');
    expect(await client.command('NOOP')).toMatch(/^250/);
  });
});

describe('many commands in one packet', () => {
  test('are answered in order and in one packet', async () => {
    const client = await (await openBench()).introduced();
    const before = client.packets.length;
    client.send(
      'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nRCPT TO:<c@example.org>\r\nDATA\r\n',
    );
    expect((await client.replies(4)).map((answer) => answer.slice(0, 3))).toEqual([
      '250',
      '250',
      '250',
      '354',
    ]);
    expect(client.packets.length - before).toBe(1);
  });

  test('DATA behind refused recipients is refused, and what follows are commands', async () => {
    const bench = await openBench({ rcpt: () => refuse(reply('bad-domain')) });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nRSET\r\nQUIT\r\n');
    const codes = (await client.replies(5)).map((answer) => answer.slice(0, 3));
    expect(codes).toEqual(['250', '553', '503', '250', '221']);
    expect(bench.relay.session.messages).toEqual([]);
  });

  test('a policy refusal answers DATA before any content, in several lines', async () => {
    const bench = await openBench({ data: () => refuse(reply('customer-day')) });
    const client = await bench.introduced();
    const { id } = bench.relay.session;
    client.send(
      'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nMAIL FROM:<c@example.com>\r\n',
    );
    const [, , refusal, next] = await client.replies(4);
    expect(refusal?.split('\n')).toEqual([
      '550-5.7.1 Daily SMTP relay limit exceeded for customer. For more information on',
      '550-5.7.1 SMTP relay sending limits please contact your administrator or visit',
      `550 5.7.1  https://support.google.com/a/answer/6140680#dailylimit ${id} - gsmtp`,
    ]);
    expect(next).toMatch(/^250 2\.1\.0/);
  });

  test('wait in order while the message before them is being stored', async () => {
    let store: () => void = () => {};
    const stored = new Promise<void>((resolve) => {
      store = resolve;
    });
    const bench = await openBench({
      endOfData: async () => {
        await stored;
        return refuse(reply('storage-full'));
      },
    });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n');
    await client.replies(3);
    client.send('text\r\n.\r\nNOOP\r\nMAIL FROM:<c@example.com>\r\n');
    await until(() => bench.relay.session.messages.length === 1, 'the message is with the relay');
    expect(bench.relay.session.calls.at(-1)).toBe('endOfData 6');
    store();
    expect((await client.replies(3)).map(text)).toEqual([
      '452 4.3.1 Insufficient system storage.',
      '250 2.0.0 OK',
      '250 2.1.0 OK',
    ]);
  });

  test('do not run behind QUIT', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    client.send('QUIT\r\nMAIL FROM:<a@example.com>\r\n');
    expect(await client.untilClosed()).toMatch(/^221 2\.0\.0 closing connection \S+ - gsmtp\r\n$/);
    await until(() => bench.relay.session.closed === 1, 'the session is closed');
    expect(bench.relay.session.calls).toEqual(['helo mail.example.com', 'reset QUIT', 'closed']);
  });

  test('are all answered for a client that says QUIT behind them and reads late', async () => {
    const bench = await openBench();
    const socket = createConnection({ port: bench.listener.port, host: '127.0.0.1' });
    const lines = [
      'EHLO mail.example.com',
      'MAIL FROM:<a@example.com>',
      'RCPT TO:<b@example.org>',
      'RSET',
      'QUIT',
    ];
    socket.end(lines.map((line) => `${line}\r\n`).join(''));
    await once(socket, 'readable');
    await until(() => bench.relay.session.closed === 1, 'the engine has closed its side');
    socket.setEncoding('latin1');
    let said = '';
    for await (const text of socket) said += text;
    expect(said.match(/^\d{3} /gm)).toEqual(['220 ', '250 ', '250 ', '250 ', '250 ', '221 ']);
  });

  test('are all answered for a client that ends its side behind them', async () => {
    const bench = await openBench();
    const client = await bench.connect();
    client.send(
      'EHLO mail.example.com\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 4 LAST\r\ntextQUIT\r\n',
    );
    client.end();
    const codes = (await client.replies(6)).map((answer) => answer.slice(0, 3));
    expect(codes).toEqual(['220', '250', '250', '250', '250', '221']);
  });
});

describe('the record', () => {
  test('holds each line both ways, bodies folded to their size', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('MAIL FROM:<a@example.com>');
    await client.command('RCPT TO:<b@example.org>');
    await client.command('DATA');
    await client.command(`${'x'.repeat(1_232)}\r\n.`);
    const { id, lines, replied } = bench.relay.session;
    expect(lines.map(({ direction, text: line }) => `${direction === 'client' ? '>' : '<'} ${line}`)).toEqual(
      [
        `< 220 smtp-relay.gmail.com ESMTP ${id} - gsmtp`,
        '> EHLO mail.example.com',
        '< 250-smtp-relay.gmail.com at your service, [127.0.0.1]',
        '< 250-SIZE 35882577',
        '< 250-8BITMIME',
        '< 250-STARTTLS',
        '< 250-ENHANCEDSTATUSCODES',
        '< 250-PIPELINING',
        '< 250-CHUNKING',
        '< 250 SMTPUTF8',
        '> MAIL FROM:<a@example.com>',
        `< 250 2.1.0 OK ${id} - gsmtp`,
        '> RCPT TO:<b@example.org>',
        `< 250 2.1.5 OK ${id} - gsmtp`,
        '> DATA',
        `< 354  Go ahead ${id} - gsmtp`,
        '> (1,234 bytes)',
        `< 250 2.0.0 OK  1700000000 ${id} - gsmtp`,
      ],
    );
    expect(replied).toBe(6);
    const times = lines.map(({ sinceStartMs }) => sinceStartMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('says once that a session is over, however it ends', async () => {
    const bench = await openBench();
    for (const end of ['destroy', 'end'] as const) {
      const client = await bench.introduced();
      await client.command('MAIL FROM:<a@example.com>');
      client[end]();
    }
    await until(() => bench.relay.sessions.every(({ closed }) => closed === 1), 'both sessions are closed');
    await until(() => bench.listener.openConnections() === 0, 'no connection is open');
  });
});
