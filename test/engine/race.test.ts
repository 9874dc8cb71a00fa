/** Many connections for few places, over real sockets: never one too many, and what is held goes with its connection. */
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../relay-core/engine.ts';
import { stateOf } from '../../relay-core/filling.ts';
import { eventually } from '../fixtures/program.ts';
import { connectRaw, type RawClient } from '../smtp/raw-client.ts';
import { testBench } from './engine-of-tests.ts';

const limit = 900;
const tenMinutes = 'customer-recipients-ten-minutes';

async function connected(engine: Engine): Promise<RawClient> {
  const { port } = engine.status().listeners.find(({ role }) => role === 'relay') ?? { port: 0 };
  const client = await connectRaw({ port, timeoutMs: 20_000 });
  onTestFinished(() => client.destroy());
  await client.reply();
  await client.command('EHLO mail.example.com');
  return client;
}

const state = (engine: Engine) => stateOf(engine.counts, tenMinutes, null, engine.clock.now());

test('50 connections racing for the last 10 places take exactly 10 · CQ-8 · CQ-2', async () => {
  const engine = await (await testBench()).start();
  engine.fillWindow({ window: tenMinutes, used: limit - 10 });
  const clients = await Promise.all(Array.from({ length: 50 }, () => connected(engine)));
  for (const [index, client] of clients.entries()) {
    client.send(`MAIL FROM:<anna@example.com>\r\nRCPT TO:<r${index}@elsewhere.org>\r\nDATA\r\n`);
  }
  const answers = await Promise.all(clients.map(async (client) => (await client.replies(3)).at(-1) ?? ''));
  expect(answers.filter((answer) => answer.startsWith('354')).length).toBe(10);
  expect(answers.filter((answer) => /^450-4\.2\.1 Peak SMTP relay limit/.test(answer)).length).toBe(40);
  expect(state(engine)).toMatchObject({ used: limit - 10, reserved: 10 });

  const admitted = clients.filter((_, index) => answers[index]?.startsWith('354'));
  const ends = await Promise.all(
    admitted.map((client) => client.command('Subject: Hello\r\n\r\nHello\r\n.')),
  );
  expect(ends.every((end) => end.startsWith('250 2.0.0'))).toBe(true);
  expect(state(engine)).toMatchObject({ used: limit, reserved: 0 });
});

test('places held by a connection that breaks off are free again, for whoever comes next · CQ-8', async () => {
  const engine = await (await testBench()).start();
  engine.fillWindow({ window: tenMinutes, used: limit - 2 });
  const holder = await connected(engine);
  const next = await connected(engine);
  const ask = async (client: RawClient) => {
    await client.command('MAIL FROM:<anna@example.com>');
    await client.command('RCPT TO:<one@elsewhere.org>');
    await client.command('RCPT TO:<two@elsewhere.org>');
    return client.command('DATA');
  };
  expect(await ask(holder)).toMatch(/^354/);
  expect(await ask(next)).toMatch(/^450/);
  holder.destroy();
  await eventually('the places are free', () => state(engine).reserved === 0 || undefined);
  expect(await ask(next)).toMatch(/^354/);
});
