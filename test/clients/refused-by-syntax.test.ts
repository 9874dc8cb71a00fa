/** Clients that get commands wrong, against the engine: what is a transaction of it, and what a finding, says its fix. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testBench as benchInProcess, toElsewhere } from '../engine/engine-of-tests.ts';
import { annasPassword, type RunningEngine, setting, startEngine, testBench } from '../fixtures/engine.ts';
import { eventually } from '../fixtures/program.ts';
import { connectRaw } from '../smtp/raw-client.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

let engine: RunningEngine;
beforeAll(async () => {
  engine = await startEngine({
    bench: testBench({
      users: [
        { address: 'anna@example.com', password: annasPassword },
        { address: 'bo@example.net' },
        { address: 'former@example.com', password: annasPassword, suspended: true },
      ],
      settings: [setting({ allowedSenders: 'domain-addresses' })],
    }),
  });
});
afterAll(() => engine.stop());

/** The session of a client that says these lines, once it is over, and the replies. */
async function talk(portRole: 'relay' | 'smtps', ...lines: string[]) {
  const client = await connectRaw({ port: engine.listeners[portRole], implicitTls: portRole === 'smtps' });
  onTestFinished(() => client.destroy());
  const id = (await client.reply()).split(' ')[3] ?? '';
  const replies: string[] = [];
  for (const line of [...lines, 'QUIT']) if (!client.closed) replies.push(await client.command(line));
  await client.untilClosed();
  const session = await eventually(`the end of session ${id}`, async () => {
    const found = await engine.session(id);
    return found.finishedAt === null ? undefined : found;
  });
  return { session, replies };
}

describe('a MAIL that is wrong in itself', () => {
  test.each([
    ['MAIL FROM:<bad>', 'bad', /"bad" as sender/, /^Correct the sender’s address/],
    [
      'MAIL FROM:<a@b.example> FOO=BAR',
      'a@b.example',
      /parameter "FOO=BAR"/,
      /^Let the client send .* SIZE, BODY/,
    ],
  ])('is a transaction refused there: %s', async (line, from, reason, fix) => {
    const { session, replies } = await talk('relay', 'EHLO mail.example.com', line);
    expect(replies[1]).toMatch(/^555 5\.5\.2 Syntax error\./);
    const id = `${session.id}-1`;
    expect(session.transactions.map((each) => each.id)).toEqual([id]);
    const { decision, envelope, recipients, message, quota, dialogue } = await engine.transaction(id);
    expect(decision).toMatchObject({
      outcome: 'rejected',
      rule: 'RFC-5321',
      setting: null,
      reply: { code: 555, enhancedCode: '5.5.2' },
      trace: [{ rule: 'RFC-5321', outcome: 'fail', text: expect.stringMatching(reason) }],
      remedies: [],
      noRemedyReason: expect.stringMatching(fix),
    });
    expect(envelope).toEqual({ before: { from, to: [] }, after: { from, to: [] } });
    expect([recipients, message, quota]).toEqual([[], null, []]);
    expect(dialogue.slice(-2).map(({ text }) => text)).toEqual([line, expect.stringMatching(/^555 /)]);
    expect(session.findings).toEqual([]);
  });

  test('does not stand in the way of the next, and counts as the first', async () => {
    const { session, replies } = await talk(
      'relay',
      'EHLO mail.example.com',
      'MAIL FROM:<bad>',
      'MAIL FROM:<anna@example.com>',
    );
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '555', '250', '221']);
    expect(session.transactions.map(({ id }) => id).sort()).toEqual([`${session.id}-1`, `${session.id}-2`]);
  });

  test('sent by the test sender can be read under the id that it gave', async () => {
    const { send, store } = await (await benchInProcess()).start();
    const { transactionId, failure } = await send({ ...toElsewhere, from: 'bad' });
    expect(failure).toBeNull();
    const kept = await eventually(
      'the transaction',
      () => store.transaction(transactionId ?? '') ?? undefined,
    );
    expect(kept.decision).toMatchObject({ outcome: 'rejected', rule: 'RFC-5321' });
  });
});

test('a HELO name that cannot be one, in the test sender: the reply is in the dialogue and no failure beside it', async () => {
  const { send, store } = await (await benchInProcess()).start();
  const { transactionId, failure, dialogue } = await send({ ...toElsewhere, heloName: 'bad name' });
  expect([transactionId, failure]).toEqual([null, null]);
  expect(dialogue.find(({ text }) => text.startsWith('501'))?.text).toContain('argument "bad name" invalid');
  await eventually('the finding', () => store.findings({ limit: 1 }).items[0]);
  expect(store.findings({ limit: 9 }).items.map(({ finding }) => finding.text)).toEqual([
    'EHLO came with a name that is none, "bad name", and was refused.',
  ]);
});

describe('a sign-in that is refused says to the administrator which reason it was, and to the client none', () => {
  test.each([
    ['anna@example.com', 'wrong', 'wrong password', /^Check the password in the client/],
    ['anna@example.com', '', 'wrong password', /^Check the password in the client/],
    ['nobody@example.com', 'x', 'no user of the bench file in force has this name', /register the user/],
    [
      'bo@example.net',
      'x',
      'this user has no password in the bench file in force',
      /^Give the user a `password`/,
    ],
    ['former@example.com', annasPassword, 'this user is suspended in the bench file in force', /suspension/],
  ])('%s with %j: %s · AUT-6', async (user, password, reason, fix) => {
    const response = base64(`\0${user}\0${password}`);
    const { session, replies } = await talk('smtps', 'EHLO mail.example.com', `AUTH PLAIN ${response}`);
    expect(replies[1]).toMatch(/^535-5\.7\.8 Username and Password not accepted/);
    expect(session.findings).toEqual([
      {
        rule: 'AUT-6',
        severity: 'problem',
        text: `AUTH PLAIN as ${user} was refused: ${reason}.`,
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  test('a user name that is no address is not repeated: it may be the password · AUT-6', async () => {
    const { session } = await talk('smtps', 'EHLO mail.example.com', `AUTH PLAIN ${base64('\0hunter2\0x')}`);
    expect(session.findings).toMatchObject([
      {
        text: 'AUTH PLAIN with a user name that is no address was refused: no user of the bench file in force has this name.',
        fix: expect.stringContaining('whole address'),
      },
    ]);
    expect(JSON.stringify(session)).not.toContain('hunter2');
  });

  test('a user without an access token is told to be one · AUT-6', async () => {
    const token = base64('user=anna@example.com\x01auth=Bearer ya29\x01\x01');
    const { session } = await talk('smtps', 'EHLO mail.example.com', `AUTH XOAUTH2 ${token}`, 'AQ==');
    expect(session.findings).toMatchObject([
      { text: expect.stringContaining('no access token'), fix: expect.stringContaining('`accessToken`') },
    ]);
  });
});

test('what /api/sessions shows of an AUTH that went wrong holds no password', async () => {
  const { session, replies } = await talk(
    'smtps',
    'EHLO mail.example.com',
    'AUTH LOGIN',
    'anna@example.com',
    base64(annasPassword),
  );
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '334', '501', '502', '221']);
  expect(JSON.stringify(session)).not.toContain(base64(annasPassword));
  expect(session.findings).toMatchObject([{ text: expect.stringContaining('no base64') }]);
});
