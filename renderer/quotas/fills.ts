/** Filling a window by hand: to which use, and whether that can be. Pure; the engine checks again. */
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';
import { figure } from '../design/figures.ts';

/** The shares of a limit that are one press away, in per cent. */
export const fillShares = [25, 50, 90, 100] as const;

/** The use that is so many per cent of a limit, in whole places. */
export const fillTo = (limit: number, percent: number): number => Math.floor((limit * percent) / 100);

/** Why a window cannot be filled to a use; null when it can. */
export const fillProblem = (wanted: number | string, { used, limit }: QuotaWindowState): string | null => {
  if (typeof wanted !== 'number' || !Number.isInteger(wanted)) return 'A whole number.';
  if (wanted > limit) return `At most ${figure(limit)}, the limit.`;
  if (wanted < used) return `${figure(used)} are used now; filling only adds.`;
  return null;
};
