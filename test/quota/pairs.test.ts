/** The table of pairs through growth, removal and reuse, against a plain map. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  changeHolds,
  holdsOfPair,
  momentOfPair,
  noPair,
  type PairId,
  setMomentOfPair,
  spansInWindow,
} from '../../relay-core/quota/pair-records.ts';
import { createPairSweep, sweepPairs } from '../../relay-core/quota/pair-sweep.ts';
import { createPairs, findOrAddPairs, findPairs, type Pairs } from '../../relay-core/quota/pairs.ts';
import { createWanted, setWanted, wantedHash } from '../../relay-core/quota/wanted.ts';

function findPair(pairs: Pairs, user: number, recipient: string): PairId {
  return findPairs(pairs, user, [recipient])[0] ?? noPair;
}

function findOrAddPair(pairs: Pairs, user: number, recipient: string): PairId {
  return findOrAddPairs(pairs, user, [recipient])[0] ?? noPair;
}

/** Names of many lengths, so that records of many sizes are freed and used again. */
const name = (number: number) => `r${number}${'x'.repeat(number % 60)}@example${number % 7}.org`;

test('a hundred thousand pairs are found, removed when they are over, and their room is used again', () => {
  const pairs = createPairs();
  const plain = new Map<string, number>();
  const key = (number: number) => `${1 + (number % 3)} ${name(number)}`;
  for (let number = 0; number < 100_000; number += 1) {
    const id = findOrAddPair(pairs, 1 + (number % 3), name(number));
    setMomentOfPair(pairs.records, id, number, 0);
    plain.set(key(number), number);
  }
  const check = () => {
    const wrong: number[] = [];
    for (let number = 0; number < 150_000; number += 1) {
      const id = findPair(pairs, 1 + (number % 3), name(number));
      const moment = id === noPair ? undefined : momentOfPair(pairs.records, id);
      if (moment !== plain.get(key(number))) wrong.push(number);
    }
    expect(wrong).toEqual([]);
    expect(pairs.size).toBe(plain.size);
  };
  check();

  const isOver = (_: number, moment: number) => moment < 60_000 && moment % 5 !== 0;
  sweepPairs(pairs, createPairSweep(), 110_000, spansInWindow, isOver);
  for (const [text, moment] of plain) if (isOver(0, moment)) plain.delete(text);
  check();

  const pages = pairs.records.words.length;
  for (let number = 100_000; number < 140_000; number += 1) {
    const id = findOrAddPair(pairs, 1 + (number % 3), name(number));
    expect(momentOfPair(pairs.records, id)).toBe(0);
    setMomentOfPair(pairs.records, id, number, 0);
    plain.set(key(number), number);
  }
  check();
  expect(pairs.records.words.length).toBe(pages);
});

test('a held pair stays, though it is over; an empty table gives its memory back', () => {
  const pairs = createPairs();
  for (let number = 0; number < 20_000; number += 1) findOrAddPair(pairs, 1, name(number));
  const held = findPair(pairs, 1, name(77));
  changeHolds(pairs.records, held, 1);
  changeHolds(pairs.records, held, 1);
  sweepPairs(pairs, createPairSweep(), 40_000, spansInWindow, () => true);
  expect(pairs.size).toBe(1);
  expect(findPair(pairs, 1, name(77))).toBe(held);
  changeHolds(pairs.records, held, -1);
  expect(holdsOfPair(pairs.records, held)).toBe(1);
  changeHolds(pairs.records, held, -1);
  sweepPairs(pairs, createPairSweep(), 40_000, spansInWindow, () => true);
  expect(findPair(pairs, 1, name(77))).toBe(noPair);
  expect(pairs.records.words).toHaveLength(0);
});

test('the room of removed pairs is used again in the order they were removed, that of each size by itself', () => {
  const pairs = createPairs();
  const short = (number: number) => `r${1_000 + number}@example.org`;
  const long = (number: number) => `a-much-longer-name-${1_000 + number}@example.org`;
  const both = Array.from({ length: 40 }, (_, number) => (number % 3 === 0 ? long(number) : short(number)));
  const ids = findOrAddPairs(pairs, 1, both);
  const stays = findOrAddPair(pairs, 1, 'stays@example.org');
  changeHolds(pairs.records, stays, 1);
  sweepPairs(pairs, createPairSweep(), 100, spansInWindow, () => true);
  expect(pairs.size).toBe(1);
  expect(findOrAddPairs(pairs, 2, both)).toEqual(ids);
});

