/** Where a message ends, and what is left of it: DATA, dots, line ends, smuggling (RFC 5321 §4.5.2). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataReader } from '../../relay-core/smtp/content/data-reader.ts';
import { ContentKeeper } from '../../relay-core/smtp/content/keeper.ts';
import { createContentRoom } from '../../relay-core/smtp/content/room.ts';
import { prepareBench, until } from './bench.ts';

const openBench = prepareBench();

async function atData(script = {}) {
  const bench = await openBench(script);
  const client = await bench.introduced();
  client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n');
  await client.replies(3);
  return { bench, client };
}

/** Reads `packets` as content; gives the message and the bytes behind it, or null when its end has not come. */
function readAll(packets: readonly Buffer[]) {
  const keeper = new ContentKeeper(1_000_000, createContentRoom(1_000_000));
  const reader = new DataReader(keeper);
  for (const [index, packet] of packets.entries()) {
    const end = reader.read(packet, 0);
    if (end !== null) {
      const behind = Buffer.concat([packet.subarray(end), ...packets.slice(index + 1)]);
      return {
        content: Buffer.from(keeper.message().content).toString('latin1'),
        behind: behind.toString('latin1'),
      };
    }
  }
  return null;
}

/** The same by the definition, on the whole text at once. */
function readByDefinition(text: string) {
  const whole = `\r\n${text}`;
  const end = whole.indexOf('\r\n.\r\n');
  if (end === -1) return null;
  return {
    content: whole
      .slice(0, end + 2)
      .replaceAll('\r\n.', '\r\n')
      .slice(2),
    behind: whole.slice(end + 5),
  };
}

/** Texts of the bytes that matter, cut anywhere. */
const cutText = fc
  .array(fc.constantFrom('\r', '\n', '.', 'a', '\r\n', '\r\n.', '\r\n.\r\n'), { maxLength: 40 })
  .map((parts) => parts.join(''))
  .chain((text) =>
    fc.record({
      text: fc.constant(text),
      cuts: fc.uniqueArray(fc.nat({ max: text.length }), { maxLength: 8 }),
    }),
  );

function cutAt(text: string, cuts: readonly number[]): Buffer[] {
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return places.slice(1).map((to, index) => Buffer.from(text.slice(places[index], to), 'latin1'));
}

