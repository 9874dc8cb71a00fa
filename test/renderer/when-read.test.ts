/** When a list that was read is old: by what was sent, and by engine time that went by beside wall time. */
import { expect, test } from 'vitest';
import { isOld } from '../../renderer/quotas/when-read.ts';

const read = { latestTransaction: 't1', aheadMs: 600_000 };

test('at the pace of wall time a list stays good until something is sent', () => {
  expect(isOld(read, read)).toBe(false);
  expect(isOld(read, { ...read, aheadMs: 600_040 })).toBe(false);
  expect(isOld(read, { ...read, latestTransaction: 't2' })).toBe(true);
  expect(isOld({ ...read, latestTransaction: null }, read)).toBe(true);
});

test('a clock that ran fast, was stepped on or was started over makes a list old', () => {
  expect(isOld(read, { ...read, aheadMs: 600_000 + 60_000 })).toBe(true);
  expect(isOld(read, { ...read, aheadMs: 0 })).toBe(true);
});
