/** Puts measured tables into docs/performance.md, each between its own pair of marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Every measurement runs in the project's folder, wherever its program lies. */
const page = resolve('docs/performance.md');

/**
 * Replaces what stands between `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws when the page has no such marks
 */
export function writeSection(name: string, markdown: string): void {
  const text = readFileSync(page, 'utf8');
  const begin = `<!-- ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from)
    throw new Error(`docs/performance.md has no section marked ${begin} … ${end}`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n${markdown}\n${text.slice(to)}`);
}
