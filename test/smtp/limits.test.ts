/** What is bounded: silence, slowness, connections, unread replies; and how the service closes. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import { openListener } from '../../relay-core/smtp/listeners.ts';
import { prepareBench, until } from './bench.ts';
import type { RawClient } from './raw-client.ts';
import { ok, refuse, scriptedRelay } from './scripted-relay.ts';

const openBench = prepareBench();

const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');
/** Short enough for a test, long enough for a busy machine. */
const idleTimeoutMs = 400;

describe('a client that is silent', () => {
  test('gets 451, and the connection closes', async () => {
    const bench = await openBench({}, { idleTimeoutMs });
    const client = await bench.introduced();
    expect(text(await client.reply())).toBe('451 4.4.2 Timeout - closing connection.');
    expect(await client.untilClosed()).toBe('');
    expect(bench.relay.session.findings).toHaveLength(1);
  });

  test('in the middle of its message gets it too', async () => {
    const bench = await openBench({}, { idleTimeoutMs });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nhalf');
    const answers = await client.replies(4);
    expect(text(answers.at(-1) ?? '')).toBe('451 4.4.2 Timeout - closing connection.');
    await client.untilClosed();
  });

  test('because it waits for the relay is left in peace', async () => {
    const bench = await openBench(
      {
        endOfData: async () => {
          await new Promise((resolve) => setTimeout(resolve, 3 * idleTimeoutMs));
          return ok(reply('message-accepted', { unixSeconds: 1 }));
        },
      },
      { idleTimeoutMs },
    );
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 1 LAST\r\nx');
    expect((await client.replies(3)).at(-1)).toMatch(/^250 2\.0\.0/);
  });

  test('behind PROXY, without its header, is let go without a word', async () => {
    const bench = await openBench({}, { idleTimeoutMs, role: 'proxy' });
    const client = await bench.connect();
    expect(await client.untilClosed()).toBe('');
    expect(bench.relay.sessions).toEqual([]);
  });

  test('in a TLS handshake is let go', async () => {
    const bench = await openBench({}, { idleTimeoutMs, role: 'smtps' });
    const client = await bench.connect({ implicitTls: false });
    await client.untilClosed();
  });
});

describe('a client that trickles its bytes', () => {
  test.each([
    ['a command', '', 'N'],
    ['content', 'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n', 'x'],
    ['a chunk', 'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 1000\r\n', 'x'],
  ])('over %s is timed out all the same', async (_name, before, byte) => {
    const bench = await openBench({}, { idleTimeoutMs });
    const client = await bench.introduced();
    client.send(before);
    const trickle = setInterval(() => client.send(byte), idleTimeoutMs / 8);
    try {
      expect(await client.untilClosed()).toMatch(
        /451 4\.4\.2 Timeout - closing connection\. \S+ - gsmtp\r\n$/,
      );
    } finally {
      clearInterval(trickle);
    }
  });

  test('is not, when it only takes its time between commands', async () => {
    const bench = await openBench({}, { idleTimeoutMs });
    const client = await bench.introduced();
    for (let count = 0; count < 6; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs / 4));
      expect(await client.command('NOOP')).toMatch(/^250/);
    }
  });
});

test('a client that does not read its replies is not read from either, while others are', async () => {
  const bench = await openBench();
  const deaf = await bench.introduced();
  deaf.socket.pause();
  // Outside of a transaction so many would be the end of the connection.
  deaf.send('MAIL FROM:<a@example.com>\r\n');
  const sent = 1_000_000;
  deaf.send('NOOP\r\n'.repeat(sent));
  const other = await bench.introduced();
  other.send('MAIL FROM:<a@example.com>\r\n');
  await other.reply();
  const taken = () => bench.relay.sessions[0]?.lines.length ?? 0;
  for (let before = -1; before !== taken(); ) {
    before = taken();
    // Each answer takes a turn of the event loop, in which whatever can be read of the first client is read too.
    for (let count = 0; count < 200; count += 1) expect(await other.command('NOOP')).toMatch(/^250/);
  }
  expect(taken()).toBeGreaterThan(1_000);
  expect(taken()).toBeLessThan(sent);
});

test('the connection over the thousandth is sent away, and there is room again once one has gone', async () => {
  const bench = await openBench();
  const clients: RawClient[] = [];
  while (clients.length < 1_000) {
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => bench.connect()))));
  }
  await until(() => bench.listener.openConnections() === 1_000, 'a thousand connections are open', 10_000);
  const refused = await bench.connect();
  expect(text(await refused.reply())).toBe('421 4.7.0 Too many connections, try again later.');
  await refused.untilClosed();
  clients[0]?.destroy();
  await until(() => bench.listener.openConnections() === 999, 'one has gone');
  expect(await (await bench.connect()).reply()).toMatch(/^220/);
});

