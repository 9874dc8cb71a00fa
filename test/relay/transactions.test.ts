/** What becomes of a transaction: its record, its places in the quotas, its message. */
import { describe, expect, test } from 'vitest';
import { realScanners } from '../../relay-core/content/inspect.ts';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { configuration, withSetting } from '../policy/organisation-of-tests.ts';
import { testRelay } from './relay-of-tests.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('an accepted transaction', () => {
  test('is kept with message, envelope, decision and dialogue before its 250 goes out', async () => {
    const relay = testRelay();
    const client = relay.connect();
    expect(await client.send('anna@example.com', 'a@elsewhere.org', 'b@elsewhere.org')).toMatch(
      /^250 2\.0\.0 OK {2}\d+ /,
    );
    expect(relay.kept).toHaveLength(1);
    const [record] = relay.kept;
    expect(record).toMatchObject({
      id: `${client.session.id}-1`,
      decision: { outcome: 'accepted', rule: null, setting: 'Offices', reply: { code: 250 } },
      envelope: { before: { from: 'anna@example.com', to: ['a@elsewhere.org', 'b@elsewhere.org'] } },
      message: { subject: 'Hello', messageId: '<1@example.com>' },
    });
    const texts = record?.dialogue.map(({ text }) => text) ?? [];
    expect(texts[0]).toBe('MAIL FROM:<anna@example.com>');
    expect(texts.at(-1)).toMatch(/^250 2\.0\.0 OK {2}/);
  });
  test('keeps the envelope before and after, and names the rule that changed it · ENV-5', async () => {
    const relay = testRelay(withSetting({ allowedSenders: 'any' }));
    await relay.connect('mx.example.net').send('joe@elsewhere.org', 'a@elsewhere.org');
    expect(relay.kept[0]?.envelope).toEqual({
      before: { from: 'joe@elsewhere.org', to: ['a@elsewhere.org'] },
      after: { from: 'postmaster@example.net', to: ['a@elsewhere.org'] },
    });
    expect(relay.kept[0]?.decision.trace.map(({ rule }) => rule)).toContain('ENV-1');
  });
  test('several on one connection have ids of their own and lines of their own', async () => {
    const relay = testRelay();
    const client = relay.connect();
    for (const to of ['a@elsewhere.org', 'b@elsewhere.org']) await client.send('anna@example.com', to);
    expect(relay.kept.map(({ id }) => id)).toEqual([`${client.session.id}-1`, `${client.session.id}-2`]);
    expect(relay.kept[1]?.dialogue.some(({ text }) => text.includes('a@elsewhere.org'))).toBe(false);
  });
});

describe('a refused transaction', () => {
  test('is kept with its rule and its reply, and no message', async () => {
    const relay = testRelay();
    expect(await relay.connect().send('printer@example.com', 'a@elsewhere.org')).toMatch(
      /^550 5\.7\.0 Mail Sending denied\./,
    );
    await settled();
    expect(relay.kept[0]).toMatchObject({
      decision: { outcome: 'rejected', rule: 'SND-1', reply: { code: 550, enhancedCode: '5.7.0' } },
      message: null,
    });
    expect(relay.messages).toHaveLength(0);
  });
  test('at MAIL is a transaction too · PRT-4', async () => {
    const relay = testRelay(withSetting({ requireTls: true }));
    expect(relay.connect().mail('anna@example.com')).toMatch(/^530 5\.7\.0/);
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'rejected', rule: 'PRT-4' }, recipients: [] });
  });
  test('after it the connection goes on', async () => {
    const relay = testRelay();
    const client = relay.connect();
    await client.send('printer@example.com', 'a@elsewhere.org');
    expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^250/);
  });
});

