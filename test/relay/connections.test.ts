/** How clients connect: generic names, too many connections, one for each message (HEL). */
import { describe, expect, test } from 'vitest';
import { configuration, listed } from '../policy/organisation-of-tests.ts';
import { type TestRelay, testRelay } from './relay-of-tests.ts';

/** The answer to EHLO of one more connection, and its findings once it is closed. */
function connects(relay: TestRelay, helo: string, address = listed) {
  const client = relay.connect(helo, address);
  const close = () => {
    client.close();
    const session = relay.sessions.at(-1);
    return { answer: session?.dialogue.at(-1)?.text ?? '', findings: session?.findings ?? [] };
  };
  return { client, close };
}

describe('a generic HELO name under rate', () => {
  test('is taken twenty times a minute, then refused with 421 4.7.0, whoever presents it · HEL-3 · HEL-1', () => {
    const relay = testRelay();
    for (let index = 0; index < 20; index++) {
      expect(connects(relay, 'localhost', `203.0.113.${index % 14}`).close().answer).toMatch(/^250/);
    }
    const refused = connects(relay, 'LOCALHOST').close();
    expect(refused.answer).toMatch(/^421 4\.7\.0 Try again later, closing connection\. \(EHLO\)/);
    expect(refused.findings[0]).toMatchObject({
      rule: 'HEL-3',
      severity: 'problem',
      fix: expect.stringContaining('own full host name'),
    });
  });
  test('other names are not touched by it, and a minute later it is taken again · HEL-3', () => {
    const relay = testRelay();
    for (let index = 0; index < 21; index++) connects(relay, 'localhost').close();
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^250/);
    expect(connects(relay, '127.0.0.1').close().answer).toMatch(/^250/);
    relay.clock.now += 60_000;
    expect(connects(relay, 'localhost').close().answer).toMatch(/^250/);
  });
  test('comes and goes for a client that keeps trying: so many a minute are taken, refusals count not · HEL-3', () => {
    const relay = testRelay(configuration({ limits: { genericHeloPerMinute: 3 } }));
    const codes: string[] = [];
    for (let seconds = 0; seconds < 130; seconds += 10) {
      codes.push(connects(relay, 'localhost').close().answer.slice(0, 3));
      relay.clock.now += 10_000;
    }
    expect(codes.join(' ')).toBe('250 250 250 421 421 421 250 250 250 421 421 421 250');
  });
  test('is taken again a minute after it was taken, to the millisecond, and the finding says how often it was · HEL-3', () => {
    const relay = testRelay(configuration({ limits: { genericHeloPerMinute: 1 } }));
    connects(relay, 'localhost').close();
    relay.clock.now += 59_999;
    const refused = connects(relay, 'localhost').close();
    expect(refused.answer).toMatch(/^421/);
    expect(refused.findings[0]?.text).toBe(
      '1 connections that presented the generic name "localhost" were taken in the last minute; 1 a minute may be.',
    );
    relay.clock.now += 1;
    expect(connects(relay, 'localhost').close().answer).toMatch(/^250/);
  });
  test('greeting again on the same connection counts once, in any case and with another name between · HEL-3', () => {
    const relay = testRelay();
    const client = relay.connect('localhost');
    for (let index = 0; index < 30; index++) {
      const name = ['localhost', 'LOCALHOST', '127.0.0.1'][index % 3] ?? '';
      expect(client.say(`EHLO ${name}`, (each) => each.helo(name))).toMatch(/^250/);
    }
    for (let index = 1; index < 20; index++)
      expect(connects(relay, 'localhost').close().answer).toMatch(/^250/);
    expect(connects(relay, 'localhost').close().answer).toMatch(/^421/);
  });
});