describe('a relay that fails', () => {
  test('costs a 451 and an event, not the engine', async () => {
    const bench = await openBench({
      mail: () => {
        throw new Error('broken');
      },
    });
    const client = await bench.introduced();
    expect(text(await client.command('MAIL FROM:<a@example.com>'))).toBe(
      '451 4.3.0 Local error in processing, try again later.',
    );
    expect(await client.command('NOOP')).toMatch(/^250/);
    expect(bench.events.splice(0)).toMatchObject([{ kind: 'relay-failed' }]);
  });

  test.each(['openSession', 'record'] as const)('at %s loses that connection only', async (member) => {
    let broken = true;
    const bench = await openBench({
      [member]: () => {
        if (broken) throw new Error('broken');
      },
    });
    const client = await bench.connect();
    expect(await client.untilClosed()).toBe('');
    expect(bench.events.splice(0)[0]).toMatchObject({ kind: 'relay-failed' });
    broken = false;
    await bench.introduced();
    await until(() => bench.listener.openConnections() === 1, 'the second connection is open');
  });

  test('at the end of data ends the transaction with 451', async () => {
    const bench = await openBench({ endOfData: () => Promise.reject(new Error('broken')) });
    const client = await bench.introduced();
    client.send(
      'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 1 LAST\r\nxMAIL FROM:<c@example.com>\r\n',
    );
    expect((await client.replies(4)).map((answer) => answer.slice(0, 3))).toEqual([
      '250',
      '250',
      '451',
      '250',
    ]);
    expect(bench.events.splice(0)).toMatchObject([{ kind: 'relay-failed' }]);
  });
});

describe('closing a listener', () => {
  test('tells idle connections at once, and leaves none', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    const closing = bench.listener.close(5_000);
    expect(text(await client.reply())).toBe('421 4.3.2 Service is closing, try again later.');
    await client.untilClosed();
    await closing;
    expect(bench.listener.openConnections()).toBe(0);
    await expect(bench.connect()).rejects.toThrow('ECONNREFUSED');
  });

  test('lets an open transaction end within the grace, then tells', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n');
    await client.replies(3);
    const closing = bench.listener.close(5_000);
    client.send('text\r\n.\r\n');
    expect((await client.replies(2)).map(text)).toEqual([
      '250 2.0.0 OK  1700000000',
      '421 4.3.2 Service is closing, try again later.',
    ]);
    await client.untilClosed();
    await closing;
    expect(bench.relay.session.messages).toHaveLength(1);
  });

  test('ends what is still open when the grace is over', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('MAIL FROM:<a@example.com>');
    const closing = bench.listener.close(50);
    expect(text(await client.reply())).toBe('421 4.3.2 Service is closing, try again later.');
    await closing;
    await until(() => bench.relay.session.closed === 1, 'the session is closed');
  });

  test('leaves a client in a TLS handshake behind', async () => {
    const bench = await openBench({}, { role: 'smtps' });
    const client = await bench.connect({ implicitTls: false });
    await until(() => !client.closed, 'connected');
    await bench.listener.close(50);
    await client.untilClosed();
  });

  test.each([0, 20])('leaves a client in a handshake behind STARTTLS behind, after %i ms', async (waitMs) => {
    const bench = await openBench();
    const client = await bench.introduced();
    await client.command('STARTTLS');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    await bench.listener.close(50);
    expect(await client.untilClosed()).toBe('');
    expect(bench.relay.session.closed).toBe(1);
  });

  test('may be asked twice', async () => {
    const bench = await openBench();
    await Promise.all([bench.listener.close(10), bench.listener.close(10)]);
  });
});

describe('opening a listener', () => {
  test('a port that is taken is an answer that names it · PRT-3', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const result = await openListener(
      { role: 'relay', host: '127.0.0.1', port },
      {
        relay: scriptedRelay(),
        tls: { key: '', certificate: '' },
        idleTimeoutMs: 1_000,
        room: createContentRoom(0),
        report: () => {},
      },
    );
    taken.close();
    expect(result).toEqual({
      outcome: 'failed',
      code: 'EADDRINUSE',
      message: `Cannot listen on 127.0.0.1 port ${port}: another program has this port.`,
    });
  });
});

test('a refusal that closes is the last word', async () => {
  const bench = await openBench({ data: () => refuse(reply('connection-expired'), 'close') });
  const client = await bench.introduced();
  client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 1 LAST\r\nxNOOP\r\n');
  expect((await client.replies(3)).map((answer) => answer.slice(0, 3))).toEqual(['250', '250', '421']);
  expect(await client.untilClosed()).toBe('');
});
