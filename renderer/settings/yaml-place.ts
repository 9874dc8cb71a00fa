/**
 * Where in the bench file a cursor stands, as a path of keys; `[]` stands for an item of a list.
 * By indentation, since a file is completed while it is not yet whole; flow style (`{ a: 1 }`) by its own brackets. Pure.
 */
import { isNode, LineCounter, parseDocument } from 'yaml';

export type Place =
  | { kind: 'key'; path: string[]; typed: string }
  | { kind: 'value'; path: string[]; typed: string };

type Line = { dash: number | null; column: number; key: string | null };

const keyPattern = /^("[^"]*"|'[^']*'|[^\s#:,{}[\]][^:#,{}[\]]*?)\s*:(?:\s|$)/;

const readLine = (text: string): Line | null => {
  const indent = text.search(/\S/);
  if (indent < 0 || text[indent] === '#') return null;
  const dashed = /^-\s+/.exec(text.slice(indent));
  const column = indent + (dashed?.[0].length ?? 0);
  const key = keyPattern.exec(text.slice(column))?.[1]?.replace(/^["']|["']$/g, '') ?? null;
  return { dash: dashed ? indent : null, column, key };
};

/** The path of what stands at `column`, looking up through the lines above; `dash` where the line itself begins an item. */
const parentsOf = (above: readonly string[], column: number, dash: number | null): string[] => {
  const path: string[] = [];
  let limit = column;
  let seeking: 'key' | 'dash' = 'key';
  const enterItem = (at: number): void => {
    path.unshift('[]');
    limit = at;
    seeking = 'dash';
  };
  if (dash !== null) enterItem(dash);
  for (const text of above.toReversed()) {
    const line = readLine(text);
    if (!line) continue;
    if (seeking === 'key' && line.dash !== null && line.column === limit) {
      enterItem(line.dash);
      continue;
    }
    const isParent = seeking === 'key' ? line.column < limit : line.column <= limit && line.dash !== limit;
    if (!isParent || line.key === null) continue;
    path.unshift(line.key);
    limit = line.column;
    seeking = 'key';
    if (line.dash !== null) enterItem(line.dash);
  }
  return path;
};

/** The place of a cursor at the end of `before`, the text up to it. Null inside a comment. */
export const placeAt = (before: string): Place | null => {
  const lines = before.split('\n');
  const current = lines.at(-1) ?? '';
  const above = lines.slice(0, -1);
  if (/(^|\s)#/.test(current.replace(/"[^"]*"|'[^']*'/g, ''))) return null;
  const indent = current.search(/\S/);
  const dashed = /^(\s*)-\s+/.exec(current);
  const dash = dashed ? (dashed[1]?.length ?? 0) : null;
  const column = dashed ? dashed[0].length : indent < 0 ? current.length : indent;
  const rest = current.slice(column);
  const parents = parentsOf(above, column, dash);

  const flow = /^(?:([^:{}[\],]+):\s*)?.*[{[]([^{}[\]]*)$/.exec(rest);
  if (flow) {
    const inside = flow[1] ? [...parents, flow[1].trim()] : parents;
    const typed = (flow[2] ?? '').split(',').at(-1)?.trimStart() ?? '';
    const [, key, value] = /^([^:]+):\s*(.*)$/.exec(typed) ?? [];
    const nested = /[[]\s*[{][^{}]*$/.test(rest) ? [...inside, '[]'] : inside;
    return key === undefined
      ? { kind: 'key', path: nested, typed }
      : { kind: 'value', path: [...nested, key.trim()], typed: value ?? '' };
  }
  const [, key, value] = /^([^:]+):\s+(.*)$/.exec(rest) ?? [];
  return key === undefined
    ? { kind: 'key', path: parents, typed: rest }
    : { kind: 'value', path: [...parents, key.trim()], typed: value ?? '' };
};

/** `settings[0].requireTls` as its keys. */
export const keysOf = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? '') : Number(index),
  );

/** The line, from 1, on which a path of the file stands, or its nearest parent that is there; null when none is. */
export const lineOfPath = (yaml: string, path: string): number | null => {
  const lineCounter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter });
  const keys = keysOf(path);
  for (let length = keys.length; length > 0; length -= 1) {
    const node = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return null;
};
