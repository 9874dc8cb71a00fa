/** Rows of "What if": what looks the same is told once, with a count, and the order stays. */
import { expect, test } from 'vitest';
import type { Difference } from '../../relay-core/contract/index.ts';
import { rowsOf } from '../../renderer/settings/what-if-rows.ts';

const difference = (transactionId: string, more: Partial<Difference> = {}): Difference => ({
  transactionId,
  kind: 'newly-rejected',
  from: 'anna@example.com',
  to: ['someone@elsewhere.org', `${transactionId}@elsewhere.org`],
  before: { outcome: 'accepted', rule: null, replyCode: 250, from: 'anna@example.com', recipients: 2 },
  after: { outcome: 'rejected', rule: 'SND-1', from: null, recipients: 0 },
  ...more,
});

test('differences that look the same, one behind the other, are one row that leads to the newest', () => {
  const rows = rowsOf([difference('5'), difference('4'), difference('3')]);
  expect(rows.map(({ first, alike }) => [first.transactionId, alike])).toEqual([['5', 3]]);
});

test('another sender, other recipients, another ending, or one in between begins a row of its own', () => {
  const others: Partial<Difference>[] = [
    { from: 'bo@example.net' },
    { to: ['someone@elsewhere.org'] },
    { to: ['other@elsewhere.org', 'x@elsewhere.org'] },
    { after: { outcome: 'rejected', rule: 'PRT-4', from: null, recipients: 0 } },
    { beforeUnder: 'running-file' },
  ];
  for (const other of others) {
    const rows = rowsOf([difference('3'), difference('2', other), difference('1')]);
    expect(rows.map(({ first, alike }) => [first.transactionId, alike])).toEqual([
      ['3', 1],
      ['2', 1],
      ['1', 1],
    ]);
  }
});

test('without differences there are no rows', () => {
  expect(rowsOf([])).toEqual([]);
});
