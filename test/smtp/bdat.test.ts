/** BDAT (RFC 3030): chunks are bytes, the first one asks the relay, and each is read whatever is answered. */
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import { prepareBench } from './bench.ts';
import { refuse, type Script } from './scripted-relay.ts';

const openBench = prepareBench();

async function inTransaction(script: Script = {}) {
  const bench = await openBench(script);
  const client = await bench.introduced();
  client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n');
  await client.replies(2);
  return { bench, client };
}

const text = (answer: string) => answer.replace(/ \S+ - gsmtp$/, '');

describe('BDAT', () => {
  test('chunks make one message, line ends and dots untouched', async () => {
    const { bench, client } = await inTransaction();
    client.send('BDAT 8\r\n\r\n.\r\n..\nBDAT 5\r\nMAIL\nBDAT 3 LAST\r\nend');
    expect((await client.replies(3)).map(text)).toEqual([
      '250 2.0.0 OK',
      '250 2.0.0 OK',
      '250 2.0.0 OK  1700000000',
    ]);
    expect(bench.relay.session.messages).toMatchObject([
      { content: '\r\n.\r\n..\nMAIL\nend', sizeAsSent: 16, bareLineFeeds: 2 },
    ]);
    expect(bench.relay.session.calls.filter((call) => call === 'data')).toHaveLength(1);
  });

  test('LAST may have no bytes', async () => {
    const { bench, client } = await inTransaction();
    client.send('BDAT 4\r\ntextBDAT 0 LAST\r\n');
    expect((await client.replies(2)).map((answer) => answer.slice(0, 3))).toEqual(['250', '250']);
    expect(bench.relay.session.messages[0]?.content).toBe('text');
  });

  test('everything in one packet is answered in order', async () => {
    const bench = await openBench();
    const client = await bench.introduced();
    client.send(
      'MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 4 LAST\r\ntextMAIL FROM:<c@example.com>\r\n',
    );
    expect((await client.replies(4)).map(text)).toEqual([
      '250 2.1.0 OK',
      '250 2.1.5 OK',
      '250 2.0.0 OK  1700000000',
      '250 2.1.0 OK',
    ]);
  });

  test('a policy refusal answers the first chunk once it is read; further ones get MAIL first', async () => {
    const { bench, client } = await inTransaction({ data: () => refuse(reply('sending-denied')) });
    client.send('BDAT 6\r\nQUIT\r\nBDAT 6\r\nRSET\r\nBDAT 0 LAST\r\nNOOP\r\n');
    expect((await client.replies(4)).map(text)).toEqual([
      '550 5.7.0 Mail Sending denied.',
      '503 5.5.1 MAIL first.',
      '503 5.5.1 MAIL first.',
      '250 2.0.0 OK',
    ]);
    expect(bench.relay.session.messages).toEqual([]);
  });

  test('a chunk is read when every recipient was refused, and ends the transaction', async () => {
    const bench = await openBench({ rcpt: () => refuse(reply('bad-domain')) });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    const codes = (await client.replies(4)).map((answer) => answer.slice(0, 3));
    expect(codes).toEqual(['250', '553', '503', '250']);
    expect(bench.relay.session.calls.slice(-1)).toEqual(['reset BDAT']);
  });

  test('a chunk outside a transaction is read and refused', async () => {
    const client = await (await openBench()).introduced();
    client.send('BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    expect((await client.replies(2)).map(text)).toEqual(['503 5.5.1 MAIL first.', '250 2.0.0 OK']);
  });

  test('DATA and RCPT have no place between chunks', async () => {
    const { bench, client } = await inTransaction();
    client.send('BDAT 4\r\ntextDATA\r\nRCPT TO:<c@example.org>\r\nBDAT 0 LAST\r\n');
    expect((await client.replies(4)).map((answer) => answer.slice(0, 3))).toEqual([
      '250',
      '503',
      '503',
      '250',
    ]);
    expect(bench.relay.session.messages[0]?.content).toBe('text');
  });

  test('RSET between chunks drops the message', async () => {
    const { bench, client } = await inTransaction();
    client.send('BDAT 4\r\ntextRSET\r\nBDAT 4 LAST\r\nrest');
    expect((await client.replies(3)).map((answer) => answer.slice(0, 3))).toEqual(['250', '250', '503']);
    expect(bench.relay.session.messages).toEqual([]);
  });

  test('RSET between chunks gives the room of the message back', async () => {
    const room = createContentRoom(10_000);
    const bench = await openBench({}, { room });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nBDAT 5000\r\n');
    client.send('x'.repeat(5_000));
    await client.replies(3);
    expect(room.takenBytes).toBeGreaterThanOrEqual(5_000);
    await client.command('RSET');
    expect(room.takenBytes).toBe(0);
  });

  test('a message that grows too large is told to the relay at that chunk', async () => {
    const { bench, client } = await inTransaction({
      messageBytes: 1_000,
      endOfData: () => refuse(reply('too-large')),
    });
    client.send(`BDAT 900\r\n${'x'.repeat(900)}BDAT 900\r\n${'x'.repeat(900)}BDAT 5 LAST\r\nrest!NOOP\r\n`);
    const codes = (await client.replies(4)).map((answer) => answer.slice(0, 3));
    expect(codes).toEqual(['250', '552', '503', '250']);
    expect(bench.relay.session.messages).toMatchObject([{ content: '', sizeAsSent: 1_800 }]);
  });

  test.each(['BDAT', 'BDAT x', 'BDAT -1', 'BDAT 5 FIRST', 'BDAT 1e3', `BDAT ${'9'.repeat(20)}`])(
    '%s leaves no way to go on: the connection ends',
    async (line) => {
      const { client } = await inTransaction();
      client.send(`${line}\r\nMAIL FROM:<evil@example.com>\r\n`);
      expect(text(await client.reply())).toBe('501 5.5.4 Command argument not recognized.');
      expect(await client.untilClosed()).toBe('');
    },
  );

  test('chunks are kept as lines of their size', async () => {
    const { bench, client } = await inTransaction();
    client.send('BDAT 1\r\nxBDAT 0 LAST\r\n');
    await client.replies(2);
    const heard = bench.relay.session.lines
      .filter(({ direction }) => direction === 'client')
      .map((line) => line.text);
    expect(heard.slice(-4)).toEqual(['BDAT 1', '(1 byte)', 'BDAT 0 LAST', '(0 bytes)']);
  });
});
