/**
 * The histories that pages look at: counted from the ledger a slice of time at a time, and kept, so that the next question
 * reads only what was charged since. A few at once: those of the charts that are open.
 */
import type { Clock } from './clock.ts';
import type { AddressKey } from './organisation/types.ts';
import {
  addCharge,
  createUseHistory,
  historyMs,
  pointsOf,
  type UseHistory,
  type UsePoint,
} from './quota/history.ts';
import type { QuotaCounts, QuotaWindow } from './quota/types.ts';
import { windowMs } from './quota/windows.ts';
import type { Store } from './store/types.ts';
import { createTimeSlices } from './time-slices.ts';

const mostKept = 8;

export interface Histories {
  /** The use of a window at its samples over the time its history goes back and, last of all, now. */
  of(window: QuotaWindow, user: AddressKey | null): Promise<readonly UsePoint[]>;
}

interface Kept {
  readonly history: UseHistory;
  /** Which ledger it was counted from. */
  readonly ledger: number;
  /** The last charge that was counted. */
  lastCharge: number;
  /** Set while charges are being read, so that each is counted once. */
  reading: Promise<void> | null;
}

export function createHistories({
  store,
  counts,
  clock,
}: {
  readonly store: Pick<Store, 'chargesBehind' | 'lastChargeUntil' | 'fills'>;
  readonly counts: Pick<QuotaCounts, 'timesStartedOver' | 'customer' | 'user'>;
  readonly clock: Pick<Clock, 'now'>;
}): Histories {
  const all = new Map<string, Kept>();

  function keptFor(window: QuotaWindow, user: AddressKey | null): Kept {
    const name = `${window} ${user ?? ''}`;
    const ledger = counts.timesStartedOver();
    const known = all.get(name);
    // The newest stand last, and the oldest goes when there are too many.
    all.delete(name);
    const kept = known?.ledger === ledger ? known : begin(window, user, ledger);
    all.set(name, kept);
    for (const oldest of all.keys()) if (all.size > mostKept) all.delete(oldest);
    return kept;
  }

  /** The use at the first sample comes of the charges of one length of the window before it. */
  function begin(window: QuotaWindow, user: AddressKey | null, ledger: number): Kept {
    const lastCharge = store.lastChargeUntil(clock.now() - historyMs[window] - windowMs[window]);
    return { history: createUseHistory(window, user), ledger, lastCharge, reading: null };
  }

  async function readOn(kept: Kept): Promise<void> {
    const slices = createTimeSlices();
    for (const charge of store.chargesBehind(kept.lastCharge)) {
      addCharge(kept.history, charge);
      kept.lastCharge += 1;
      if (slices.isOver()) await slices.next();
    }
  }

  return {
    async of(window, user) {
      const kept = keptFor(window, user);
      kept.reading ??= readOn(kept).finally(() => {
        kept.reading = null;
      });
      await kept.reading;
      const now = clock.now();
      const points = pointsOf(kept.history, { from: now - historyMs[window], to: now }, store.fills());
      const states = user === null ? counts.customer(now) : counts.user(user, now);
      const used = states.find((state) => state.window === window)?.used ?? 0;
      return points.at(-1)?.at === now ? points : [...points, { at: now, used }];
    },
  };
}
