/** What changed from one bench file to the next, in phrases for people: "settings[0].requireTls: false → true". */
import { type KeyPath, pathText } from './problem.ts';
import type { BenchFile } from './schema.ts';

/** More than this is summed up in a last phrase. */
const maxPhrases = 100;
const secretKeys: ReadonlySet<string> = new Set(['passwordHash', 'accessTokenHash']);

/** One phrase for each value that differs; users are matched by address, other lists by position. */
export function changesBetween(before: BenchFile, after: BenchFile): string[] {
  const { users: usersBefore, ...restBefore } = before;
  const { users: usersAfter, ...restAfter } = after;
  const phrases = [...changedValues([], restBefore, restAfter), ...changedUsers(usersBefore, usersAfter)];
  return phrases.length <= maxPhrases
    ? phrases
    : [...phrases.slice(0, maxPhrases), `and ${phrases.length - maxPhrases} more`];
}

function changedUsers(before: BenchFile['users'], after: BenchFile['users']): string[] {
  const left = new Map(before.map((user) => [user.address.toLowerCase(), user]));
  const phrases = after.flatMap((user) => {
    const earlier = left.get(user.address.toLowerCase());
    left.delete(user.address.toLowerCase());
    return earlier === undefined
      ? [`user ${user.address} added`]
      : changedValues([`user ${user.address}`], earlier, user);
  });
  return [...phrases, ...[...left.values()].map((user) => `user ${user.address} removed`)];
}

function changedValues(path: KeyPath, before: unknown, after: unknown): string[] {
  if (isGroup(before) && isGroup(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const isList = Array.isArray(before) || Array.isArray(after);
    return [...keys].flatMap((key) =>
      changedValues([...path, isList ? Number(key) : key], before[key], after[key]),
    );
  }
  if (Object.is(before, after)) return [];
  const name = pathText(path);
  if (secretKeys.has(String(path.at(-1)))) return [`${name} changed`];
  if (before === undefined) return [`${name}: ${shown(after)} added`];
  if (after === undefined) return [`${name}: ${shown(before)} removed`];
  return [`${name}: ${shown(before)} → ${shown(after)}`];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
