/**
 * Where in the text of a YAML file a change is to be written, and what: the shortest piece that holds it. Comments and
 * the writer's own layout around it stay. Pure.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { PatchOperation } from '../contract/remedies.ts';
import { endOfList, keysOf, wrapped } from './patch-value.ts';

/** Text to be put in place of what stands from `from` to before `to`. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Group = YAMLMap<unknown, unknown>;
type List = YAMLSeq<unknown>;
type Entry = Pair<unknown, unknown>;

interface Page {
  readonly document: Document;
  readonly text: string;
  readonly lineEnd: string;
}

/** The edit for one operation; null where no piece of the text by itself can hold it. */
export function editFor(
  document: Document,
  text: string,
  { op, path, value }: PatchOperation,
): TextEdit | null {
  const page: Page = { document, text, lineEnd: text.includes('\r\n') ? '\r\n' : '\n' };
  const keys = keysOf(path);
  let at: unknown = document.contents;
  for (const [depth, key] of keys.entries()) {
    const rest = keys.slice(depth + 1);
    const isLast = rest.length === 0;
    if (isMap(at)) {
      const pair = pairOf(at, key);
      if (pair === undefined) return op === 'remove' ? null : addKey(page, at, key, wrapped(rest, value));
      if (isLast)
        return op === 'remove' ? removeOne(page, at, pair) : replaceValue(page, at, pair.value, value);
      at = pair.value;
    } else if (isSeq(at)) {
      const index = key === endOfList ? at.items.length : Number(key);
      const item = at.items[index];
      if (item === undefined) return op === 'remove' ? null : addItems(page, at, [wrapped(rest, value)]);
      if (isLast && op === 'remove') return removeOne(page, at, item);
      if (isLast && op === 'replace') return replaceValue(page, at, item, value);
      if (isLast) return insertItem(page, at, index, value);
      at = item;
    } else return null;
  }
  return null;
}

function pairOf(group: Group, key: string | number): Entry | undefined {
  return group.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
}

function isPair(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}

const isFlow = (node: unknown): boolean => (isMap(node) || isSeq(node)) && node.flow === true;

const isBlock = (node: unknown): boolean => (isMap(node) || isSeq(node)) && node.flow !== true;

/** Where a key or value begins; null for what is not in the text. */
function startOf(node: unknown): number | null {
  if (isPair(node)) return startOf(node.key);
  const isInText = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
  return isInText ? (node.range?.[0] ?? null) : null;
}

/** Where it ends; comments and empty lines behind it are not part of it. */
function endOf(node: unknown): number | null {
  if (isPair(node)) return endOf(node.value) ?? endOf(node.key);
  if ((isMap(node) || isSeq(node)) && node.flow !== true && node.items.length > 0)
    return endOf(node.items.at(-1));
  const isInText = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
  return isInText ? (node.range?.[1] ?? null) : null;
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the line ends in which an offset lies: before its line end. */
function lineEndOf({ text, lineEnd }: Page, offset: number): number {
  const end = text.indexOf(lineEnd, offset);
  return end === -1 ? text.length : end;
}

/** As many blanks as stand before an offset in its line. */
const indentAt = (text: string, offset: number): string =>
  text.slice(lineStart(text, offset), offset).replace(/\S/g, ' ');

/** YAML in lines of its own, each but an empty one moved in. */
const movedIn = (yaml: string, indent: string, { lineEnd }: Page): string =>
  yaml
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? line : indent + line))
    .join(lineEnd);

const block = (value: unknown): string => stringify(value, { lineWidth: 0 });

/** A value in brackets, or what may stand between them; blanks inside the brackets as the file has them elsewhere. */
function flow(value: unknown, { text }: Page, near = text): string {
  const bracket = Array.isArray(value) ? '[' : '{';
  const flowCollectionPadding = near.includes(`${bracket} `) || (bracket === '{' && !text.includes('{'));
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding, lineWidth: 0 }).trimEnd();
}

/** What stands between the brackets of a list of one, or a group of one. */
const insideFlow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trimEnd()
    .slice(1, -1);

/** Lines behind the last line of what ends at `end`. */
function linesBehind(page: Page, end: number, lines: string): TextEdit {
  // A block of text ends with its line.
  if (page.text.slice(0, end).endsWith('\n')) return { from: end, to: end, text: lines + page.lineEnd };
  const from = lineEndOf(page, end);
  return { from, to: from, text: page.lineEnd + lines };
}

