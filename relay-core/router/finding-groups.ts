/** Findings put together: those of one client that say the same but for their figures are one group. Pure. */
import type { FindingGroup, SessionFinding } from '../contract/index.ts';

/** A number that stands by itself, as in "24 connections": none in a name, an address or an enhanced code. */
const figures = /(?<![\w.@-])\d[\d,]*(?![\w@-]|\.\w)/g;

const keyOf = ({ rule, severity, client, text }: SessionFinding): string =>
  [rule, severity, client.address, client.heloName, text.replace(figures, '0')].join('\n');

/** Groups of findings that come newest first; the groups do too, by their newest. */
export function groupFindings(findings: Iterable<SessionFinding>): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of findings) {
    const key = keyOf(finding);
    const { at, ...newest } = finding;
    const group = groups.get(key) ?? { ...newest, count: 0, firstAt: at, lastAt: at };
    group.count += 1;
    if (at < group.firstAt) group.firstAt = at;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Whether a search finds it: in the rule, the client, what was seen or what to change. */
export function findingFits({ rule, client, text, fix = '' }: SessionFinding, search: string): boolean {
  const looked = [rule, client.address, client.heloName, text, fix].join('\n');
  return looked.toLowerCase().includes(search.toLowerCase());
}
