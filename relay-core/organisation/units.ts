/** What an organisational unit inherits from those above it: the nearest one with a value of its own gives it (STO-1). */
import type { Organisation } from './types.ts';

export const rootUnit = '/';

/** The unit above, which need not be listed; null above the root. `/Sales/North` → `/Sales` → `/`. */
export function unitAbove(path: string): string | null {
  if (path === rootUnit) return null;
  return path.slice(0, path.lastIndexOf('/')) || rootUnit;
}

export interface MailStorage {
  readonly on: boolean;
  /** The unit whose own value it is; the root's is the customer's. */
  readonly setAt: string;
}

/** Comprehensive mail storage as it holds for a unit. */
export function mailStorageOf(
  organisation: Pick<Organisation, 'mailStorage' | 'unitsByPath'>,
  path: string,
): MailStorage {
  for (let each: string | null = path; each !== null; each = unitAbove(each)) {
    const on = organisation.unitsByPath.get(each)?.mailStorage ?? null;
    if (on !== null) return { on, setAt: each };
  }
  return { on: organisation.mailStorage, setAt: rootUnit };
}
