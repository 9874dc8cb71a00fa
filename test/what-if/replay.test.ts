/** What the stored transactions would come to under another bench file. */
import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { configuration, listed, offices, unlisted, withSetting } from '../policy/organisation-of-tests.ts';
import { type Conversation, type TestRelay, testRelay } from '../relay/relay-of-tests.ts';
import { whatIf } from './courses-of-tests.ts';

const elsewhere = 'someone@elsewhere.org';
const minuteMs = 60_000;

let relay: TestRelay;
beforeEach(() => {
  relay = testRelay();
});

/** Sends one message, a connection for it alone. */
async function send(from: string, to: readonly string[] = [elsewhere], address = listed, helo?: string) {
  return relay.connect(helo, address).send(from, ...to);
}

const ask = (draft: Configuration, running = configuration()) => whatIf(relay.kept, draft, { running });
const nothing = {
  same: 0,
  newlyRejected: 0,
  newlyAccepted: 0,
  envelopeChanged: 0,
  undetermined: 0,
  undeterminedBecause: { brokenOff: 0, recipientsUnknown: 0, countsOtherwise: 0, fileOtherwise: 0 },
};

describe('a draft like the running file', () => {
  test('changes nothing', async () => {
    await send('anna@example.com');
    await send('anna@example.com', [elsewhere], unlisted);
    await send('nobody@example.com');
    await send('somebody@foreign.org');
    await send('', [elsewhere], listed, 'mail.example.com');
    expect(await ask(configuration())).toEqual({
      ...nothing,
      total: 5,
      same: 5,
      byRule: {},
      differences: [],
    });
  });

  test('changes nothing, whatever was sent and whatever the quotas refused', async () => {
    const senders = [
      'anna@example.com',
      'a.svensson@example.com',
      'bo@example.net',
      'former@example.com',
      '',
    ];
    const message = fc.record({
      from: fc.constantFrom(...senders, 'printer@example.com', 'somebody@foreign.org'),
      to: fc.array(fc.constantFrom('a@x.org', 'b@x.org', 'c@y.org'), { minLength: 1, maxLength: 4 }),
      address: fc.constantFrom(listed, listed, unlisted),
      helo: fc.constantFrom('mail.example.com', 'mail.elsewhere.org', 'localhost'),
      laterMs: fc.integer({ min: 0, max: 5 * minuteMs }),
      ends: fc.constantFrom('sent', 'sent', 'sent', 'after-rcpt', 'after-data'),
    });
    const tightWith = (userUniqueRecipientsPerDay: number) =>
      configuration({
        settings: [{ ...offices, allowedSenders: 'any' }],
        limits: {
          customerRecipientsPerTenMinutes: 6,
          customerRecipientsPerDay: 25,
          userMessagesPerDay: 5,
          userUniqueRecipientsPerDay,
          recipientsPerTransaction: 3,
        },
      });
    // With the customer's limit a user's unique recipients are never the first to run out.
    const limits = fc.constantFrom(tightWith(2), tightWith(25));
    await fc.assert(
      fc.asyncProperty(limits, fc.array(message, { maxLength: 40 }), async (tight, messages) => {
        relay = testRelay(tight);
        for (const { from, to, address, helo, laterMs, ends } of messages) {
          relay.clock.now += laterMs;
          const conversation = relay.connect(helo, address);
          if (ends === 'sent') await conversation.send(from, ...to);
          else breakOff(conversation, from, to, ends);
          conversation.close();
        }
        const answer = await whatIf(relay.kept, tight, { running: tight });
        expect(answer).toMatchObject({ newlyRejected: 0, newlyAccepted: 0, envelopeChanged: 0 });
        expect(answer.undetermined).toBe(
          relay.kept.filter(({ decision }) => decision.outcome === 'abandoned').length,
        );
        expect(answer.same + answer.undetermined).toBe(relay.kept.length);
      }),
      { numRuns: 60 },
    );
  });
});

function breakOff(conversation: Conversation, from: string, to: readonly string[], where: string): void {
  conversation.mail(from);
  for (const each of to) conversation.rcpt(each);
  if (where === 'after-data') conversation.data();
  conversation.leave();
}