describe('a client address', () => {
  const few = configuration({ limits: { connectionsPerMinute: 3, connectionsAtOnce: 2 } });
  test('may open so many connections a minute · HEL-3', () => {
    const relay = testRelay(few);
    for (let index = 0; index < 3; index++)
      expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^250/);
    const refused = connects(relay, 'mail.elsewhere.org').close();
    expect(refused.answer).toMatch(/^421 4\.7\.0/);
    expect(refused.findings[0]).toMatchObject({
      rule: 'HEL-3',
      fix: expect.stringContaining('reuse its connections'),
    });
    expect(connects(relay, 'mail.elsewhere.org', '203.0.113.1').close().answer).toMatch(/^250/);
  });
  test('may have so many connections at once · HEL-3', () => {
    const relay = testRelay(few);
    const [first] = [connects(relay, 'mail.elsewhere.org'), connects(relay, 'mail.elsewhere.org')];
    relay.clock.now += 60_001;
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^421/);
    first?.close();
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^250/);
  });
  test('that keeps trying gets so many connections a minute, to the millisecond · HEL-3', () => {
    const relay = testRelay(few);
    const codes: string[] = [];
    for (let seconds = 0; seconds < 90; seconds += 10) {
      codes.push(connects(relay, 'mail.elsewhere.org').close().answer.slice(0, 3));
      relay.clock.now += 10_000;
    }
    expect(codes.join(' ')).toBe('250 250 250 421 421 421 250 250 250');
    relay.clock.now += 60_000 - 30_000 - 1;
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^421/);
    relay.clock.now += 1;
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^250/);
  });
  test('greets again on a connection that was taken, behind STARTTLS, while others are refused · HEL-3', () => {
    const relay = testRelay(few);
    const clients = [relay.connect(), relay.connect()];
    relay.connect();
    expect(connects(relay, 'mail.elsewhere.org').close().answer).toMatch(/^421/);
    for (const client of clients)
      expect(client.say('EHLO mail.elsewhere.org', (each) => each.helo('mail.elsewhere.org'))).toMatch(
        /^250/,
      );
  });
  test('that opens a connection for each message is told of it · HEL-2', async () => {
    const relay = testRelay();
    for (let index = 0; index < 20; index++) {
      const { client, close } = connects(relay, 'mail.elsewhere.org');
      await client.send('anna@example.com', 'a@elsewhere.org');
      close();
    }
    expect(relay.sessions.at(-1)?.findings).toEqual([
      expect.objectContaining({ rule: 'HEL-2', text: expect.stringContaining('opened 20 connections') }),
    ]);
    expect(relay.sessions.slice(0, -1).flatMap(({ findings }) => findings)).toEqual([]);
  });
  /** What a client is told that sends two messages on every connection up to a number of 20, and one on the others. */
  const toldAfterReusing = async (reused: number, relay = testRelay()) => {
    for (let index = 0; index < 20; index++) {
      const { client, close } = connects(relay, 'mail.elsewhere.org');
      await client.send('anna@example.com', 'a@elsewhere.org');
      if (index < reused) await client.send('anna@example.com', 'b@elsewhere.org');
      close();
    }
    return relay.sessions.flatMap(({ findings }) => findings).map(({ text }) => text);
  };
  test('is told of it too where most connections are for one message: four in five · HEL-2', async () => {
    expect(await toldAfterReusing(1)).toEqual([
      `${listed} opened 20 connections in the last minute, 19 of them for one message at the most.`,
    ]);
    expect(await toldAfterReusing(4)).toHaveLength(1);
  });
  test('that reuses connections is not · HEL-2', async () => {
    expect(await toldAfterReusing(5)).toEqual([]);
    expect(await toldAfterReusing(20)).toEqual([]);
  });
  test('is not told of connections that went on under a claimed address, nor of refused ones · HEL-2', async () => {
    const toldAfter = async (nineteenTimes: (relay: TestRelay) => void) => {
      const relay = testRelay(configuration({ refuseGenericHelo: 'always' }));
      for (let index = 0; index < 19; index++) nineteenTimes(relay);
      const { client, close } = connects(relay, 'mail.elsewhere.org');
      await client.send('anna@example.com', 'a@elsewhere.org');
      return close().findings;
    };
    const claimed = (relay: TestRelay) => {
      const client = relay.connect();
      client.session.claimAddress('203.0.113.1');
      client.say('EHLO mail.elsewhere.org', (each) => each.helo('mail.elsewhere.org'));
      client.close();
    };
    expect(await toldAfter(claimed)).toEqual([]);
    expect(await toldAfter((relay) => connects(relay, 'localhost').close())).toEqual([]);
    expect(await toldAfter((relay) => connects(relay, 'mail.elsewhere.org').close())).toHaveLength(1);
  });
});

test('names without a dot and private address literals pass with a finding; full names without · HEL-1', () => {
  const relay = testRelay();
  const told = (helo: string) => {
    const { client, close } = connects(relay, helo);
    client.mail('anna@example.com');
    return close().findings.map(({ rule }) => rule);
  };
  for (const name of ['printer', '[192.168.1.176]', '[IPv6:fd00::1]', 'smtp-relay.gmail.com', '[::1]'])
    expect(told(name)).toEqual(['HEL-1']);
  for (const name of ['mail.elsewhere.org', '[203.0.113.9]']) expect(told(name)).toEqual([]);
});
