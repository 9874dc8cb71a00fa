/** Use over time, counted again from the ledger, against what the counts gave at the same moments. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import {
  addCharge,
  createUseHistory,
  historyMs,
  pointsOf,
  sampleMs,
} from '../../relay-core/quota/history.ts';
import type { LedgerEntry } from '../../relay-core/quota/types.ts';
import { dayMs, windowsInOrder } from '../../relay-core/quota/windows.ts';

const anna = addressKey('anna@example.com');
const start = Date.UTC(2024, 0, 1);

const charges: fc.Arbitrary<LedgerEntry[]> = fc
  .array(
    fc.record({
      at: fc.nat({ max: 2 * dayMs }).map((ms) => start + ms),
      user: fc.constantFrom(null, anna, addressKey('bo@example.net')),
      recipients: fc.array(
        fc.nat({ max: 5 }).map((number) => addressKey(`r${number}@example.org`)),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
    }),
    { maxLength: 60 },
  )
  .map((entries) => entries.toSorted((one, other) => one.at - other.at));

test('each point is the use the counts had at that moment · UQ-1 UQ-2 CQ-1 CQ-2 CQ-9', () => {
  fc.assert(
    fc.property(charges, (entries) => {
      for (const window of windowsInOrder) {
        const user = window.startsWith('user') ? anna : null;
        const history = createUseHistory(window, user);
        for (const entry of entries) addCharge(history, entry);
        const to = start + 2 * dayMs;
        const points = pointsOf(history, { from: to - historyMs[window], to }, []);
        expect(points).toHaveLength(historyMs[window] / sampleMs[window] + 1);
        const counts = createQuotaCounts();
        let next = 0;
        for (const { at, used } of points) {
          for (let entry = entries[next]; entry !== undefined && entry.at <= at; entry = entries[++next]) {
            counts.restore(entry);
          }
          const states = [...counts.customer(at), ...counts.user(anna, at)];
          if (states.find((state) => state.window === window)?.used !== used) {
            expect({ window, at, used }).toEqual({ window, at, used: 'the use of the counts' });
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a history that goes on where it stopped is the one counted at once, however long it is kept', () => {
  const days = 12;
  const window = 'user-unique-recipients-day';
  const whole = createUseHistory(window, anna);
  const inParts = createUseHistory(window, anna);
  for (let minute = 0; minute < days * 24 * 60; minute += 7) {
    const at = start + minute * 60_000 + 1;
    const charge = { at, user: anna, recipients: [addressKey(`r${(minute * 31) % 97}@example.org`)] };
    addCharge(whole, charge);
    addCharge(inParts, charge);
    if (minute % 700 === 0) pointsOf(inParts, { from: at - dayMs, to: at }, []);
  }
  const to = start + days * dayMs;
  expect(pointsOf(inParts, { from: to - dayMs, to }, [])).toEqual(
    pointsOf(whole, { from: to - dayMs, to }, []),
  );
  expect(inParts.uniqueUntil.size).toBeLessThanOrEqual(97);
});
