/** Names of exported files: what they show, and when. Pure. */
import type { QuotaWindow } from '../../../relay-core/contract/index.ts';

/** `user-messages-day anna@example.com 2026-11-24T1504.csv`: letters, digits and what no file system objects to. */
export const exportName = (
  { window, user }: { window: QuotaWindow; user?: string | undefined },
  at: Date,
  ending: 'csv' | 'png' | 'svg',
): string => {
  const moment = at.toISOString().slice(0, 16).replace(':', '');
  const owner = user?.replaceAll(/[^\p{L}\p{N}@._+-]/gu, '_').slice(0, 100);
  return `${[window, owner, moment].filter(Boolean).join(' ')}.${ending}`;
};
