/** The known word that a misspelt one was probably meant to be. */
import leven from 'leven';

/** How far a word may be from a known one to be taken for a slip, in edits. */
const slipDistance = 4;

/** Null where none is near: within four edits, and within half of the word. */
export function nearestOf(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((each) => ({
      each,
      distance: leven(word.toLowerCase(), each.toLowerCase(), { maxDistance: slipDistance + 1 }),
    }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.min(slipDistance, Math.ceil(word.length / 2))
    ? best.each
    : null;
}
