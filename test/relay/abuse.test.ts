/** Much spam through one connection after another (ABU): alerts, suspension, and 421 for an unusual rate. */
import { describe, expect, test } from 'vitest';
import { configuration, offices } from '../policy/organisation-of-tests.ts';
import { type TestRelay, testRelay } from './relay-of-tests.ts';

const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
const spam = `Subject: Offer\r\n\r\n${gtube}\r\n`;

/** Sends spam so often, each from another listed address, and gives the replies. */
async function spamFrom(relay: TestRelay, from: string, times: number, address?: string): Promise<string[]> {
  const replies: string[] = [];
  for (let index = 0; index < times; index++) {
    const client = relay.connect('mail.example.com', address ?? `203.0.113.${index % 15}`);
    client.mail(from);
    client.rcpt('a@elsewhere.org');
    const atData = client.data();
    replies.push(atData.startsWith('354') ? await client.message(spam) : atData);
    client.close();
  }
  return replies;
}

const anyDomainAddress = [{ ...offices, allowedSenders: 'domain-addresses' as const }];

describe('a registered user who sends much spam', () => {
  test('raises an alert to the super administrator at the tenth message · ABU-1', async () => {
    const relay = testRelay();
    await spamFrom(relay, 'anna@example.com', 9);
    expect(relay.alerts).toEqual([]);
    expect((await spamFrom(relay, 'a.svensson@example.com', 1))[0]).toMatch(
      /^550-5\.7\.1 \[203\.0\.113\.0 {6}12\]/,
    );
    expect(relay.alerts).toEqual([
      expect.objectContaining({ rule: 'ABU-1', sender: 'anna@example.com', suspendedUntil: null }),
    ]);
  });
  test('is suspended from sending for 24 hours in the workspace profile, as every one of its addresses · ABU-2', async () => {
    const relay = testRelay(configuration({ profile: 'workspace' }));
    await spamFrom(relay, 'anna@example.com', 10);
    expect(relay.alerts[0]).toMatchObject({ rule: 'ABU-2', suspendedUntil: relay.clock.now + 86_400_000 });
    expect(await relay.connect('mail.example.com').send('a.svensson@example.com', 'a@elsewhere.org')).toMatch(
      /^550 5\.7\.0 Mail Sending denied/,
    );
    expect(await relay.connect('mail.example.com').send('bo@example.net', 'a@elsewhere.org')).toMatch(/^250/);
    const { decision } = relay.kept.findLast((each) => each.decision.rule === 'ABU-2') ?? {};
    expect(decision?.remedies.map(({ side }) => side)).toEqual(['client', 'wait']);
    relay.clock.now += 86_400_000;
    expect(await relay.connect('mail.example.com').send('anna@example.com', 'a@elsewhere.org')).toMatch(
      /^250/,
    );
  });
  test('goes on in the profile of the source page · ABU-2', async () => {
    const relay = testRelay();
    await spamFrom(relay, 'anna@example.com', 12);
    expect(await relay.connect('mail.example.com').send('anna@example.com', 'a@elsewhere.org')).toMatch(
      /^250/,
    );
  });
});

describe('an address that is no user', () => {
  test('raises a second alert, and is not suspended · ABU-2', async () => {
    const relay = testRelay(configuration({ profile: 'workspace', settings: anyDomainAddress }));
    await spamFrom(relay, 'printer@example.com', 25);
    expect(relay.alerts.map(({ rule }) => rule)).toEqual(['ABU-1', 'ABU-2']);
    expect(await relay.connect('mail.example.com').send('printer@example.com', 'a@elsewhere.org')).toMatch(
      /^250/,
    );
  });
});

test('spam beyond an unusual rate from one address is put off with 421 4.7.28, and the connection closes · ABU-1', async () => {
  const relay = testRelay(configuration({ settings: anyDomainAddress }));
  const replies = await spamFrom(relay, 'printer@example.com', 21, '203.0.113.9');
  expect(replies[19]).toMatch(/^550-5\.7\.1/);
  expect(replies[20]).toMatch(
    /^421-4\.7\.28 \[203\.0\.113\.9 {6}15\] Our system has detected an unusual rate of/,
  );
  expect(relay.kept.at(-1)?.decision).toMatchObject({ rule: 'ABU-1' });
});

test('spam uses up no quota: a refused message never does · CQ-8', async () => {
  const relay = testRelay();
  await spamFrom(relay, 'anna@example.com', 3);
  expect(relay.counts.customer(relay.clock.now).map(({ used, reserved }) => used + reserved)).toEqual([0, 0]);
});
