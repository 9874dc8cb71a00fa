/** Differences as rows: those that look the same and stand one behind the other are one row with a count. Pure. */
import type { Difference } from '../../relay-core/contract/index.ts';

/** The newest of them, and how many they are. */
export type Row = { first: Difference; alike: number };

/** What a row shows of a difference: of the recipients the first and how many there are. */
const lookOf = ({ from, to, kind, beforeUnder, before, after }: Difference): string =>
  JSON.stringify([from, to[0], to.length, kind, beforeUnder, before, after]);

/** Rows in the order of the differences. */
export const rowsOf = (differences: readonly Difference[]): Row[] => {
  const rows: Row[] = [];
  let latestLook = '';
  for (const difference of differences) {
    const look = lookOf(difference);
    const latest = rows.at(-1);
    if (latest !== undefined && look === latestLook) latest.alike += 1;
    else rows.push({ first: difference, alike: 1 });
    latestLook = look;
  }
  return rows;
};
