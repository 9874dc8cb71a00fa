/** Counting again after a start: what is told on the way, and that all of it counts. */
import { expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { restoredCounts, type StartProgress } from '../../relay-core/restoring.ts';

const now = Date.UTC(2026, 0, 2);
const anna = addressKey('anna@example.com');
const recipients = [addressKey('someone@example.org')];

/** A store with so many charges, a millisecond apart, and one window filled in. */
function storeOf(total: number) {
  return {
    chargeCount: () => total,
    *charges() {
      for (let charge = 0; charge < total; charge += 1)
        yield { at: now - total + charge, user: anna, recipients };
    },
    fills: () => [{ at: now, window: 'customer-recipients-day' as const, user: null, amount: 5 }],
  };
}

async function restored(total: number) {
  const told: StartProgress[] = [];
  const counts = await restoredCounts(storeOf(total), now, (progress) => told.push(progress));
  const [tenMinutes, day] = counts.customer(now);
  return { told, used: [tenMinutes?.used, day?.used] };
}

test('every charge and every fill counts · CQ-8', async () => {
  expect((await restored(1_234)).used).toEqual([1_234, 1_239]);
});

test('a long count tells how far it has come, up to the end', async () => {
  const { told, used } = await restored(200_001);
  expect(used).toEqual([200_001, 200_006]);
  expect(told.length).toBeGreaterThan(10);
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  expect(told.at(-1)).toEqual({ step: 'counting-charges', done: 200_001, total: 200_001 });
});

test('a short one tells nothing', async () => {
  expect((await restored(5_000)).told).toEqual([]);
});
