/** What the windows will be, asked ahead: exactly what they then are, and asking changes nothing (CQ-9). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AddressKey } from '../../relay-core/organisation/types.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import type { QuotaDemand } from '../../relay-core/quota/types.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';

const address = fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org').map((text) => text as AddressKey);
const demand: fc.Arbitrary<QuotaDemand> = fc.record({
  user: fc.constantFrom(null, 'anna@example.com' as AddressKey, 'bo@example.com' as AddressKey),
  recipients: fc.array(address, { minLength: 1, maxLength: 4 }),
});
const history = fc.array(fc.record({ demand, waitMs: fc.integer({ min: 0, max: dayMs / 4 }) }), {
  maxLength: 12,
});

function counted(events: readonly { readonly demand: QuotaDemand; readonly waitMs: number }[]) {
  const counts = createQuotaCounts();
  let now = 1_700_000_000_000;
  for (const event of events) {
    now += event.waitMs;
    counts.charge(counts.reserve(event.demand, now), now);
  }
  return { counts, now };
}

test('a forecast is what the windows are at that time · CQ-9', () => {
  fc.assert(
    fc.property(history, demand, fc.integer({ min: 0, max: 2 * dayMs }), (events, asked, ahead) => {
      const { counts, now } = counted(events);
      const before = counts.counts(asked, now);
      const forecast = counts.forecast(asked, now + ahead).map(({ nextFreeAt: _, ...count }) => count);
      expect(counts.counts(asked, now)).toEqual(before);
      expect(forecast).toEqual(counts.counts(asked, now + ahead).map(({ nextFreeAt: _, ...count }) => count));
    }),
  );
});

test('places are free at the moment that is told, and not a millisecond earlier · CQ-9', () => {
  fc.assert(
    fc.property(history, demand, fc.integer({ min: 1, max: 6 }), (events, asked, places) => {
      const { counts, now } = counted(events);
      for (const { window, user, used } of counts.counts(asked, now)) {
        const at = counts.freeAt(window, user, places);
        if (at === null) {
          expect(used).toBeLessThan(places);
          continue;
        }
        const usedAt = (time: number) =>
          counts.forecast(asked, time).find((count) => count.window === window)?.used ?? 0;
        expect(used - usedAt(at)).toBeGreaterThanOrEqual(places);
        expect(used - usedAt(Math.max(now, at - 1))).toBeLessThan(places);
      }
    }),
  );
});