describe('content', () => {
  test('ends where CR LF . CR LF stands and nowhere else, however the packets are cut', () => {
    fc.assert(
      fc.property(cutText, ({ text, cuts }) => {
        expect(readAll(cutAt(text, cuts))).toEqual(readByDefinition(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['LF . LF', '\n.\n'],
    ['LF . CR LF', '\n.\r\n'],
    ['CR LF . LF', '\r\n.\n'],
    ['CR . CR', '\r.\r'],
    ['CR LF . CR', '\r\n.\r'],
    ['CR . CR LF', '\r.\r\n'],
    ['LF LF . CR LF', '\n\n.\r\n'],
    ['CR CR LF . CR CR LF', '\r\r\n.\r\r\n'],
    ['NUL in the end', '\r\n\0.\r\n'],
  ])('behind %s nothing can be smuggled', async (_name, almost) => {
    const { bench, client } = await atData();
    const smuggled = 'MAIL FROM:<evil@example.com>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nFrom: evil\r\n';
    expect(await client.command(`Subject: x\r\n\r\ntext${almost}${smuggled}\r\n.`)).toMatch(/^250 2\.0\.0/);
    const { calls, messages } = bench.relay.session;
    expect(messages).toHaveLength(1);
    expect(messages[0]?.content).toContain('MAIL FROM:<evil@example.com>');
    expect(calls.filter((call) => call.startsWith('mail'))).toEqual(['mail <a@example.com> null']);
  });

  test('loses the dot that stuffing put behind CR LF, and only that', async () => {
    const { bench, client } = await atData();
    await client.command('..first\r\n..\r\n...\r\n.x\r\nlone\n..kept\r\n.');
    expect(bench.relay.session.messages[0]?.content).toBe('.first\r\n.\r\n..\r\nx\r\nlone\n..kept\r\n');
  });

  test('may be empty', async () => {
    const { bench, client } = await atData();
    expect(await client.command('.')).toMatch(/^250 2\.0\.0/);
    expect(bench.relay.session.messages[0]).toMatchObject({ content: '', sizeAsSent: 0 });
  });

  test('keeps bare line feeds, and counts them', async () => {
    const { bench, client } = await atData();
    await client.command('one\ntwo\r\n\nthree\r\n.');
    expect(bench.relay.session.messages[0]).toMatchObject({
      content: 'one\ntwo\r\n\nthree\r\n',
      bareLineFeeds: 2,
    });
  });

  test('is passed on byte for byte', async () => {
    const { bench, client } = await atData();
    const bytes = Buffer.from(
      Array.from({ length: 256 }, (_, index) => index).filter((byte) => byte !== 13 && byte !== 10),
    );
    client.send(Buffer.concat([bytes, Buffer.from('\r\n.\r\n')]));
    await client.reply();
    expect(bench.relay.session.messages[0]?.bytes).toEqual(Buffer.concat([bytes, Buffer.from('\r\n')]));
  });

  test('of 50,000 stuffed lines is read whole', async () => {
    const { bench, client } = await atData();
    client.send(`${'..line\r\n'.repeat(50_000)}.\r\n`);
    await client.reply();
    expect(bench.relay.session.messages[0]?.content).toBe('.line\r\n'.repeat(50_000));
  });

  test('that is too large is read to its end, thrown away and told to the relay by its size', async () => {
    const { bench, client } = await atData({ messageBytes: 1_000 });
    client.send(`${'x'.repeat(5_000_000)}\r\n.\r\n`);
    await client.reply();
    expect(bench.relay.session.messages[0]).toMatchObject({ content: '', sizeAsSent: 5_000_002 });
    expect(await client.command('NOOP')).toMatch(/^250/);
  });

  test('that is as large as announced is kept', async () => {
    const { bench, client } = await atData({ messageBytes: 1_000 });
    await client.command(`${'x'.repeat(998)}\r\n.`);
    expect(bench.relay.session.messages[0]).toMatchObject({ sizeAsSent: 1_000 });
    expect(bench.relay.session.messages[0]?.content).toHaveLength(1_000);
  });

  test('is let go when all messages on their way together take more room than there is', async () => {
    const room = createContentRoom(10_000);
    const bench = await openBench({}, { room });
    const [one, two] = [await bench.introduced(), await bench.introduced()];
    for (const client of [one, two]) {
      client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n');
      await client.replies(3);
    }
    one.send('x'.repeat(6_000));
    await until(() => room.takenBytes === 6_000, 'the first message takes its room');
    two.send(`${'y'.repeat(6_000)}\r\n.\r\n`);
    await two.reply();
    one.send('\r\n.\r\n');
    await one.reply();
    const seen = bench.relay.sessions.flatMap(({ messages }) => messages);
    expect(seen.map(({ sizeAsSent, dropped }) => ({ sizeAsSent, dropped }))).toEqual([
      { sizeAsSent: 6_002, dropped: null },
      { sizeAsSent: 6_002, dropped: 'no-room' },
    ]);
  });

  test.each([
    ['stored', 'rest\r\n.\r\n'],
    ['broken off', null],
  ])('gives its room back once it is %s', async (_how, ending) => {
    const room = createContentRoom(10_000);
    const bench = await openBench({}, { room });
    const client = await bench.introduced();
    client.send('MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n');
    await client.replies(3);
    client.send('x'.repeat(5_000));
    await until(() => room.takenBytes === 5_000, 'the message takes its room');
    if (ending === null) client.destroy();
    else client.send(ending);
    await until(() => room.takenBytes === 0, 'the room is given back');
  });

  test('that breaks off with the connection reaches nobody', async () => {
    const { bench, client } = await atData();
    client.send('half a message\r\n');
    client.end();
    await client.untilClosed();
    expect(bench.relay.session.messages).toEqual([]);
  });
});

describe('a transaction cut into packets', () => {
  const whole =
    'EHLO mail.example.com\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n..dot\r\ntext\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<c@example.org>\r\nBDAT 3\r\nabcBDAT 0 LAST\r\nQUIT\r\n';
  const calls = [
    'helo mail.example.com',
    'mail <a@example.com> null',
    'rcpt <b@example.org>',
    'data',
    'endOfData 12',
    'mail <> null',
    'rcpt <c@example.org>',
    'data',
    'endOfData 3',
    'reset QUIT',
  ];

  test('at any byte is the same transaction', async () => {
    const bench = await openBench();
    for (let at = 1; at < whole.length; at += 1) {
      const client = await bench.connect();
      await client.sendPackets([whole.slice(0, at), whole.slice(at)]);
      const said = await client.untilClosed();
      expect(said.match(/^\d{3} /gm)).toHaveLength(11);
    }
    for (const session of bench.relay.sessions) {
      expect(session.calls.filter((call) => call !== 'closed')).toEqual(calls);
      expect(session.messages.map(({ content }) => content)).toEqual(['.dot\r\ntext\r\n', 'abc']);
    }
  }, 60_000);

  test('at every byte is the same transaction', async () => {
    const bench = await openBench();
    const client = await bench.connect();
    await client.sendPackets([...whole]);
    expect((await client.untilClosed()).match(/^\d{3} /gm)).toHaveLength(11);
    expect(bench.relay.session.calls.filter((call) => call !== 'closed')).toEqual(calls);
  });
});
