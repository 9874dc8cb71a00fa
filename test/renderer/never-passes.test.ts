/** A message that was put off and can never get through is not told that it may come again. */
import { expect, test } from 'vitest';
import { neverPasses } from '../../renderer/transactions/never-passes.ts';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';

const putOff = cannedTransactions(600, Date.UTC(2026, 10, 26)).find(
  ({ decision }) => decision.rule === 'CQ-2',
);
if (putOff === undefined) throw new Error('one of the canned transactions is over the peak');
const { decision, quota, envelope } = putOff;
const to = (length: number) => ({
  ...envelope,
  after: { ...envelope.after, to: Array.from({ length }, (_, index) => `r${index}@elsewhere.org`) },
});

test('with more recipients than the peak window takes it never passes, with as many it may · CQ-2', () => {
  expect(neverPasses({ decision, quota, envelope: to(901) })).toBe(true);
  expect(neverPasses({ decision, quota, envelope: to(900) })).toBe(false);
});

test('a refusal by another rule is told as it is', () => {
  expect(neverPasses({ decision: { ...decision, rule: 'CQ-1' }, quota, envelope: to(901) })).toBe(false);
});
