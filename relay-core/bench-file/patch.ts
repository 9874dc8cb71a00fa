/**
 * A JSON Patch (RFC 6902) laid on the text of a bench file, as remedies give it: comments stay, and nothing is saved.
 * `add` on a key replaces its value, on `-` it appends to a list.
 */
import { isSeq, parseDocument } from 'yaml';
import type { PatchOperation } from '../contract/remedies.ts';

/** @param text a bench file that reads without problems */
export function patchedText(text: string, operations: readonly PatchOperation[]): string {
  const document = parseDocument(text);
  for (const { op, path, value } of operations) {
    const keys = keysOf(path);
    if (op === 'remove') {
      document.deleteIn(keys);
      continue;
    }
    const node = document.createNode(value);
    if (keys.at(-1) === '-') document.addIn(keys.slice(0, -1), node);
    else if (op === 'add' && isSeq(document.getIn(keys.slice(0, -1), true))) insertInto(document, keys, node);
    else document.setIn(keys, node);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: /\{ /.test(text) });
}

function insertInto(
  document: ReturnType<typeof parseDocument>,
  keys: readonly (string | number)[],
  node: unknown,
): void {
  const list = document.getIn(keys.slice(0, -1), true);
  if (isSeq(list)) list.items.splice(Number(keys.at(-1)), 0, node);
}

/** The keys of a JSON Pointer (RFC 6901); whole numbers are places in lists. */
function keysOf(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : key));
}
