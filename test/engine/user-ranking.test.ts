/** Users by share of their limits: what the list on the Quotas page shows, whatever part of it is asked for. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { usersByShare } from '../../relay-core/router/user-ranking.ts';
import { configuration } from '../policy/organisation-of-tests.ts';

const at = Date.UTC(2026, 0, 1);
const clock = { now: () => at };
const names = Array.from({ length: 40 }, (_, number) => addressKey(`user${number}@example.com`));
const registered = () => configuration({ users: names.slice(0, 30).map((address) => ({ address })) });

function counted(messages: readonly number[]) {
  const counts = createQuotaCounts();
  for (const [index, user] of names.entries()) {
    for (let sent = 0; sent < (messages[index] ?? 0); sent += 1) {
      counts.charge(counts.reserve({ user, recipients: [addressKey('a@example.org')] }, at), at);
    }
  }
  return counts;
}

test('the nearest to a limit come first, then by address; one who is gone stays while something counts · UQ-1', async () => {
  const messages = fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(messages, fc.integer({ min: 0, max: 45 }), async (sent, wanted) => {
      const bench = registered();
      const { users, total } = await usersByShare(
        { configuration: () => bench, counts: counted(sent), clock },
        '',
        wanted,
      );
      const expected = names
        .map((user, index) => ({ user, sent: sent[index] ?? 0, registered: index < 30 }))
        .filter((each) => each.registered || each.sent > 0)
        .sort((a, b) => b.sent - a.sent || (a.user < b.user ? -1 : 1));
      expect(total).toBe(expected.length);
      expect(users).toEqual(expected.slice(0, wanted).map(({ user }) => user));
    }),
    { numRuns: 50 },
  );
});

test('a search finds a part of the address, in any case', async () => {
  const bench = registered();
  const { users } = await usersByShare(
    { configuration: () => bench, counts: counted([]), clock },
    ' USER2',
    100,
  );
  expect(users).toHaveLength(11);
  expect([users[0], users.at(-1)]).toEqual(['user20@example.com', 'user2@example.com']);
});
