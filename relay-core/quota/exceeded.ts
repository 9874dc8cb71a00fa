/**
 * Counts against limits: which window a transaction would go over first, and how many like it still fit (CQ-6, CQ-7).
 */
import type { QuotaLimits, WindowCount } from './types.ts';
import { windowsInOrder } from './windows.ts';

/** The first window the transaction would go over, in the order customer peak, customer day, user (CQ-7); null when it fits. */
export function exceededWindow(counts: readonly WindowCount[], limits: QuotaLimits): WindowCount | null {
  for (const window of windowsInOrder) {
    const count = counts.find((candidate) => candidate.window === window);
    if (count !== undefined && count.used + count.reserved + count.wanted > limits[window].value)
      return count;
  }
  return null;
}

/** How many transactions of this size still fit into one window; null when they add nothing to it. */
export function howManyFit(
  count: Pick<WindowCount, 'window' | 'used' | 'reserved' | 'wanted'>,
  limits: QuotaLimits,
): number | null {
  if (count.wanted === 0) return null;
  const left = limits[count.window].value - count.used - count.reserved;
  return Math.max(0, Math.floor(left / count.wanted));
}
