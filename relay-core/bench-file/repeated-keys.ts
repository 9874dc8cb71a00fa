/**
 * Keys that stand twice in one group of a YAML file. The YAML library can look for them too, but compares each key with
 * all before it: with tens of thousands in one group that takes a minute.
 */
import { type Document, isScalar, type Scalar, visit } from 'yaml';

/** Every key behind the first of its name in its group, in the order of the file. */
export function repeatedKeys(document: Document): Scalar[] {
  const repeated: Scalar[] = [];
  visit(document, {
    Map(_, group) {
      const seen = new Set<unknown>();
      for (const { key } of group.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) repeated.push(key);
        seen.add(key.value);
      }
    },
  });
  return repeated;
}