test('addresses that differ in one character, in length or in user are different pairs', () => {
  const pairs = createPairs();
  const texts = [
    'a@example.org',
    'b@example.org',
    'a@example.or',
    'a@example.org\0',
    'å@example.org',
    'a\u030a@example.org',
  ];
  const ids = [1, 2].flatMap((user) => texts.map((text) => findOrAddPair(pairs, user, text)));
  expect(new Set(ids).size).toBe(ids.length);
  expect([1, 2].flatMap((user) => texts.map((text) => findPair(pairs, user, text)))).toEqual(ids);
});

test('recipients that repeat within a message are one pair', () => {
  const pairs = createPairs();
  const recipients = ['a@example.org', 'b@example.org', 'a@example.org', 'b@example.org', 'c@example.org'];
  expect(findPairs(pairs, 1, recipients)).toEqual([noPair, noPair, noPair]);
  const added = findOrAddPairs(pairs, 1, recipients);
  expect(new Set(added).size).toBe(3);
  expect(pairs.size).toBe(3);
  expect(findOrAddPairs(pairs, 1, recipients)).toEqual(added);
  expect(findPairs(pairs, 1, recipients)).toEqual(added);
  expect(
    recipients
      .slice(0, 2)
      .concat('c@example.org')
      .map((each) => findPair(pairs, 1, each)),
  ).toEqual(added);
});

test('two recipients of one length and one hash are two pairs, in one message and when one of them is removed', () => {
  const recipients = ['r111839@example.org', 'r219237@example.org'];
  const wanted = createWanted();
  setWanted(wanted, 1, recipients);
  expect(wantedHash(wanted, 0)).toBe(wantedHash(wanted, 1));
  const pairs = createPairs();
  const [one = noPair, other = noPair] = findOrAddPairs(pairs, 1, recipients);
  expect(one).not.toBe(other);
  expect(findPairs(pairs, 1, recipients.toReversed())).toEqual([other, one]);
  changeHolds(pairs.records, other, 1);
  sweepPairs(pairs, createPairSweep(), 10, spansInWindow, () => true);
  expect(findPairs(pairs, 1, [...recipients])).toEqual([noPair, other]);
});

test('a message names each of its pairs once, however many recipients repeat', () => {
  const recipients = fc.array(
    fc.nat({ max: 300 }).map((number) => name(number)),
    { minLength: 1, maxLength: 400, size: 'max' },
  );
  fc.assert(
    fc.property(recipients, fc.array(recipients, { maxLength: 3 }), (asked, before) => {
      const pairs = createPairs();
      for (const each of before) findOrAddPairs(pairs, 1, each);
      const different = [...new Set(asked)];
      expect(findPairs(pairs, 1, asked)).toHaveLength(different.length);
      const added = findOrAddPairs(pairs, 1, asked);
      expect(added).toEqual(different.map((each) => findPair(pairs, 1, each)));
      expect(pairs.size).toBe(new Set([...before.flat(), ...asked]).size);
    }),
    { numRuns: 100 },
  );
});

test('a list that is asked about again is looked for anew once a pair was added or removed, or for another user', () => {
  const pairs = createPairs();
  const recipients = ['a@example.org', 'b@example.org'];
  expect(findPairs(pairs, 1, recipients)).toEqual([noPair, noPair]);
  const b = findOrAddPair(pairs, 1, 'b@example.org');
  expect(findPairs(pairs, 1, recipients)).toEqual([noPair, b]);
  expect(findPairs(pairs, 2, recipients)).toEqual([noPair, noPair]);
  const both = findOrAddPairs(pairs, 1, recipients);
  expect(findPairs(pairs, 1, recipients)).toEqual(both);
  changeHolds(pairs.records, b, 1);
  sweepPairs(pairs, createPairSweep(), 10, spansInWindow, () => true);
  expect(findPairs(pairs, 1, recipients)).toEqual([noPair, b]);
});

test('a message with more text than any before is looked for whole: thousands of recipients, some beyond ASCII', () => {
  const pairs = createPairs();
  const recipients = Array.from({ length: 3_000 }, (_, number) =>
    number % 7 === 0 ? `${'é'.repeat(100)}${number}@example.org` : name(number),
  );
  const ids = findOrAddPairs(pairs, 1, recipients);
  expect(new Set(ids).size).toBe(recipients.length);
  expect(recipients.map((recipient) => findPair(pairs, 1, recipient))).toEqual(ids);
});

test('a recipient longer than any path of SMTP is refused each time it is asked about, and so are those beside it', () => {
  const pairs = createPairs();
  const recipients = ['a@example.org', `${'é'.repeat(507)}@example.org`];
  expect(() => findPairs(pairs, 1, recipients)).toThrow(RangeError);
  expect(() => findOrAddPairs(pairs, 1, recipients)).toThrow(RangeError);
  expect(pairs.size).toBe(0);
  expect(findOrAddPairs(pairs, 1, ['a@example.org', `${'é'.repeat(506)}@example.org`])).toHaveLength(2);
});
