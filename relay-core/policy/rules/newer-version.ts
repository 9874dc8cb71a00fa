/** A saved change that has not reached everybody yet: the previous settings decide, and the trace says so (SET-6). */
import { utc, utcFrom } from '../figures.ts';
import { note, type Step } from '../trace.ts';
import type { Configuration } from '../types.ts';

/** Empty where no newer version is on its way. */
export function newerVersionSteps({ newerVersion }: Configuration): readonly Step[] {
  if (newerVersion === undefined) return [];
  const { savedAt, inForceAt, behindIt } = newerVersion;
  const others = behindIt === 0 ? '' : ` ${behindIt === 1 ? 'One more' : `${behindIt} more`} will follow it.`;
  return [
    note(
      'SET-6',
      `Decided by the previous settings: a newer version, saved at ${utc(savedAt)}, is on its way and comes into force at ${utcFrom(inForceAt)}.${others}`,
    ),
  ];
}
