/**
 * A JSON Patch (RFC 6902) laid on the text of a bench file, as remedies give it. Only what it changes is written: the
 * file lives in version control, and all other text stays byte for byte. Nothing is saved.
 * `add` on a key replaces its value, on `-` it appends to a list.
 */
import { isDeepStrictEqual } from 'node:util';
import { isSeq, parseDocument } from 'yaml';
import type { LineSpan } from '../contract/bench.ts';
import type { PatchOperation } from '../contract/remedies.ts';
import { endOfList, keysOf, withOperation } from './patch-value.ts';
import { editFor, type TextEdit } from './text-edit.ts';

export interface Patched {
  readonly text: string;
  /** Where in it the change stands. */
  readonly lines: readonly LineSpan[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * @param text a bench file that reads as YAML
 * @throws where a path leads through something that is no group and no list
 */
export function patched(text: string, operations: readonly PatchOperation[]): Patched {
  let document = parseDocument(text);
  let wanted: unknown = document.toJS();
  let written = text;
  let spans: readonly Span[] = [];
  for (const operation of operations) {
    wanted = withOperation(wanted, operation);
    const edit = editFor(document, written, operation);
    if (edit === null) return printedAnew(text, operations);
    written = written.slice(0, edit.from) + edit.text + written.slice(edit.to);
    spans = [
      ...spans.map((span) => movedBy(edit, span)),
      { from: edit.from, to: edit.from + edit.text.length },
    ];
    document = parseDocument(written);
  }
  // YAML has more forms than people write by hand. What a change says counts for more than how the file looks.
  if (document.errors.length > 0 || !isDeepStrictEqual(document.toJS(), wanted))
    return printedAnew(text, operations);
  return { text: written, lines: linesOf(written, spans) };
}

/** Where a piece of text stands once an edit before it, or in it, is made. */
function movedBy(edit: TextEdit, { from, to }: Span): Span {
  const by = edit.text.length - (edit.to - edit.from);
  return { from: edit.from < from ? from + by : from, to: edit.from < to ? to + by : to };
}

function linesOf(text: string, spans: readonly Span[]): LineSpan[] {
  return spans.flatMap(({ from, to }) => {
    const piece = text.slice(from, to);
    if (piece.trim() === '') return [];
    const first = from + piece.search(/\S/);
    return [{ from: lineOf(text, first), to: lineOf(text, from + piece.trimEnd().length) }];
  });
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The whole file by the YAML library's own layout: comments stay. */
function printedAnew(text: string, operations: readonly PatchOperation[]): Patched {
  const document = parseDocument(text);
  for (const { op, path, value } of operations) {
    const keys = keysOf(path);
    const parent = document.getIn(keys.slice(0, -1), true);
    const node = document.createNode(value);
    if (op === 'remove') document.deleteIn(keys);
    else if (keys.at(-1) === endOfList) document.addIn(keys.slice(0, -1), node);
    else if (op === 'add' && isSeq(parent)) parent.items.splice(Number(keys.at(-1)), 0, node);
    else document.setIn(keys, node);
  }
  return { text: document.toString({ lineWidth: 0, flowCollectionPadding: /\{ /.test(text) }), lines: [] };
}
