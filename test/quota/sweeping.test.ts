/** How much of what is over the table of pairs keeps, while mail of many kinds goes on for days. */
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { advance } from '../../relay-core/quota/timelines.ts';
import {
  countMessage,
  createUsers,
  holdRecipients,
  letGoOf,
  numberFor,
  sweep,
} from '../../relay-core/quota/users.ts';
import { dayMs, tenMinutesMs } from '../../relay-core/quota/windows.ts';
import { generator, sizeOf } from '../bench/day/traffic.ts';

interface Mail {
  readonly users: number;
  /** Recipients of a message, by a chance from 0 to 1. */
  readonly size: (chance: number) => number;
  readonly days: number;
  /** Recipients on a day on which something is sent. */
  readonly recipients: number;
  /** How long such a day's mail takes, and when the next begins. */
  readonly spreadMs: number;
  readonly everyMs: number;
  /** Of each recipient: whether it is one of the twenty that its user writes to all the time. */
  readonly isUsual: (recipient: number) => boolean;
}

const evenly = { users: 400, size: of(10), days: 8, recipients: 40_000, spreadMs: dayMs, everyMs: dayMs };

/** Sends the mail and gives the most pairs there ever were for each of the most that were inside the window. */
function mostPairsForEachInside({ users: userCount, days, recipients, ...mail }: Mail): number {
  const users = createUsers();
  const chance = generator(1);
  const last = new Map<string, number>();
  let [mostPairs, mostInside] = [0, 0];
  let sent = 0;
  let messages = 0;
  for (let day = 0; day < days; day += 1) {
    const begin = 1_700_000_000_000 + day * mail.everyMs;
    let nextLook = begin;
    for (let ofDay = 0, size = 0; ofDay < recipients; ofDay += size) {
      size = mail.size(chance());
      const at = begin + Math.floor((ofDay / recipients) * mail.spreadMs);
      const name = `user${messages % userCount}@example.com`;
      const addresses = Array.from({ length: size }, () => {
        sent += 1;
        return mail.isUsual(sent) ? `usual${sent % 20}@example.org` : `r${sent}@example.org`;
      });
      const user = numberFor(users, addressKey(name));
      advance(users.days, user, at);
      const held = holdRecipients(users, user, addresses.map(addressKey));
      letGoOf(users, user, held);
      countMessage(users, user, at, held);
      sweep(users, held.length, at);
      for (const address of addresses) last.set(`${name} ${address}`, at);
      messages += 1;
      if (at < nextLook) continue;
      nextLook = at + mail.spreadMs / 24;
      for (const [pair, time] of last) if (time <= at - dayMs) last.delete(pair);
      mostPairs = Math.max(mostPairs, users.pairs.size);
      mostInside = Math.max(mostInside, last.size);
    }
  }
  return mostPairs / mostInside;
}

/** Each message has so many recipients. */
function of(recipients: number): Mail['size'] {
  return () => recipients;
}

const nobody = () => false;
const someOf = (share: number) => (recipient: number) => (recipient * 0.618) % 1 < share;

test.each([
  ['ten recipients a message', {}],
  ['one recipient a message', { size: of(1) }],
  ['as in the day, seven in ten with one recipient and one in a hundred with a hundred', { size: sizeOf }],
  ['a fifth of it to the same recipients', { isUsual: someOf(0.2) }],
  ['four fifths of it to the same recipients', { isUsual: someOf(0.8) }],
])('of mail that comes evenly less than a tenth is kept that is over: %s', (_, mail) => {
  expect(mostPairsForEachInside({ ...evenly, isUsual: nobody, ...mail })).toBeLessThan(1.1);
});

test.each([
  ['all day, and nothing at night', 1.2, { spreadMs: dayMs / 2 }],
  ['in ten minutes of each day', 1.2, { spreadMs: tenMinutesMs }],
  [
    'in ten minutes of each day, a hundred recipients a message,',
    1.3,
    { size: of(100), spreadMs: tenMinutesMs },
  ],
  ['in ten minutes of every other day', 1.7, { spreadMs: tenMinutesMs, everyMs: 2 * dayMs }],
  ['in ten minutes of every third day', 1.1, { spreadMs: tenMinutesMs, everyMs: 3 * dayMs }],
])(
  'of mail that comes %s no more is kept, however long it goes on, than %f of what counts',
  (_, most, mail) => {
    expect(mostPairsForEachInside({ ...evenly, isUsual: nobody, ...mail })).toBeLessThan(most);
  },
);

test('one sweep removes a few hundred pairs at most, however many are over and however many recipients a message has', () => {
  const users = createUsers();
  const at = 1_700_000_000_000;
  for (let number = 0; number < 5_000; number += 1) {
    const user = numberFor(users, addressKey(`user${number}@example.com`));
    const held = holdRecipients(users, user, [addressKey('someone@example.org')]);
    letGoOf(users, user, held);
    countMessage(users, user, at, held);
  }
  sweep(users, 2_000, at + dayMs);
  expect(users.pairs.size).toBeLessThan(5_000);
  expect(users.pairs.size).toBeGreaterThan(5_000 - 600);
});
