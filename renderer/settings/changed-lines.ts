/** Lines of the bench file, in words. Pure. */
import type { LineSpan } from '../../relay-core/contract/index.ts';

/** `Line 28`, `Lines 19 and 31 to 33`. */
export const changedLinesText = (lines: readonly LineSpan[]): string => {
  const spans = lines
    .toSorted((a, b) => a.from - b.from)
    .map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
  const isOne = lines.length === 1 && lines[0]?.from === lines[0]?.to;
  return `${isOne ? 'Line' : 'Lines'} ${spans.join(' and ')}`;
};
