/** A JSON Patch (RFC 6902) on what a bench file says, whatever its text is like; and the pointers that lead through it. Pure. */
import type { PatchOperation } from '../contract/remedies.ts';
import type { KeyPath } from './problem.ts';

/** The key that stands behind the end of a list (RFC 6901). */
export const endOfList = '-';

/** The keys of a JSON Pointer (RFC 6901); whole numbers are places in lists. */
export function keysOf(pointer: string): KeyPath {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : key));
}

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a key of a group or list; undefined where there is none. */
export function valueAt(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isGroup(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A value below groups and lists that are not there yet. */
export function wrapped(keys: KeyPath, value: unknown): unknown {
  return keys.reduceRight<unknown>(
    (inner, key) => (typeof key === 'number' || key === endOfList ? [inner] : { [key]: inner }),
    value,
  );
}

/**
 * What a file says once it is changed; groups that a path leads through and that are missing are made.
 * @throws where a path leads through something that is no group and no list
 */
export function withOperation(value: unknown, { op, path, value: fresh }: PatchOperation): unknown {
  return changed(value, keysOf(path), op, fresh);
}

function changed(value: unknown, keys: KeyPath, op: PatchOperation['op'], fresh: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return fresh;
  if (value === undefined) return wrapped(keys, fresh);
  if (Array.isArray(value)) return changedList(value, key, rest, op, fresh);
  if (!isGroup(value)) throw new Error(`there is no group or list for ${key} to stand in`);
  if (rest.length === 0 && op === 'remove')
    return Object.fromEntries(Object.entries(value).filter(([each]) => each !== String(key)));
  return { ...value, [key]: changed(valueAt(value, key), rest, op, fresh) };
}

function changedList(
  list: readonly unknown[],
  key: string | number,
  rest: KeyPath,
  op: PatchOperation['op'],
  fresh: unknown,
): unknown[] {
  const index = key === endOfList ? list.length : key;
  if (typeof index !== 'number' || index > list.length) throw new Error(`the list has no place ${key}`);
  if (rest.length > 0) return list.with(index, changed(list[index], rest, op, fresh));
  if (op === 'remove') return list.toSpliced(index, 1);
  return list.toSpliced(index, op === 'replace' ? 1 : 0, fresh);
}
