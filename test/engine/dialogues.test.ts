/** Lines of connections: all of them while it is open, each at engine time, also when the clock is moved. */
import { call } from '@orpc/server';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../relay-core/contract/index.ts';
import type { Engine } from '../../relay-core/engine.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { maxSessionTransactions, sessionOf, transactionOf } from '../../relay-core/router/views.ts';
import { createRouter } from '../../relay-core/router.ts';
import { connectRaw } from '../smtp/raw-client.ts';
import { acceptedTransaction, sessionRecord, startOfRecords } from '../store/records.ts';
import { testBench } from './engine-of-tests.ts';

const hourMs = 60 * 60 * 1000;
/** What a busy machine may lose between a line and the clock that is asked about it. */
const graceMs = 2_000;
const message = 'Subject: Hello\r\n\r\nHello\r\n.';
const envelope = ['MAIL FROM:<anna@example.com>', 'RCPT TO:<someone@elsewhere.org>', 'DATA'];

/** A connection that has greeted, said line by line, and what the API says of it. */
async function conversation() {
  const engine = await (await testBench()).start();
  const port = engine.status().listeners.find(({ role }) => role === 'relay')?.port ?? 0;
  const client = await connectRaw({ port });
  onTestFinished(() => client.destroy());
  const sessionId = (await client.reply()).split(' ')[3] ?? '';
  const say = async (...lines: string[]) => {
    for (const line of lines) await client.command(line);
  };
  await say('EHLO mail.example.com');
  return { engine, client, sessionId, say, session: () => sessionNow(engine, sessionId) };
}

async function sessionNow(engine: Engine, id: string): Promise<Session> {
  await engine.store.settled();
  const record = engine.session(id);
  if (record === null) throw new Error(`no session ${id}`);
  return sessionOf(record, engine.store.transactionsOfSession(id, maxSessionTransactions));
}

async function transactionNow(engine: Engine, sessionId: string, number = 1) {
  await engine.store.settled();
  const record = engine.store.transaction(`${sessionId}-${number}`);
  if (record === null) throw new Error(`no transaction ${sessionId}-${number}`);
  return transactionOf(record, engine.session(sessionId));
}

const clientLines = ({ dialogue }: Pick<Session, 'dialogue'>) =>
  dialogue.filter(({ direction }) => direction === 'client').map(({ text }) => text);
const timesIn = ({ dialogue }: Pick<Session, 'dialogue'>) => dialogue.map(({ at }) => Date.parse(at));
/** When the line that begins so was said. */
const timeOf = ({ dialogue }: Pick<Session, 'dialogue'>, beginning: string) =>
  Date.parse(dialogue.find(({ text }) => text.startsWith(beginning))?.at ?? '');
const inOrder = (times: readonly number[]) => [...times].sort((one, other) => one - other);

describe('a connection that is open', () => {
  test('has all its lines, those of its open transaction too, each once', async () => {
    const { say, session } = await conversation();
    await say(...envelope);
    expect(clientLines(await session())).toEqual(['EHLO mail.example.com', ...envelope]);
    expect((await session()).dialogue.at(-1)?.text).toMatch(/^354/);
    await say(message, ...envelope.slice(0, 1));
    const texts = clientLines(await session());
    expect(texts.filter((text) => text === envelope[0])).toHaveLength(2);
    expect(texts.filter((text) => text === 'DATA')).toHaveLength(1);
  });
  test('has a line once, though its transaction is in the store before its 250 is out', () => {
    const session = sessionRecord('c31sm1401185itd.5');
    const { transaction } = acceptedTransaction(session, 1);
    const lines = [...session.dialogue, ...transaction.dialogue.slice(0, -1)];
    const firstLine = transaction.dialogue[0]?.ordinal ?? 0;
    const open = { ...session, dialogue: lines, openTransaction: { startedAt: startOfRecords, firstLine } };
    const transactions = { items: [transaction], total: 1, last: transaction };
    expect(sessionOf(open, transactions).dialogue).toHaveLength(
      session.dialogue.length + transaction.dialogue.length,
    );
  });
  test('has no end; one whose end no engine saw, since it was killed, ends where it was heard of last', async () => {
    const { engine, sessionId, say, session } = await conversation();
    await say(...envelope, message);
    expect((await session()).finishedAt).toBeNull();
    const asKept = engine.store.session(sessionId);
    const kept = engine.store.transactionsOfSession(sessionId, 10);
    expect(asKept?.finishedAt).toBeNull();
    expect(asKept && sessionOf(asKept, kept).finishedAt).toBe(
      new Date(kept.last?.finishedAt ?? 0).toISOString(),
    );
  });
});

