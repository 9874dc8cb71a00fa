/** Failures people reported (docs/spec/known-failures.md), each over real SMTP: the reply, the rule, and the fix that is told. */
import { expect, onTestFinished, test } from 'vitest';
import type { TestMessage } from '../../relay-core/contract/index.ts';
import type { Engine } from '../../relay-core/engine.ts';
import { lastReply, testBench, toElsewhere } from '../engine/engine-of-tests.ts';
import { connectRaw } from '../smtp/raw-client.ts';

/** The organisation of all these reports: it owns example.com, and its setting lists 203.0.113.0/28. */
function organisation(
  changes: { readonly customer?: string; readonly setting?: string; readonly more?: string } = {},
): string {
  return `
customer: { name: Example AB, primaryDomain: example.com${changes.customer ?? ''} }
users: [{ address: anna@example.com, password: correct horse }]
settings:
  - description: Offices
    authentication: { ipRanges: [{ range: 203.0.113.0/28 }]${changes.setting ?? ''} }
${changes.more ?? ''}
`;
}

const listed = '203.0.113.9';
const fromOffice: TestMessage = { ...toElsewhere, claimedAddress: listed, heloName: 'mail.example.com' };

async function started(yaml = organisation()): Promise<Engine> {
  return (await testBench(yaml)).start();
}

/** Sends, and gives the reply, the rule and what is advised. */
async function told(engine: Engine, message: TestMessage) {
  const sent = await engine.send(message);
  const record = sent.transactionId === null ? null : engine.store.transaction(sent.transactionId);
  const sessionId = record?.sessionId ?? / ESMTP (\S+) - gsmtp/.exec(sent.dialogue[0]?.text ?? '')?.[1] ?? '';
  const findings = () => engine.session(sessionId)?.findings ?? [];
  const last = record?.dialogue.findLast(({ direction }) => direction === 'client')?.text;
  return {
    reply: lastReply(sent),
    lastCommand: last,
    rule: record?.decision.rule,
    advice: record?.decision.remedies.map(({ text }) => text) ?? [],
    findings,
  };
}

test('F1: a library says EHLO localhost on every connection · HEL-1', async () => {
  const engine = await started(organisation({ more: 'refuseGenericHelo: always' }));
  const { reply, findings } = await told(engine, { ...fromOffice, heloName: 'localhost' });
  expect(reply).toBe('421 4.7.0 Try again later, closing connection. (EHLO)');
  await expect
    .poll(findings)
    .toEqual([
      expect.objectContaining({ rule: 'HEL-1', fix: expect.stringContaining('its own full host name') }),
    ]);
});

test('F2: as F1, but now and then: a rate of the generic name · HEL-3', async () => {
  const engine = await started();
  const replies: string[] = [];
  for (let index = 0; index < 21; index++)
    replies.push((await told(engine, { ...fromOffice, heloName: 'localhost' })).reply);
  expect(replies.slice(0, 20).every((reply) => reply.startsWith('250'))).toBe(true);
  expect(replies[20]).toMatch(/^421 4\.7\.0/);
  expect((await told(engine, fromOffice)).reply).toMatch(/^250/);
});

test('F3: an office tool without any tenant: the list of domains holds pieces of its address literal · AUT-1', async () => {
  const engine = await started();
  const sent = await engine.send({
    ...toElsewhere,
    claimedAddress: '198.51.100.7',
    heloName: '[192.168.1.176]',
    from: 'scan@office.test',
  });
  const text = sent.dialogue.map((line) => line.text).join('\n');
  expect(text).toContain('[192.168.1.176], 168.1.176]');
  expect(text).toMatch(/550-5\.7\.0 Mail relay denied \[198\.51\.100\.7\]/);
  const record = engine.store.transaction(sent.transactionId ?? '');
  expect(record?.decision.rule).toBe('AUT-1');
  expect(
    record?.decision.remedies.some(({ text: advice }) => advice.includes('List the address 198.51.100.7')),
  ).toBe(true);
});

test('F4: the connection comes over IPv6, and only IPv4 is listed · AUT-1', async () => {
  const { reply, rule, advice } = await told(await started(), {
    ...fromOffice,
    claimedAddress: '2001:db8::7',
  });
  expect([reply.slice(0, 9), rule]).toEqual(['550 5.7.0', 'AUT-1']);
  expect(advice).toContain('List the address 2001:db8::7 in the setting "Offices".');
  expect(advice.some((text) => text.startsWith('Connect from a listed address, 203.0.113.0/28'))).toBe(true);
});

