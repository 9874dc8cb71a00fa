/** The decision of a transaction that the client broke off: what the relay awaited, and for how long. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cannedTransactions } from '../fixtures/pages/transactions.ts';
import { faintText } from './accessibility.ts';
import { type Bench, chromiumMissing, sizes, startBench } from './browser.ts';

const abandoned = cannedTransactions(2_000, Date.now()).findLast(
  ({ decision }) => decision.outcome === 'abandoned',
);

describe.skipIf(chromiumMissing)('a transaction that was broken off', { timeout: 30_000 }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  }, 60_000);
  afterAll(() => bench.close());

  test.each([
    ['light', 'usual'],
    ['dark', 'narrow'],
  ] as const)('says what the relay awaited (%s, %s)', async (scheme, size) => {
    const { page, screen } = await bench.open('full', `transactions/${abandoned?.id}`, {
      scheme,
      size: sizes[size],
    });
    const steps = page.getByRole('list', { name: 'Steps of the decision' });
    const answer = steps.getByRole('listitem').last();
    await answer.getByText('No answer: the client broke off').waitFor();
    expect(await answer.textContent()).toMatch(
      /RCPT.*The relay awaited another RCPT or DATA for .*; then the client said RSET\./,
    );
    await screen(`broken-off-${scheme}-${size}`);
    expect(await faintText(page)).toEqual([]);
  });
});