describe('a refused recipient', () => {
  test('does not end the transaction: it is accepted if DATA then succeeds · ENV-2', async () => {
    const relay = testRelay();
    const client = relay.connect('mx.example.com');
    client.mail('');
    client.rcpt('a@elsewhere.org');
    expect(client.rcpt('b@elsewhere.org')).toMatch(/^550 5\.5\.3 Too many recipients for this sender/);
    client.data();
    await client.message();
    expect(relay.kept[0]).toMatchObject({
      decision: { outcome: 'accepted' },
      envelope: {
        before: { to: ['a@elsewhere.org', 'b@elsewhere.org'] },
        after: { to: ['a@elsewhere.org'] },
      },
    });
    expect(relay.kept[0]?.decision.trace.some(({ outcome }) => outcome === 'fail')).toBe(false);
  });
  test('is the reason when DATA never succeeds · ENV-2', async () => {
    const relay = testRelay();
    const client = relay.connect('mx.example.com');
    client.mail('');
    client.rcpt('a@elsewhere.org');
    client.rcpt('b@elsewhere.org');
    client.leave();
    await settled();
    expect(relay.kept[0]).toMatchObject({
      decision: { outcome: 'rejected', rule: 'ENV-2', reply: { code: 550 } },
    });
    expect(relay.kept[0]?.decision.trace.at(-1)).toMatchObject({ rule: 'ENV-2', outcome: 'fail' });
  });
  const leftOut = {
    rule: 'ENV-4',
    outcome: 'note',
    text: 'The first 1000 refused recipients are kept; 2 more were refused and are left out.',
  };
  test('behind the thousandth of a transaction is answered and counted, not kept, and DATA goes on · ENV-4', async () => {
    const relay = testRelay(configuration({ limits: { recipientsPerTransaction: 1 } }));
    const client = relay.connect();
    client.mail('anna@example.com');
    client.rcpt('a@elsewhere.org');
    for (let number = 1; number <= 1_002; number++)
      expect(client.rcpt(`${number}@elsewhere.org`)).toMatch(/^452/);
    client.data();
    await client.message();
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'accepted' } });
    expect(relay.kept[0]?.recipients).toHaveLength(1_001);
    expect(relay.kept[0]?.recipients.at(-1)?.address).toBe('1000@elsewhere.org');
    expect(relay.kept[0]?.decision.trace).toContainEqual(expect.objectContaining(leftOut));
  });
  test('behind the thousandth is counted too where the client then breaks off; the last refusal is the reason', async () => {
    const relay = testRelay();
    const client = relay.connect();
    client.mail('anna@example.com');
    for (let number = 1; number <= 1_002; number++) client.session.rcptRefused(`${number}`, reply('syntax'));
    client.leave();
    await settled();
    expect(relay.kept[0]?.recipients).toHaveLength(1_000);
    expect(relay.kept[0]?.decision.trace.slice(-2)).toEqual([
      expect.objectContaining(leftOut),
      expect.objectContaining({ outcome: 'fail', text: expect.stringContaining('"1002"') }),
    ]);
  });
});

test('a store that breaks is told of for a refused transaction and for a session, and nothing else ends', async () => {
  const relay = testRelay();
  relay.disk = Promise.reject(new RangeError('Invalid string length'));
  const client = relay.connect();
  client.mail('anna@example.com');
  client.leave();
  await settled();
  expect(relay.problems).toEqual(['Invalid string length']);
  client.close();
  await settled();
  expect(relay.problems).toEqual(['Invalid string length', 'Invalid string length']);
});

describe('a transaction that the client breaks off', () => {
  test.each(['RSET', 'QUIT'] as const)('by %s is abandoned, without rule and reply', async (cause) => {
    const relay = testRelay();
    const client = relay.connect();
    client.mail('anna@example.com');
    client.rcpt('a@elsewhere.org');
    client.leave(cause);
    await settled();
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'abandoned', rule: null, reply: null } });
  });
  test('by closing the connection is abandoned, and gives its places back · CQ-8', async () => {
    const relay = testRelay();
    const client = relay.connect();
    client.mail('anna@example.com');
    client.rcpt('a@elsewhere.org');
    client.data();
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 0, reserved: 1 });
    client.close();
    await settled();
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 0, reserved: 0 });
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'abandoned' } });
  });
  test('while its message is being stored is not abandoned: what is stored counts · CQ-8', async () => {
    const relay = testRelay();
    const client = relay.connect();
    client.mail('anna@example.com');
    client.rcpt('a@elsewhere.org');
    client.data();
    const stored = client.message();
    client.close();
    await stored;
    expect(relay.kept.map(({ decision }) => decision.outcome)).toEqual(['accepted']);
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 1, reserved: 0 });
  });
});

