/**
 * What changed from one bench file to the next, value by value, and in phrases for people:
 * "settings[0].requireTls: false → true". Passwords and tokens never stand in it, not even as hashes.
 */
import { type KeyPath, pathText } from './problem.ts';
import type { BenchFile } from './schema.ts';

/** One value that differs. Before is undefined for what was added, after for what was removed. */
export interface ValueChange {
  /** Its place, as `settings[0].requireTls` or `user anna@example.com.suspended`. */
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
  /** For people. */
  readonly phrase: string;
}

/** More phrases than this are summed up in a last one. */
const maxPhrases = 100;
const secretKeys: ReadonlySet<string> = new Set([
  'password',
  'passwordHash',
  'accessToken',
  'accessTokenHash',
]);
/** Stands where a secret would. */
export const secretShown = '(secret)';

/** One phrase for each value that differs; users are matched by address, other lists by position. */
export function changesBetween(before: BenchFile, after: BenchFile): string[] {
  const phrases = valueChanges(before, after).map(({ phrase }) => phrase);
  return phrases.length <= maxPhrases
    ? phrases
    : [...phrases.slice(0, maxPhrases), `and ${phrases.length - maxPhrases} more`];
}

/** Every value that differs, in the order of the file, users last. */
export function valueChanges(before: BenchFile, after: BenchFile): ValueChange[] {
  const { users: usersBefore, ...restBefore } = before;
  const { users: usersAfter, ...restAfter } = after;
  return [...changedValues([], restBefore, restAfter), ...changedUsers(usersBefore, usersAfter)];
}

function changedUsers(before: BenchFile['users'], after: BenchFile['users']): ValueChange[] {
  const left = new Map(before.map((user) => [user.address.toLowerCase(), user]));
  const changes = after.flatMap((user) => {
    const what = `user ${user.address}`;
    const earlier = left.get(user.address.toLowerCase());
    left.delete(user.address.toLowerCase());
    return earlier === undefined
      ? [{ what, before: undefined, after: withoutSecrets(user), phrase: `${what} added` }]
      : changedValues([what], earlier, user);
  });
  const removed = [...left.values()].map((user) => {
    const what = `user ${user.address}`;
    return { what, before: withoutSecrets(user), after: undefined, phrase: `${what} removed` };
  });
  return [...changes, ...removed];
}

function changedValues(path: KeyPath, before: unknown, after: unknown): ValueChange[] {
  if (isGroup(before) && isGroup(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const isList = Array.isArray(before) || Array.isArray(after);
    return [...keys].flatMap((key) =>
      changedValues([...path, isList ? Number(key) : key], before[key], after[key]),
    );
  }
  if (Object.is(before, after)) return [];
  const what = pathText(path);
  if (secretKeys.has(String(path.at(-1)))) {
    const blank = (value: unknown) => (value === undefined ? undefined : secretShown);
    return [{ what, before: blank(before), after: blank(after), phrase: `${what} changed` }];
  }
  return [{ what, before, after, phrase: phraseOf(what, before, after) }];
}

function withoutSecrets(user: BenchFile['users'][number]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(user).map(([key, value]) => [key, secretKeys.has(key) ? secretShown : value]),
  );
}

function phraseOf(what: string, before: unknown, after: unknown): string {
  if (before === undefined) return `${what}: ${shown(after)} added`;
  if (after === undefined) return `${what}: ${shown(before)} removed`;
  return `${what}: ${shown(before)} → ${shown(after)}`;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