test('F5: a licence-free account, everything set as documented · ORG-6', async () => {
  const { reply, rule, advice } = await told(
    await started(organisation({ customer: ', edition: legacy' })),
    fromOffice,
  );
  expect([reply.slice(0, 9), rule]).toEqual(['550 5.7.0', 'ORG-6']);
  expect(advice).toEqual(['Move to a managed, paid account: the legacy edition has no relay service.']);
});

test('F6: "DATA not accepted": the day limit of the customer · CQ-1', async () => {
  const engine = await started(
    organisation({ customer: ', licences: 1', more: 'limits: { customerRecipientsPerTenMinutes: 1000 }' }),
  );
  const many = Array.from({ length: 130 }, (_, index) => `r${index}@elsewhere.org`);
  expect((await told(engine, { ...fromOffice, to: many })).reply).toMatch(/^250/);
  const { reply, rule, advice, lastCommand } = await told(engine, fromOffice);
  expect([reply.slice(0, 9), rule, lastCommand]).toEqual(['550 5.7.1', 'CQ-1', 'DATA']);
  expect(advice[0]).toMatch(/^Wait until /);
  expect(advice).toContain('Have 2 licences or more instead of 1: the limits grow with them.');
});

test('F7: a web portal sends as no-reply@, and there is no such user · SND-1', async () => {
  const { reply, rule, advice } = await told(await started(), {
    ...fromOffice,
    from: 'no-reply@example.com',
  });
  expect([reply, rule]).toEqual(['550 5.7.0 Mail Sending denied.', 'SND-1']);
  expect(advice.some((text) => text.startsWith('Register no-reply@example.com'))).toBe(true);
  expect(advice.some((text) => text.startsWith('Allow any address in your domains'))).toBe(true);
});

test('F8: SMTP AUTH without TLS: it is not offered, then MAIL is refused for want of it · AUT-3 · AUT-2', async () => {
  const yaml = organisation().replace('ipRanges: [{ range: 203.0.113.0/28 }]', 'smtpAuth: true');
  const engine = await started(yaml);
  const port = engine.status().listeners.find(({ role }) => role === 'relay')?.port ?? 0;
  const client = await connectRaw({ port });
  onTestFinished(() => client.destroy());
  await client.reply();
  expect((await client.command('EHLO mail.example.com')).toString()).not.toContain('AUTH');
  expect((await client.command('AUTH PLAIN AGEAYg==')).toString()).toMatch(
    /530[ -]5\.7\.0 Must issue a STARTTLS command first/,
  );
  expect((await client.command('MAIL FROM:<anna@example.com>')).toString()).toMatch(
    /530[ -]5\.7\.0 Must issue a STARTTLS command first/,
  );
  await engine.store.settled();
  const record = engine.store.transactions({ limit: 1 }).items[0];
  expect(record?.decision.rule).toBe('AUT-2');
  expect(record?.decision.remedies[0]?.text).toContain('authenticate inside TLS');
});

test('F9: two causes behind each other: a generic name, then an address that is not listed · HEL-1 · AUT-1', async () => {
  const engine = await started(organisation({ more: 'refuseGenericHelo: always' }));
  const cloud = { ...toElsewhere, claimedAddress: '198.51.100.20', heloName: 'localhost' };
  expect((await told(engine, cloud)).reply).toMatch(/^421 4\.7\.0/);
  const mended = await told(engine, { ...cloud, heloName: 'function.example.com' });
  expect([mended.reply.slice(0, 9), mended.rule]).toEqual(['550 5.7.0', 'AUT-1']);
  expect(mended.advice.some((text) => text.includes('List the address 198.51.100.20'))).toBe(true);
});

test('F11: bounces of the mail server are refused, all else passes · IDN-1', async () => {
  const engine = await started();
  const outside = { ...fromOffice, heloName: 'mail.elsewhere.org' };
  expect((await told(engine, outside)).reply).toMatch(/^250/);
  const bounce = await told(engine, { ...outside, from: '' });
  expect([bounce.reply.slice(0, 9), bounce.rule, bounce.lastCommand]).toEqual(['550 5.7.1', 'IDN-1', 'DATA']);
  expect(bounce.advice[0]).toContain('present a name in example.com in HELO or EHLO');
  expect(bounce.advice[1]).toContain('authenticate inside TLS');
  expect((await told(engine, { ...fromOffice, from: '' })).reply).toMatch(/^250/);
});
