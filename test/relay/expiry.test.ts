/** Long connections: what `workspace` says to them between transactions. */
import { expect, test } from 'vitest';
import { configuration } from '../policy/organisation-of-tests.ts';
import { testRelay } from './relay-of-tests.ts';

const hourMs = 60 * 60 * 1000;

test('a connection expires after an hour: the next MAIL gets 421, is no transaction, and a finding says so', async () => {
  const relay = testRelay(configuration({ profile: 'workspace' }));
  const client = relay.connect();
  expect(await client.send('anna@example.com', 'a@elsewhere.org')).toMatch(/^250/);
  client.wait(hourMs);
  const answers: boolean[] = [];
  expect(
    client.say('MAIL FROM:<anna@example.com>', (session) => {
      const answer = session.mail({ reversePath: 'anna@example.com', declaredBytes: null });
      answers.push(answer.afterwards === 'close');
      return answer;
    }),
  ).toMatch(/^421 4\.7\.0 Connection expired, try reconnecting\. \S+ - gsmtp$/);
  expect(answers).toEqual([true]);
  client.close();
  expect(relay.kept).toHaveLength(1);
  const [session] = relay.sessions;
  expect(session?.findings).toEqual([
    expect.objectContaining({ rule: 'RFC-5321', text: expect.stringContaining('open for 60 minutes') }),
  ]);
  expect(session?.dialogue.map(({ text }) => text)).toContain('MAIL FROM:<anna@example.com>');
});
test('it does so between transactions only, and not before', async () => {
  const relay = testRelay(configuration({ profile: 'workspace' }));
  const client = relay.connect();
  client.wait(hourMs - 10);
  expect(client.mail('anna@example.com')).toMatch(/^250/);
  client.wait(hourMs);
  expect(client.rcpt('a@elsewhere.org')).toMatch(/^250/);
  expect(client.data()).toMatch(/^354/);
  expect(await client.message()).toMatch(/^250/);
  expect(client.mail('anna@example.com')).toMatch(/^421/);
});
test('under g-suite it stays open', () => {
  const client = testRelay(configuration({ profile: 'g-suite' })).connect();
  client.wait(24 * hourMs);
  expect(client.mail('anna@example.com')).toMatch(/^250/);
});
