/** How many transactions are newer than those a person has before them. Pure. */
import type { TransactionSummary } from '../../relay-core/contract/index.ts';

/** Rows of one page of the list; also the most that are counted as new. */
export const pageSize = 100;

/** How many of `head`, newest first, are newer than the newest known; all of them when it is not among them. */
export const countNewer = (
  head: readonly Pick<TransactionSummary, 'id'>[],
  newestKnown: string | undefined,
): number => {
  const index = head.findIndex(({ id }) => id === newestKnown);
  return index < 0 ? head.length : index;
};

/** The count as a button says it: exact where it can be known. */
export const newsLabel = (newer: number): string => (newer >= pageSize ? `${pageSize}+ new` : `${newer} new`);
