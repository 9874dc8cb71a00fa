/** The counts after a start: everything charged within the longest window, and what was filled in, counted again (CQ-8). */
import { notACharge } from './quota/charge-text.ts';
import { createQuotaCounts } from './quota/counts.ts';
import type { QuotaCounts } from './quota/types.ts';
import { dayMs } from './quota/windows.ts';
import type { Store } from './store/types.ts';

/** How far a start has come, for people who wait. */
export interface StartProgress {
  readonly step: 'counting-charges';
  readonly done: number;
  readonly total: number;
}

/** Fewer charges are counted before anybody would read it. */
const worthTelling = 100_000;
const tellings = 20;

/**
 * Counts what the windows hold at `now`.
 * @param onProgress told some twenty times when there is much to count, with a turn of the event loop in between
 */
export async function restoredCounts(
  store: Pick<Store, 'chargesAsText' | 'chargeCount' | 'fills'>,
  now: number,
  onProgress: (progress: StartProgress) => void,
): Promise<QuotaCounts> {
  const counts = createQuotaCounts();
  const total = store.chargeCount(now - dayMs);
  const step = Math.ceil(total / tellings);
  let tellAt = total < worthTelling ? Number.POSITIVE_INFINITY : 0;
  let done = 0;
  const restore = counts.restorer(now);
  for (const { charges, text } of store.chargesAsText(now - dayMs)) {
    if (done >= tellAt) {
      onProgress({ step: 'counting-charges', done, total });
      await new Promise(setImmediate);
      tellAt += step;
    }
    if (restore(text) !== charges) throw notACharge();
    done += charges;
  }
  if (total >= worthTelling) onProgress({ step: 'counting-charges', done, total });
  for (const fill of store.fills()) counts.fill(fill);
  return counts;
}
