/**
 * A user who writes to the same few recipients again and again, whose window of unique recipients holds next to nothing
 * but its newest moments: when places free up, against a plain list of last messages.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import type { LedgerEntry, QuotaDemand, Reservation } from '../../relay-core/quota/types.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { recountWindows } from './recount.ts';

const user = addressKey('anna@example.com');
const recipients = fc.array(
  fc.nat({ max: 3 }).map((number) => addressKey(`r${number}@example.org`)),
  {
    minLength: 1,
    maxLength: 2,
  },
);
const event = fc.record({
  recipients,
  /** Enough small steps that the day has many blocks; now and then a jump, up to just before or past its end. */
  stepMs: fc.oneof(
    { weight: 30, arbitrary: fc.nat({ max: 60_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(dayMs / 4, dayMs / 2, dayMs - 1, dayMs, dayMs + 1) },
  ),
  fate: fc.oneof(
    { weight: 8, arbitrary: fc.constant('charged' as const) },
    { weight: 1, arbitrary: fc.constant('held' as const) },
    { weight: 1, arbitrary: fc.constant('charged later' as const) },
    { weight: 1, arbitrary: fc.constant('released' as const) },
  ),
  places: fc.integer({ min: 1, max: 6 }),
});

/** When each place becomes free, the first first. */
function leavingTimes(charged: readonly LedgerEntry[], now: number) {
  const messages = charged.filter(({ at }) => at > now - dayMs);
  const last = new Map(messages.flatMap(({ at, recipients }) => recipients.map((each) => [each, at])));
  return {
    messages: messages.map(({ at }) => at + dayMs),
    unique: [...last.values()].sort((one, other) => one - other).map((at) => at + dayMs),
  };
}

test('when places free up is exact for a user who writes to the same few recipients all day · UQ-1 UQ-2 UQ-5 CQ-9', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 60, maxLength: 300, size: 'max' }), (events) => {
      const counts = createQuotaCounts();
      const charged: LedgerEntry[] = [];
      const open: Reservation[] = [];
      const held = new Set<QuotaDemand>();
      let now = 1_700_000_000_000;
      const end = (reservation: Reservation, how: 'charge' | 'release') => {
        held.delete(reservation.demand);
        if (how === 'charge') charged.push(counts.charge(reservation, now));
        else counts.release(reservation);
      };
      for (const { recipients, stepMs, fate, places } of events) {
        now += stepMs;
        const demand: QuotaDemand = { user, recipients };
        const reservation = counts.reserve(demand, now);
        held.add(demand);
        if (fate === 'charged') end(reservation, 'charge');
        else open.push(reservation);
        const ended = fate === 'charged' || fate === 'held' ? undefined : open.shift();
        if (ended !== undefined) end(ended, fate === 'released' ? 'release' : 'charge');

        expect(counts.counts(demand, now)).toEqual(
          recountWindows({ charged, filled: [], held }, demand, now),
        );
        const { messages, unique } = leavingTimes(charged, now);
        expect(counts.freeAt('user-messages-day', user, places)).toBe(messages[places - 1] ?? null);
        expect(counts.freeAt('user-unique-recipients-day', user, places)).toBe(unique[places - 1] ?? null);
      }
    }),
    { numRuns: 60 },
  );
});
