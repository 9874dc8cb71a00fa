/** Clients that stay in plain text, where there is no AUTH: what their connection is told (AUT-3). */
import { describe, expect, test } from 'vitest';
import { reply } from '../../relay-core/replies/catalogue.ts';
import { configuration, listed } from '../policy/organisation-of-tests.ts';
import { type Conversation, type TestRelay, testRelay } from './relay-of-tests.ts';

const minuteMs = 60_000;

/** The findings of one more connection; `talk` is what it says behind EHLO. */
function findingsOf(
  relay: TestRelay,
  talk: (client: Conversation) => void,
  { helo = 'mail.elsewhere.org', address = listed } = {},
) {
  const client = relay.connect(helo, address);
  talk(client);
  client.close();
  return relay.sessions.at(-1)?.findings ?? [];
}

const quits = (client: Conversation) => client.leave('QUIT');

describe('a client that greets in plain text and leaves without a transaction', () => {
  test('is told that AUTH comes after STARTTLS, as information with a fix · AUT-3', () => {
    expect(findingsOf(testRelay(), quits)).toEqual([
      {
        rule: 'AUT-3',
        severity: 'info',
        text: 'Left without a transaction after EHLO mail.elsewhere.org in plain text, where AUTH is not offered.',
        fix: expect.stringMatching(
          /^If it was to sign in, let it use STARTTLS .* nothing is to be changed\.$/,
        ),
      },
    ]);
  });

  test('is told so too when it just hangs up · AUT-3', () => {
    expect(findingsOf(testRelay(), () => undefined)).toMatchObject([{ rule: 'AUT-3', severity: 'info' }]);
  });

  test('is told three times within an hour, whoever else leaves meanwhile, and again in the next · AUT-3', () => {
    const relay = testRelay();
    const told = Array.from({ length: 60 }, () => {
      relay.clock.now += minuteMs;
      return findingsOf(relay, quits).map(({ text }) => text);
    });
    expect(told.map((texts) => texts.length)).toEqual([1, 1, 1, ...Array.from({ length: 57 }, () => 0)]);
    expect(told[1]?.[0]).toMatch(/AUTH is not offered\.$/);
    expect(told[2]?.[0]).toMatch(/did so 3 times within an hour; until that is over it is not told again\.$/);
    // Others are told all the same: another name from this address, and this name from another address.
    expect(findingsOf(relay, quits, { helo: 'printer.elsewhere.org' })).toHaveLength(1);
    expect(findingsOf(relay, quits, { address: '203.0.113.1' })).toHaveLength(1);
    relay.clock.now += minuteMs;
    expect(findingsOf(relay, quits)).toHaveLength(1);
  });
});

describe('nothing is told of a client that', () => {
  test('only connected · AUT-3', () => {
    const relay = testRelay();
    const { session } = relay.connectSilently();
    session.closed();
    expect(relay.sessions.at(-1)?.findings).toEqual([]);
  });

  test('greeted with HELO, which offers nothing · AUT-3', () => {
    const relay = testRelay();
    const client = relay.connectSilently();
    client.say('HELO mail.elsewhere.org', (each) => each.helo('mail.elsewhere.org'));
    client.leave('QUIT');
    client.close();
    expect(relay.sessions.at(-1)?.findings).toEqual([]);
  });

  test('was refused at EHLO, beyond the refusal · AUT-3 · HEL-1', () => {
    const always = testRelay(configuration({ refuseGenericHelo: 'always' }));
    expect(findingsOf(always, () => undefined, { helo: 'localhost' })).toMatchObject([{ rule: 'HEL-1' }]);
  });

  test('used TLS, or asked for it · AUT-3', () => {
    const relay = testRelay();
    const starts = (client: Conversation) =>
      client.say('STARTTLS', () => ({ ok: true, reply: reply('starttls-ready'), afterwards: 'continue' }));
    expect(findingsOf(relay, starts)).toEqual([]);
    const secured = (client: Conversation) => {
      client.session.secured({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
      client.say('EHLO mail.elsewhere.org', (each) => each.helo('mail.elsewhere.org'));
      client.leave('QUIT');
    };
    expect(findingsOf(relay, secured)).toEqual([]);
  });

  test('sent mail, or was refused it · AUT-3', () => {
    const relay = testRelay();
    expect(findingsOf(relay, (client) => client.mail('anna@example.com'))).toEqual([]);
    const misspelt = (client: Conversation) => {
      client.say('MAIL FROM:anna', () => ({ ok: false, reply: reply('syntax'), afterwards: 'continue' }));
      client.leave('QUIT');
    };
    expect(findingsOf(relay, misspelt)).toEqual([]);
  });

  test('was sent away, by a time-out or the end of the engine · AUT-3', () => {
    const relay = testRelay();
    for (const id of ['timeout', 'shutting-down'] as const) {
      const isSentAway = (client: Conversation) =>
        client.say('NOOP', () => ({ ok: false, reply: reply(id), afterwards: 'close' }));
      expect(findingsOf(relay, isSentAway)).toEqual([]);
    }
  });
});

test('AUTH that was sent in plain text stands in the session with a finding, whatever came of it · AUT-3', () => {
  const relay = testRelay();
  const signsIn = (client: Conversation) =>
    client.say('AUTH PLAIN (blanked)', () => ({
      ok: false,
      reply: reply('starttls-first'),
      afterwards: 'continue',
    }));
  const problem = {
    rule: 'AUT-3',
    severity: 'problem',
    fix: expect.stringMatching(/^Let the client start TLS/),
  };
  expect(findingsOf(relay, signsIn)).toMatchObject([problem]);
  const sendsMailToo = (client: Conversation) => {
    signsIn(client);
    client.mail('anna@example.com');
  };
  expect(findingsOf(relay, sendsMailToo)).toMatchObject([problem]);
});
