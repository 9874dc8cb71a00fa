/**
 * An engine killed with SIGKILL while several pipelining clients pour messages into it: what was answered 250 is there
 * afterwards, byte for byte, and the quotas count exactly what is there (CQ-8).
 */
import { afterEach, describe, expect, test } from 'vitest';
import { type RunningEngine, startEngine, testBench } from '../fixtures/engine.ts';
import { type StreamedMessage, streamMessages } from '../fixtures/pipelining-client.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';

const connections = 4;
const messagesBeforeTheKill = 1_200;
const bench = testBench({
  limits: { customerRecipientsPerTenMinutes: 1_000_000, customerRecipientsPerDay: 1_000_000 },
});

const running: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** Each message is unlike any other, some are larger than a packet, and recipients come again and again. */
function messageOf(connection: number, index: number): StreamedMessage {
  const padding = 'x'
    .repeat(70)
    .concat('\r\n')
    .repeat((index % 7) * 20);
  return {
    from: 'anna@example.com',
    to: [`r${index % 50}@example.org`, `r${connection}@example.net`],
    content: `From: <anna@example.com>\r\nSubject: ${connection}/${index}\r\n\r\n${padding}end of ${index}\r\n`,
  };
}

interface Acknowledged {
  readonly connection: number;
  readonly index: number;
}

/** Streams until `enough` messages are acknowledged, kills the engine under it, and gives all that were acknowledged. */
async function killUnderLoad(engine: RunningEngine, enough: number): Promise<Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  let killed: Promise<void> | undefined;
  const streams = Array.from({ length: connections }, (_, connection) =>
    streamMessages({
      port: engine.listeners.relay,
      heloName: 'mail.example.com',
      next: (index) => messageOf(connection, index),
      onFate: ({ index, outcome }) => {
        if (outcome === 'accepted') acknowledged.push({ connection, index });
        if (acknowledged.length >= enough) killed ??= engine.kill();
      },
    }),
  );
  const results = await Promise.all(streams);
  await killed;
  expect(results.map(({ cut, refused }) => ({ cut, refused }))).toEqual(
    streams.map(() => ({ cut: true, refused: 0 })),
  );
  return acknowledged;
}

describe('an engine killed in the middle of a stream', () => {
  test.each(['normal', 'full'] as const)(
    'has all that it answered 250, and counts exactly that, with synchronous %s · CQ-8, CQ-9',
    { timeout: 60_000 },
    async (synchronous) => {
      const dataFolder = scratchFolder();
      running.push(() => removeFolder(dataFolder));
      const options = { bench: { ...bench, store: { synchronous } }, dataFolder };
      const first = await startEngine(options);
      running.push(first.kill);

      const acknowledged = await killUnderLoad(first, messagesBeforeTheKill);
      const second = await startEngine(options);
      running.push(second.stop);

      const kept = await second.everyAccepted();
      const bySubject = new Map(kept.map((each) => [each.message?.subject ?? '', each]));
      expect(bySubject.size).toBe(kept.length);
      const missing = acknowledged.filter(
        ({ connection, index }) => !bySubject.has(`${connection}/${index}`),
      );
      expect(missing).toEqual([]);
      expect(acknowledged.length).toBeGreaterThanOrEqual(messagesBeforeTheKill);
      // What was stored but not yet answered may be there besides: at most one message a connection.
      expect(kept.length - acknowledged.length).toBeLessThanOrEqual(connections);

      for (const { connection, index } of acknowledged) {
        const { id } = bySubject.get(`${connection}/${index}`) ?? { id: '' };
        expect(await second.message(id)).toBe(messageOf(connection, index).content);
      }

      const recipients = kept.flatMap(({ envelope }) => envelope.after.to);
      const used = async (...of: Parameters<RunningEngine['quota']>) => (await second.quota(...of))?.used;
      expect(await used('customer-recipients-day')).toBe(recipients.length);
      expect(await used('customer-recipients-ten-minutes')).toBe(recipients.length);
      expect(await used('user-messages-day', 'anna@example.com')).toBe(kept.length);
      expect(await used('user-unique-recipients-day', 'anna@example.com')).toBe(new Set(recipients).size);
      expect((await second.quota('customer-recipients-day'))?.reserved).toBe(0);
    },
  );

  test('starts cleanly again and relays on', async () => {
    const dataFolder = scratchFolder();
    running.push(() => removeFolder(dataFolder));
    const first = await startEngine({ bench, dataFolder });
    running.push(first.kill);
    await killUnderLoad(first, 50);

    const second = await startEngine({ bench, dataFolder });
    running.push(second.stop);
    const before = (await second.quota('customer-recipients-day'))?.used ?? 0;
    const result = await streamMessages({
      port: second.listeners.relay,
      heloName: 'mail.example.com',
      next: (index) => (index === 0 ? messageOf(0, 1_000_000) : null),
    });

    expect(result).toEqual({ accepted: 1, refused: 0, cut: false });
    expect((await second.quota('customer-recipients-day'))?.used).toBe(before + 2);
  });
});
