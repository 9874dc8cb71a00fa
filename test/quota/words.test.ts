/** Words that grow in place, and runs of them: what stands in them stays, and no run reaches into another. */
import { expect, test } from 'vitest';
import { createWordPool, giveRun, takeRun } from '../../relay-core/quota/word-pool.ts';
import { makeWords, withRoom } from '../../relay-core/quota/words.ts';

test('words keep what stands in them as they grow, and what is added is 0', () => {
  let words = withRoom(makeWords(), 3);
  const before = words.length;
  words.fill(7);
  words = withRoom(words, before + 1);
  expect(words.length).toBeGreaterThan(before);
  expect(words.subarray(0, before).every((word) => word === 7)).toBe(true);
  expect(words.subarray(before).every((word) => word === 0)).toBe(true);
  expect(withRoom(words, before)).toBe(words);
});

test('what was read from before they grew still shows what is written afterwards', () => {
  const before = withRoom(makeWords(), 1);
  const after = withRoom(before, before.length + 1);
  after[0] = 9;
  expect(before[0]).toBe(9);
});

test('runs begin with a line of 16 words and do not overlap, freed and taken again in any order', () => {
  const pool = createWordPool();
  const sizes = [2, 6, 4, 12, 2, 6];
  const taken = new Map<number, number>();
  const takeAll = () => {
    for (const bits of sizes) taken.set(takeRun(pool, bits), bits);
  };
  for (let round = 0; round < 50; round += 1) {
    takeAll();
    const [first, , third] = [...taken];
    for (const freed of [first, third]) {
      if (freed === undefined) throw new Error('nothing was taken');
      giveRun(pool, ...freed);
      taken.delete(freed[0]);
    }
  }
  const inOrder = [...taken].sort(([one], [other]) => one - other);
  expect(inOrder).toHaveLength(50 * (sizes.length - 2));
  for (const [index, [place, bits]] of inOrder.entries()) {
    expect(place % 16).toBe(0);
    expect(place).toBeGreaterThan(0);
    expect(place + 2 ** bits).toBeLessThanOrEqual(inOrder[index + 1]?.[0] ?? pool.words.length);
  }
});
