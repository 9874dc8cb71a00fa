/** Looking for what would make a refusal pass is looking: it changes nothing. */
import { expect, test } from 'vitest';
import { configuration } from '../policy/organisation-of-tests.ts';
import { testRelay } from './relay-of-tests.ts';

test('a quota that refused a message refuses the next one too, whatever was forecast meanwhile · CQ-9', async () => {
  const relay = testRelay(configuration({ limits: { customerRecipientsPerDay: 1 } }));
  const replies: string[] = [];
  for (let message = 0; message < 3; message++) {
    replies.push((await relay.connect().send('anna@example.com', 'someone@elsewhere.org')).slice(0, 9));
  }
  expect(replies).toEqual(['250 2.0.0', '550-5.7.1', '550-5.7.1']);
  expect(relay.kept.at(-1)?.decision.remedies.map(({ side }) => side)).toContain('wait');
  expect(relay.counts.customer(relay.clock.now).map(({ used }) => used)).toEqual([1, 1]);
});