describe('a stricter draft', () => {
  test('refuses what was accepted, and names the rule', async () => {
    await send('anna@example.com');
    await send('bo@example.net');
    const draft = configuration({ users: [{ address: 'anna@example.com' }] });
    expect(await ask(draft)).toMatchObject({ same: 1, newlyRejected: 1, byRule: { 'SND-1': 1 } });
    expect((await ask(draft)).differences).toEqual([
      { number: 2, kind: 'newly-rejected', before: null, after: { outcome: 'rejected', rule: 'SND-1' } },
    ]);
  });

  test('refuses at HELO, at MAIL and at DATA', async () => {
    await send('anna@example.com', [elsewhere], listed, 'localhost');
    expect((await ask(configuration({ refuseGenericHelo: 'always' }))).byRule).toEqual({ 'HEL-1': 1 });
    expect((await ask(withSetting({ requireTls: true }))).byRule).toEqual({ 'PRT-4': 1 });
    const noOffice = { ipRanges: [{ description: 'Other office', range: '192.0.2.1' }] };
    expect((await ask(withSetting({ authentication: noOffice }))).byRule).toEqual({ 'AUT-1': 1 });
    const customer = { name: 'Example AB', primaryDomain: 'example.com', edition: 'legacy' as const };
    expect((await ask(configuration({ customer }))).byRule).toEqual({ 'ORG-6': 1 });
  });

  test('refuses for its size what is larger than it takes, as declared and as sent · RFC-1870', async () => {
    const conversation = relay.connect();
    await conversation.send('anna@example.com', elsewhere);
    conversation.say('MAIL FROM:<anna@example.com> SIZE=4000 BODY=8BITMIME', (each) =>
      each.mail({ reversePath: 'anna@example.com', declaredBytes: 4_000 }),
    );
    conversation.rcpt(elsewhere);
    conversation.data();
    await conversation.message();
    const limited = (messageBytes: number) => ask(configuration({ limits: { messageBytes } }));
    expect(await limited(4_000)).toMatchObject({ same: 2 });
    expect(await limited(3_999)).toMatchObject({ same: 1, newlyRejected: 1, byRule: { 'RFC-1870': 1 } });
    relay.kept.splice(1);
    conversation.mail('anna@example.com');
    conversation.rcpt(elsewhere);
    conversation.data();
    await conversation.message('x'.repeat(4_000));
    expect(await limited(3_999)).toMatchObject({ same: 1, newlyRejected: 1, byRule: { 'RFC-1870': 1 } });
  });

  test('sorts the rules by how many they refuse', async () => {
    await send('bo@example.net');
    await send('anna@example.com');
    await send('anna@example.com');
    const draft = configuration({ users: [{ address: 'anna@example.com', suspended: true }] });
    const { byRule } = await ask(draft);
    expect(Object.values(byRule)).toEqual([...Object.values(byRule)].sort((one, other) => other - one));
    expect(Object.values(byRule).reduce((sum, each) => sum + each, 0)).toBe(3);
  });
});

describe('a laxer draft', () => {
  test('accepts what DATA refused', async () => {
    await send('printer@example.com');
    await send('anna@example.com', [elsewhere], unlisted);
    const draft = withSetting({ allowedSenders: 'domain-addresses' });
    expect(await ask(draft)).toMatchObject({ same: 1, newlyAccepted: 1, byRule: {} });
    expect((await ask(draft)).differences).toEqual([
      {
        number: 1,
        kind: 'newly-accepted',
        before: null,
        after: { outcome: 'accepted', reversePath: null, recipients: 1 },
      },
    ]);
  });

  test('rewrites a foreign sender it accepts · ENV-1', async () => {
    await send('somebody@foreign.org', [elsewhere], listed, 'mx9.example.net');
    const { differences } = await ask(withSetting({ allowedSenders: 'any' }));
    expect(differences).toEqual([
      {
        number: 1,
        kind: 'newly-accepted',
        before: null,
        after: { outcome: 'accepted', reversePath: 'postmaster@example.net', recipients: 1 },
      },
    ]);
  });
});

describe('the envelope', () => {
  test('changes where another domain vouches · ENV-1', async () => {
    const running = withSetting({ allowedSenders: 'any' });
    relay = testRelay(running);
    await send('somebody@foreign.org', [elsewhere], listed, 'mx9.example.net');
    await send('anna@example.com');
    const draft = configuration({
      customer: { name: 'Example AB', primaryDomain: 'example.com', domains: ['mx9.example.net'] },
      users: [{ address: 'anna@example.com' }],
      settings: [{ ...offices, allowedSenders: 'any' }],
    });
    const answer = await ask(draft, running);
    expect(answer).toMatchObject({ same: 1, envelopeChanged: 1, byRule: {} });
    expect(answer.differences).toEqual([
      {
        number: 1,
        kind: 'envelope-changed',
        before: null,
        after: { outcome: 'accepted', reversePath: 'postmaster@mx9.example.net', recipients: 1 },
      },
    ]);
  });

  test('changes where more or fewer recipients fit, and a malformed one stays refused · ENV-4', async () => {
    const limited = (recipientsPerTransaction: number) =>
      configuration({ limits: { recipientsPerTransaction } });
    relay = testRelay(limited(2));
    const conversation = relay.connect();
    conversation.mail('anna@example.com');
    conversation.rcpt('a@elsewhere.org');
    conversation.session.rcptRefused('@@', reply('bad-domain'));
    conversation.rcpt('b@elsewhere.org');
    conversation.rcpt('c@elsewhere.org');
    conversation.data();
    await conversation.message();
    expect(await ask(limited(2), limited(2))).toMatchObject({ same: 1 });
    const endings = async (draft: Configuration) =>
      (await ask(draft, limited(2))).differences.map((each) => each.after);
    expect(await endings(limited(9))).toEqual([{ outcome: 'accepted', reversePath: null, recipients: 3 }]);
    expect(await endings(limited(1))).toEqual([{ outcome: 'accepted', reversePath: null, recipients: 1 }]);
  });
});