function addKey(page: Page, group: Group, key: string | number, value: unknown): TextEdit | null {
  const first = startOf(group.items[0]);
  const end = endOf(group);
  if (end === null || first === null) return replaceNode(page, group, { [key]: value });
  const last = endOf(group.items.at(-1));
  if (last === null) return null;
  if (group.flow) return { from: last, to: last, text: `, ${insideFlow({ [key]: value })}` };
  return linesBehind(page, last, movedIn(block({ [key]: value }), indentAt(page.text, first), page));
}

function addItems(page: Page, list: List, values: readonly unknown[]): TextEdit | null {
  const start = startOf(list);
  const last = endOf(list.items.at(-1));
  if (start === null || last === null) return replaceNode(page, list, values);
  if (list.flow) return { from: last, to: last, text: `, ${insideFlow(values)}` };
  const indent = indentAt(page.text, start);
  const lines = values.map((value) => movedIn(itemLike(page, list.items.at(-1), value), indent, page));
  return linesBehind(page, last, lines.join(page.lineEnd));
}

/** A list's item with its dash, in brackets where the item beside it is. */
function itemLike(page: Page, beside: unknown, value: unknown): string {
  if (!isFlow(beside) || typeof value !== 'object') return block([value]);
  return `- ${flow(value, page, page.text.slice(startOf(beside) ?? 0, endOf(beside) ?? 0))}`;
}

function insertItem(page: Page, list: List, index: number, value: unknown): TextEdit | null {
  const before = index === 0 ? startOf(list) : endOf(list.items[index - 1]);
  if (before === null) return null;
  const beside = list.items[index];
  if (list.flow) {
    const first = startOf(beside);
    if (index > 0) return { from: before, to: before, text: `, ${insideFlow([value])}` };
    return first === null ? null : { from: first, to: first, text: `${insideFlow([value])}, ` };
  }
  const indent = indentAt(page.text, startOf(list) ?? 0);
  const lines = movedIn(itemLike(page, beside, value), indent, page);
  if (index > 0) return linesBehind(page, before, lines);
  return { from: before, to: before, text: lines.slice(indent.length) + page.lineEnd + indent };
}

/** What grows at its end only keeps what it has. */
function replaceValue(page: Page, holder: Group | List, node: unknown, value: unknown): TextEdit | null {
  if (isSeq(node) && Array.isArray(value) && node.items.length > 0 && value.length > node.items.length) {
    const kept: unknown = node.toJS(page.document);
    const begun = value.slice(0, node.items.length);
    if (JSON.stringify(kept) === JSON.stringify(begun))
      return addItems(page, node, value.slice(node.items.length));
  }
  return replaceNode(page, node, value, isFlow(holder));
}

function replaceNode(page: Page, node: unknown, value: unknown, inFlow = false): TextEdit | null {
  const from = startOf(node);
  const to = endOf(node);
  if (from === null || to === null) return null;
  const before = page.text.slice(from, to);
  // The end of a block of text is the end of its line; a key without a value has no blank behind it.
  const behind = before.endsWith('\n') ? page.lineEnd : '';
  const ahead = /[:-]$/.test(page.text.slice(0, from)) ? ' ' : '';
  return { from, to, text: ahead + inPlaceOf(page, node, from, before, value, inFlow) + behind };
}

function inPlaceOf(
  page: Page,
  node: unknown,
  from: number,
  before: string,
  value: unknown,
  inFlow: boolean,
): string {
  if (typeof value !== 'object' || value === null)
    return inFlow
      ? insideFlow([value])
      : stringify({ k: value }, { lineWidth: 0, blockQuote: false }).slice(3, -1);
  if (!isBlock(node) || Object.keys(value).length === 0)
    return flow(value, page, isFlow(node) ? before : undefined);
  const indent = indentAt(page.text, from);
  return movedIn(block(value), indent, page).slice(indent.length);
}

/** A key or an item with the lines that are its own; null for the only one, which leaves a group or list in no form at all. */
function removeOne(page: Page, holder: Group | List, one: unknown): TextEdit | null {
  const items: readonly unknown[] = holder.items;
  const index = items.indexOf(one);
  const start = startOf(one);
  const end = endOf(one);
  if (start === null || end === null || holder.items.length < 2) return null;
  const from = lineStart(page.text, start);
  const isAlone = (isMap(holder) ? /^\s*$/ : /^\s*-\s+$/).test(page.text.slice(from, start));
  if (!holder.flow && isAlone) {
    const to = page.text.slice(0, end).endsWith('\n') ? end : lineEndOf(page, end) + page.lineEnd.length;
    return { from, to: Math.min(to, page.text.length), text: '' };
  }
  const next = startOf(holder.items[index + 1]);
  const previous = endOf(holder.items[index - 1]);
  if (next !== null) return { from: start, to: next, text: '' };
  return previous === null ? null : { from: previous, to: end, text: '' };
}