describe('quotas', () => {
  const used = (relay: ReturnType<typeof testRelay>) =>
    Object.fromEntries(
      [
        ...relay.counts.customer(relay.clock.now),
        ...relay.counts
          .activeUsers(relay.clock.now)
          .flatMap((user) => relay.counts.user(user, relay.clock.now)),
      ].map((state) => [state.user === null ? state.window : `${state.window} ${state.user}`, state.used]),
    );

  test('count by the envelope sender; an alias counts under its user · UQ-4 · CQ-9', async () => {
    const relay = testRelay();
    const client = relay.connect();
    await client.send('anna@example.com', 'a@elsewhere.org');
    await client.send('a.svensson@example.com', 'A@elsewhere.org');
    expect(used(relay)).toEqual({
      'customer-recipients-day': 2,
      'customer-recipients-ten-minutes': 2,
      'user-messages-day anna@example.com': 2,
      'user-unique-recipients-day anna@example.com': 1,
    });
  });
  test('per-user limits do not apply to a sender that is no registered user · UQ-4', async () => {
    const relay = testRelay(withSetting({ allowedSenders: 'domain-addresses' }));
    await relay.connect().send('printer@example.com', 'a@elsewhere.org');
    expect(relay.counts.activeUsers(relay.clock.now)).toEqual([]);
    expect(relay.kept[0]?.quota.map(({ window }) => window)).toEqual([
      'customer-recipients-ten-minutes',
      'customer-recipients-day',
    ]);
  });
  test('a rewritten sender counts by the original one, not as postmaster · UQ-6 · CQ-4', async () => {
    const relay = testRelay(withSetting({ allowedSenders: 'any' }));
    await relay.connect('mx.example.net').send('joe@elsewhere.org', 'a@elsewhere.org', 'b@elsewhere.org');
    expect(used(relay)).toEqual({ 'customer-recipients-day': 2, 'customer-recipients-ten-minutes': 2 });
  });
  test('total means total, unique means unique: repeats in one transaction too · CQ-3 · UQ-5', async () => {
    const relay = testRelay();
    await relay.connect().send('anna@example.com', 'a@elsewhere.org', 'A@ELSEWHERE.org');
    expect(relay.kept[0]?.quota).toEqual([
      { window: 'customer-recipients-ten-minutes', before: 0, after: 2, limit: 900 },
      { window: 'customer-recipients-day', before: 0, after: 2, limit: 13_000 },
      { window: 'user-messages-day', user: 'anna@example.com', before: 0, after: 1, limit: 10_000 },
      { window: 'user-unique-recipients-day', user: 'anna@example.com', before: 0, after: 1, limit: 13_000 },
    ]);
  });
  test('a refused message uses up nothing, and its record says so · CQ-8', async () => {
    const relay = testRelay(configuration({ limits: { customerRecipientsPerDay: 1 } }));
    expect(await relay.connect().send('anna@example.com', 'a@elsewhere.org', 'b@elsewhere.org')).toMatch(
      /^550-5\.7\.1 Daily SMTP relay limit/,
    );
    await settled();
    expect(relay.kept[0]?.quota[1]).toMatchObject({ before: 0, after: 0, limit: 1 });
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 0, reserved: 0 });
  });
  test('two connections cannot both take the last place: it is held at DATA · CQ-8', async () => {
    const relay = testRelay(configuration({ limits: { customerRecipientsPerTenMinutes: 1 } }));
    const [first, second] = [relay.connect(), relay.connect()];
    for (const client of [first, second]) {
      client.mail('anna@example.com');
      client.rcpt('a@elsewhere.org');
    }
    expect(first.data()).toMatch(/^354/);
    expect(second.data()).toMatch(/^450-4\.2\.1 Peak SMTP relay limit/);
    expect(await first.message()).toMatch(/^250/);
  });
  test('windows roll: a place frees up exactly ten minutes later · CQ-2 · CQ-9', async () => {
    const relay = testRelay(configuration({ limits: { customerRecipientsPerTenMinutes: 1 } }));
    const client = relay.connect();
    await client.send('anna@example.com', 'a@elsewhere.org');
    relay.clock.now += 599_999;
    expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^450/);
    relay.clock.now += 1;
    expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^250/);
  });
});

