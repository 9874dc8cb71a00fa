/** Each rule the engine acts on is named in at least one test; the book says what relay-rules.md says. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inForce, ruleBook, ruleIds } from '../../relay-core/policy/rule-book.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const specification = readFileSync(new URL('../../docs/spec/relay-rules.md', import.meta.url), 'utf8');
/** Test names cite rules behind a point: "the null sender stays null · ENV-3". */
const cited = new Set(
  globSync('test/**/*.test.{ts,tsx}', { cwd: root })
    .flatMap((file) => readFileSync(`${root}/${file}`, 'utf8').match(/· [A-Z]{2,3}-\d+/g) ?? [])
    .map((citation) => citation.slice(2)),
);

test('every rule in force is named in the title of a test', () => {
  const untested = ruleIds().filter((id) => inForce(id) && !id.startsWith('RFC') && !cited.has(id));
  expect(untested).toEqual([]);
});

test('only the guides for mail systems have no effect yet', () => {
  const guides = ruleIds().filter((id) => id.startsWith('MTA-'));
  expect(guides).not.toEqual([]);
  expect(ruleIds().filter((id) => !inForce(id))).toEqual(guides);
});

test('the book of rules is relay-rules.md, rule by rule', () => {
  const rules = [...specification.matchAll(/^- ([A-Z]+-\d+) (?:\[(doc|log|assumed)\] )?(.*)$/gm)];
  expect(rules.map(([, id]) => id)).toEqual(ruleIds().filter((id) => !id.startsWith('RFC')));
  for (const [, id = '', basis = 'ours', text = ''] of rules) {
    expect(ruleBook).toHaveProperty([id], { basis, text: text.trim() });
  }
});
