/** Use over time, counted again from the ledger, against what the counts gave at the same moments. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { useOverTime as overTime } from '../../relay-core/quota/history.ts';
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
        const points = overTime(entries, {
          window,
          user,
          from: start + dayMs,
          to: start + 3 * dayMs,
          samples: 50,
        });
        expect(points).toHaveLength(50);
        const counts = createQuotaCounts();
        let next = 0;
        for (const { at, used } of points) {
          for (let entry = entries[next]; entry !== undefined && entry.at <= at; entry = entries[++next]) {
            counts.restore(entry);
          }
          const states = [...counts.customer(at), ...counts.user(anna, at)];
          expect(used).toBe(states.find((state) => state.window === window)?.used);
        }
      }
    }),
  );
});