describe('a store that cannot keep', () => {
  test('a full disk answers 452 4.3.1, uses up nothing, and is told', async () => {
    const relay = testRelay();
    relay.answers = [{ outcome: 'full', detail: 'database or disk is full' }];
    const client = relay.connect();
    expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^452 4\.3\.1/);
    await settled();
    expect(relay.problems).toEqual(['database or disk is full']);
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 0, reserved: 0 });
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'rejected', rule: 'RFC-3463' } });
    expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^250/);
  });
});

describe('a message that did not stay whole', () => {
  test.each([
    ['no-room', /^452 4\.3\.1/],
    ['too-large', /^451 4\.3\.0/],
  ] as const)('is not answered 250 (%s), and uses up nothing', async (dropped, expected) => {
    const relay = testRelay();
    const client = relay.connect();
    client.mail('anna@example.com');
    client.rcpt('a@elsewhere.org');
    client.data();
    expect(await client.message('x'.repeat(100), dropped)).toMatch(expected);
    await settled();
    expect(relay.counts.customer(relay.clock.now)[0]).toMatchObject({ used: 0, reserved: 0 });
    expect(relay.kept[0]).toMatchObject({ decision: { outcome: 'rejected', rule: 'RFC-3463' } });
  });
});

describe('sessions', () => {
  test('are kept when they close, with the lines outside transactions', async () => {
    const relay = testRelay();
    const client = relay.connect();
    await client.send('anna@example.com', 'a@elsewhere.org');
    client.close();
    await settled();
    expect(relay.sessions[0]).toMatchObject({ id: client.session.id, finishedAt: relay.clock.now });
    expect(relay.sessions[0]?.dialogue.map(({ text }) => text)).toEqual([
      'EHLO mail.elsewhere.org',
      '250 smtp-relay.gmail.com at your service',
    ]);
  });
  test('a generic HELO name is refused when the bench file says always, and is a finding either way · HEL-1', async () => {
    const always = testRelay(configuration({ refuseGenericHelo: 'always' }));
    const refused = always.connect('localhost');
    refused.close();
    await settled();
    expect(always.sessions[0]?.dialogue.at(-1)?.text).toMatch(
      /^421 4\.7\.0 Try again later, closing connection\. \(EHLO\)/,
    );
    expect(always.sessions[0]?.findings).toEqual([
      expect.objectContaining({ rule: 'HEL-1', severity: 'problem' }),
    ]);
    const never = testRelay(configuration({ refuseGenericHelo: 'never' }));
    const passed = never.connect('localhost');
    expect(await passed.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^250/);
    passed.close();
    expect(never.sessions[0]?.findings).toEqual([
      expect.objectContaining({ rule: 'HEL-1', severity: 'warning' }),
    ]);
  });
  test('three failed sign-ins in a row close the connection · AUT-6', async () => {
    const { session } = testRelay().connect();
    const wrong = { kind: 'password', mechanism: 'PLAIN', user: 'anna@example.com', password: 'x' } as const;
    const answers = [
      await session.authenticate(wrong),
      await session.authenticate(wrong),
      await session.authenticate(wrong),
    ];
    expect(answers.map(({ reply, afterwards }) => [reply.id, afterwards])).toEqual([
      ['bad-credentials', 'continue'],
      ['bad-credentials', 'continue'],
      ['too-many-logins', 'close'],
    ]);
  });
  test('a sign-in that is not looked at, since too many wait, gets 454, may come again, and is no failed one · AUT-6', async () => {
    const relay = testRelay(configuration(), realScanners, async () => ({
      outcome: 'refused',
      why: 'too-many-at-once',
    }));
    const { session } = relay.connect();
    const right = { kind: 'password', mechanism: 'PLAIN', user: 'anna@example.com', password: 'x' } as const;
    for (let attempt = 1; attempt <= 4; attempt++) {
      const { ok, reply, afterwards } = await session.authenticate(right);
      expect([ok, reply.id, afterwards]).toEqual([false, 'too-many-logins', 'continue']);
    }
    session.closed();
    expect(relay.sessions[0]?.findings.filter(({ rule }) => rule === 'AUT-6')).toEqual([
      expect.objectContaining({ text: expect.stringContaining('not looked at') }),
    ]);
  });
});
