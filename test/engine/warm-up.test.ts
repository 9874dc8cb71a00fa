/** The made-up message that a start asks about: it goes the whole way, since what it does not reach is not compiled. */
import { expect, test } from 'vitest';
import { warmUp } from '../../relay-core/warm-up.ts';
import { testBench, toElsewhere } from './engine-of-tests.ts';

test('it passes, and is refused by the user’s full day', () => {
  const { message, full } = warmUp();
  expect(message.outcome).toBe('accepted');
  expect(full).toMatchObject({ outcome: 'rejected', rule: 'UQ-1' });
});

test('nothing of it is counted or kept', async () => {
  const engine = await (await testBench()).start();
  expect(engine.counts.countedUsers()).toEqual([]);
  expect(engine.snapshot()).toMatchObject({ transactions: 0, openSessions: 0 });
  await engine.send(toElsewhere);
  expect(engine.counts.customer(engine.clock.now()).map(({ used }) => used)).toEqual([1, 1]);
});
