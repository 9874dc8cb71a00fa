/** Whatever bytes come, the engine goes on, says only what is in the catalogue, and forgets the connection. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replyCatalogue } from '../../relay-core/replies/catalogue.ts';
import { prepareBench, until } from './bench.ts';

const openBench = prepareBench();

const codes = new Set(Object.values(replyCatalogue).map(({ code }) => String(code)));

/** Commands, halves of commands, and bytes that are none. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      'EHLO mail.example.com\r\n',
      'MAIL FROM:<a@example.com>\r\n',
      'RCPT TO:<b@example.org>\r\n',
      'DATA\r\n',
      'BDAT 3\r\nabc',
      'BDAT 2 LAST\r\nab',
      'BDAT 99999\r\n',
      'RSET\r\n',
      'AUTH PLAIN AGEAYg==\r\n',
      'STARTTLS',
      'XCLIENT ADDR=203.0.113.5\r\n',
      '\r\n.\r\n',
      '.\r\n',
      '\r',
      '\n',
      '<',
      '>',
      '"',
      '\0',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  ),
  { maxLength: 30 },
);

test('random bytes are answered from the catalogue, and leave nothing behind', async () => {
  const bench = await openBench();
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat({ max: 3 }), async (parts, cuts) => {
      const client = await bench.connect();
      const bytes = Buffer.from(parts.join(''), 'latin1');
      const step = Math.max(1, Math.ceil(bytes.length / (cuts + 1)));
      const packets = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) =>
        bytes.subarray(index * step, (index + 1) * step),
      );
      if (!client.closed) await client.sendPackets(packets);
      client.end();
      const said = await client.untilClosed();
      for (const line of said.split('\r\n').slice(0, -1)) expect(codes).toContain(line.slice(0, 3));
      expect(said === '' || said.endsWith('\r\n')).toBe(true);
    }),
    { numRuns: 300 },
  );
  await until(() => bench.listener.openConnections() === 0, 'no connection is open');
  expect(bench.relay.sessions.every(({ closed }) => closed === 1)).toBe(true);
}, 60_000);