test('a connection of very many transactions gives the first 500, and says what is left out', async () => {
  const { engine, client, sessionId, session } = await conversation();
  const before = (await session()).dialogue.length;
  const begin = async (transactions: number) => {
    client.send('MAIL FROM:<anna@example.com>\r\nRSET\r\n'.repeat(transactions));
    await client.replies(2 * transactions);
    await engine.store.settled();
  };
  await begin(550);
  engine.clockControl.stepBy(dayMs);
  await begin(50);
  const given = await call(createRouter(engine, 'api').sessions.get, { id: sessionId });
  expect(given.transactions.map(({ id }) => id)).toEqual(
    Array.from({ length: 500 }, (_, index) => `${sessionId}-${index + 1}`),
  );
  expect(given.transactionsOmitted).toBe(100);
  expect(given.dialogue).toHaveLength(before + 500 * 4);
  expect(given.dialogueOmitted).toBe(100 * 4);
  const asKept = engine.store.session(sessionId);
  const last = engine.store.transaction(`${sessionId}-600`);
  expect(asKept && sessionOf(asKept, engine.store.transactionsOfSession(sessionId, 500)).finishedAt).toBe(
    new Date(last?.finishedAt ?? 0).toISOString(),
  );
});

describe('lines stand at engine time', () => {
  test('on a clock that is not moved: between the start and the end, in order', async () => {
    const { engine, sessionId, say, session } = await conversation();
    const before = engine.clock.now();
    await say(...envelope, message, ...envelope, message);
    const transaction = await transactionNow(engine, sessionId, 2);
    expect(timeOf(transaction, 'EHLO')).toBeLessThan(before + graceMs);
    expect(timesIn(transaction).at(-1)).toBe(Date.parse(transaction.finishedAt));
    const times = timesIn(await session());
    expect(times).toEqual(inOrder(times));
    expect(times.at(-1)).toBeLessThan(engine.clock.now() + graceMs);
  });
  test('behind a step between EHLO and MAIL, in the transaction and in the connection', async () => {
    const { engine, sessionId, say, session } = await conversation();
    const before = engine.clock.now();
    engine.clockControl.stepBy(dayMs);
    const after = engine.clock.now();
    await say(...envelope);
    expect(timeOf(await session(), 'DATA')).toBeGreaterThanOrEqual(after);
    await say(message, 'RSET');
    const transaction = await transactionNow(engine, sessionId);
    for (const view of [transaction, await session()]) {
      expect(timeOf(view, 'EHLO')).toBeLessThan(before + graceMs);
      expect(timeOf(view, 'MAIL')).toBe(Date.parse(transaction.startedAt));
      expect(timesIn(view)).toEqual(inOrder(timesIn(view)));
    }
    expect(timeOf(await session(), 'RSET')).toBeGreaterThanOrEqual(after);
    expect(timesIn(await session()).at(-1)).toBeLessThan(engine.clock.now() + graceMs);
  });
  test('while it runs at 3600×: none before the transaction’s start, none behind its end', async () => {
    const { engine, sessionId, say } = await conversation();
    engine.clockControl.run(3600);
    await say(...envelope, message, ...envelope, message);
    for (const number of [1, 2]) {
      const transaction = await transactionNow(engine, sessionId, number);
      const own = timesIn(transaction).slice(
        transaction.dialogue.findIndex(({ text }) => /^MAIL/.test(text)),
      );
      expect(own[0]).toBe(Date.parse(transaction.startedAt));
      expect(own.at(-1)).toBe(Date.parse(transaction.finishedAt));
      expect(timesIn(transaction)).toEqual(inOrder(timesIn(transaction)));
    }
  });
  test('when it is started over while the connection is open: back at wall time', async () => {
    const { engine, sessionId, say, session } = await conversation();
    engine.clockControl.stepBy(dayMs);
    await say(...envelope, message);
    engine.clockControl.startOver();
    await say(...envelope, message, 'RSET');
    const [first, second] = [
      await transactionNow(engine, sessionId),
      await transactionNow(engine, sessionId, 2),
    ];
    expect(timeOf(first, 'MAIL')).toBeGreaterThan(timeOf(second, 'MAIL') + dayMs - hourMs);
    expect(timeOf(second, 'MAIL')).toBe(Date.parse(second.startedAt));
    const { dialogue } = await session();
    expect(timeOf({ dialogue: dialogue.slice(-2) }, 'RSET')).toBeLessThan(engine.clock.now() + graceMs);
  });
});
