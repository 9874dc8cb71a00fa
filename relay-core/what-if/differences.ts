/**
 * The transactions that would end otherwise, kept in a few bytes each: endings are few, so each is kept once. Bounded:
 * of more than fit the newest stay, since lists begin with them.
 */
import type { Difference, EndingSeen } from './types.ts';

export interface Differences {
  /** Adds one; they come oldest first. */
  add(difference: Difference): void;
  /** How many are kept. */
  kept(): number;
  /** Newest first, from the `from`th on (0 is the newest), at most `limit`. */
  page(from: number, limit: number): readonly Difference[];
}

/** Some 3 MB. */
const mostKept = 200_000;
const firstCapacity = 1_024;

/** @param most how many are kept */
export function createDifferences(most = mostKept): Differences {
  let numbers = new Float64Array(Math.min(firstCapacity, most));
  let kinds = new Uint32Array(numbers.length);
  let added = 0;
  const seen: Omit<Difference, 'number'>[] = [];
  const places = new Map<string, number>();

  function placeOf({ kind, before, after }: Difference): number {
    const key = `${kind} ${before === null ? '' : keyOf(before)} ${keyOf(after)}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, seen.length);
    seen.push({ kind, before, after });
    return seen.length - 1;
  }

  function grow(): void {
    const capacity = Math.min(most, numbers.length * 2);
    const [grownNumbers, grownKinds] = [new Float64Array(capacity), new Uint32Array(capacity)];
    grownNumbers.set(numbers);
    grownKinds.set(kinds);
    numbers = grownNumbers;
    kinds = grownKinds;
  }

  return {
    add(difference) {
      if (added === numbers.length && added < most) grow();
      const at = added % numbers.length;
      numbers[at] = difference.number;
      kinds[at] = placeOf(difference);
      added += 1;
    },
    kept: () => Math.min(added, most),
    page(from, limit) {
      const count = Math.max(0, Math.min(limit, Math.min(added, most) - from));
      return Array.from({ length: count }, (_, index) => {
        const at = (added - 1 - from - index) % numbers.length;
        const ending = seen[kinds[at] ?? 0];
        const number = numbers[at];
        if (ending === undefined || number === undefined) throw new Error('a difference without its ending');
        return { number, ...ending };
      });
    },
  };
}

function keyOf(ending: EndingSeen): string {
  return ending.outcome === 'rejected' ? ending.rule : `${ending.recipients} ${ending.reversePath}`;
}
