/** Where in the YAML of a bench file a key or value stands. */
import { type Document, isMap, isScalar, type LineCounter, type Node } from 'yaml';
import type { KeyPath } from './problem.ts';

/** Line and column, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The place of the value at a path; of the nearest one above it where it is missing.
 * @param key when given, the place of this key, the path's last, instead of its value
 */
export function placeOf(document: Document, lines: LineCounter, at: KeyPath, key?: string): Place {
  const offset = key === undefined ? valueOffset(document, at) : keyOffset(document, at.slice(0, -1), key);
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function valueOffset(document: Document, at: KeyPath): number {
  for (let length = at.length; length > 0; length--) {
    const node = nodeAt(document, at.slice(0, length));
    if (node?.range != null) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyOffset(document: Document, parent: KeyPath, key: string): number {
  const node = nodeAt(document, parent);
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range != null) return pair.key.range[0];
  }
  return valueOffset(document, parent);
}

function nodeAt(document: Document, path: KeyPath): Node | null {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}
