/** From a zod issue to a problem an administrator can act on: the key, what is wrong with its value, and the fix. */
import type { z } from 'zod';
import { keysKnownAt } from './known-keys.ts';
import { nearestOf } from './nearest.ts';
import { type KeyPath, type ProblemAt, pathText, type SomeProblems } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * The problems of a file that the schema refuses. The nearest known key is looked for each time, so of a hostile file
 * only the first problems are worked out; the others are counted.
 */
export function explainIssues(issues: readonly Issue[], input: unknown, most: number): SomeProblems {
  const first: ProblemAt[] = [];
  for (const issue of issues) {
    if (first.length >= most) break;
    first.push(...explainIssue(issue, input, most - first.length));
  }
  return { first, total: issues.reduce((sum, issue) => sum + problemCount(issue), 0) };
}

/** One or more problems, up to so many: an issue about unknown keys names each of them. */
function explainIssue(issue: Issue, input: unknown, most: number): readonly ProblemAt[] {
  const at = issue.path.filter((each) => typeof each !== 'symbol');
  const name = at.length === 0 ? 'the file' : pathText(at);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, most).map((key) => unknownKey(at, key));
    case 'invalid_type':
      return [
        valueAt(input, at) === undefined
          ? missingKey(at)
          : wrongType(at, name, issue.expected, valueAt(input, at)),
      ];
    case 'invalid_value':
      return [wrongChoice(at, name, issue.values.map(String), valueAt(input, at))];
    case 'too_small':
    case 'too_big':
      return [{ code: 'wrong-value', at, message: `${name} ${sizeText(issue)}`, hint: sizeHint(issue) }];
    case 'invalid_format':
    case 'custom':
      return [{ code: 'wrong-value', at, message: `${name} ${issue.message}` }];
    case 'invalid_union':
      return explainUnion(issue, input, most);
    default:
      return [{ code: 'wrong-value', at, message: `${name}: ${issue.message}` }];
  }
}

/** How many problems an issue is explained as. */
function problemCount(issue: Issue): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length;
  if (issue.code !== 'invalid_union') return 1;
  return meantIn(issue).reduce((sum, each) => sum + problemCount(each), 0);
}

type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** Of a value that may be written in several ways, the problems of the way it was meant: the one whose type fits. */
function meantIn({ errors }: UnionIssue): readonly Issue[] {
  const meant = errors.find(
    (issues) => !issues.some((each) => each.code === 'invalid_type' && each.path.length === 0),
  );
  return meant ?? errors[0] ?? [];
}

function explainUnion(issue: UnionIssue, input: unknown, most: number): readonly ProblemAt[] {
  const issues = meantIn(issue).map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  return explainIssues(issues, input, most).first;
}

function unknownKey(at: KeyPath, key: string): ProblemAt {
  if (key === 'settings' && at[1] === 'organisationalUnits') return settingsBelowTheRoot(at, key);
  const known = keysKnownAt(at);
  const nearest = nearestOf(key, known);
  const where = at.length === 0 ? 'the file' : pathText(at);
  return {
    code: 'unknown-key',
    at: [...at, key],
    key,
    message: `"${key}" is no key of ${where}`,
    ...(nearest === null ? {} : { nearest }),
    hint: nearest === null ? `known keys: ${known.join(', ')}` : `did you mean "${nearest}"?`,
  };
}

/** Known well enough to be told what it is: units inherit relay settings, and cannot have their own (ORG-4). */
function settingsBelowTheRoot(at: KeyPath, key: string): ProblemAt {
  return {
    code: 'unknown-key',
    at: [...at, key],
    key,
    message: `${pathText(at)}: relay settings are edited at the root organisational unit only`,
    hint: 'move them to the file’s own key "settings"; every unit inherits those (ORG-4)',
  };
}

function missingKey(at: KeyPath): ProblemAt {
  return {
    code: 'missing-key',
    at,
    message: `${pathText(at) || 'the file'} is missing`,
    hint: `add the key "${String(at.at(-1) ?? 'customer')}"`,
  };
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
  record: 'a group of keys',
};

function wrongType(at: KeyPath, name: string, expected: string, value: unknown): ProblemAt {
  const wanted = typeNames[expected] ?? expected;
  const quote = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return {
    code: 'wrong-type',
    at,
    message: `${name} must be ${wanted}, not ${shown(value)}`,
    ...(at.length === 0 ? { hint: 'it needs customer, users and settings' } : {}),
    ...(quote ? { hint: `write it in quotes: "${String(value)}"` } : {}),
  };
}

function wrongChoice(at: KeyPath, name: string, choices: readonly string[], value: unknown): ProblemAt {
  const nearest = typeof value === 'string' ? nearestOf(value, choices) : null;
  return {
    code: 'wrong-value',
    at,
    message: `${name} must be one of ${choices.join(', ')}, not ${shown(value)}`,
    ...(nearest === null ? {} : { hint: `did you mean "${nearest}"?` }),
  };
}

function sizeText(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  if (issue.code === 'too_small') {
    return issue.origin === 'string'
      ? 'must not be empty'
      : `is too small: at least ${String(issue.minimum)}`;
  }
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  return `is too large: at most ${String(issue.maximum)}${unit}`;
}

function sizeHint(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  return issue.code === 'too_small'
    ? `write ${String(issue.minimum)} or more`
    : `write ${String(issue.maximum)} or less`;
}

function shown(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a group of keys';
  const text = String(value);
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"` : text;
}

/** The value at a path of parsed YAML; undefined where there is none. */
function valueAt(input: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}
