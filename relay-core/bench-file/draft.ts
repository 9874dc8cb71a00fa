/**
 * A draft of the bench file with a change in it, as the button of a remedy asks for: laid on the running file, or on a
 * draft of it that has edits already. A change names places in the running file by their number in a list, so that the
 * draft must have the same things there. A long file is worked on in a thread of its own.
 */
import type { PatchOperation } from '../contract/remedies.ts';
import { askThread } from '../threads.ts';
import { type Patched, patched } from './patch.ts';
import { endOfList, isGroup, keysOf, valueAt } from './patch-value.ts';
import { longestReadingMs, longText, readingHeapMb } from './prepare.ts';
import { type BenchProblem, pathText } from './problem.ts';
import { readBenchFile } from './read.ts';

/** What the thread is asked. */
export interface DraftTask {
  readonly running: string;
  /** The draft with its edits; the running text itself where there are none. */
  readonly draft: string;
  readonly change: readonly PatchOperation[];
}

export type Drafted =
  | ({ readonly outcome: 'drafted' } & Patched)
  /** The draft cannot run as it is: what is wrong with it first. */
  | { readonly outcome: 'problem'; readonly problem: BenchProblem }
  /** The draft has something else in the place that the change is for. */
  | { readonly outcome: 'elsewhere'; readonly path: string }
  | { readonly outcome: 'misfit' };

/** @throws when the thread fails: a fault, or a machine without memory */
export async function draftWith(task: DraftTask): Promise<Drafted> {
  if (task.draft.length <= longText) return draftedHere(task);
  return askThread<Drafted>('bench-file-reader', import.meta.url, {
    input: task,
    transfer: [],
    longestMs: longestReadingMs,
    heapMb: readingHeapMb,
  });
}

export function draftedHere({ running, draft, change }: DraftTask): Drafted {
  let missing = change;
  if (draft !== running) {
    const reading = readBenchFile(draft);
    if (reading.outcome === 'problems') return { outcome: 'problem', problem: reading.problems[0] };
    const before = readBenchFile(running);
    const places =
      before.outcome === 'read' ? change.map((each) => movedPlace(before.file, reading.file, each)) : [];
    const moved = places.find((each) => each !== null);
    if (moved != null) return { outcome: 'elsewhere', path: moved };
    missing = change.filter((each) => !standsThere(reading.file, each));
  }
  try {
    return { outcome: 'drafted', ...patched(draft, missing) };
  } catch {
    // The path leads through something that is no group and no list.
    return { outcome: 'misfit' };
  }
}

/** What things in lists of a bench file go by. */
const names = ['address', 'range', 'description', 'path', 'name'] as const;

/** The first place on a change's path at which the draft's list has something else; null where there is none. */
function movedPlace(running: unknown, draft: unknown, { path }: PatchOperation): string | null {
  let [ours, theirs] = [running, draft];
  const keys = keysOf(path);
  for (const [depth, key] of keys.entries()) {
    const [list, other] = [ours, theirs];
    [ours, theirs] = [valueAt(ours, key), valueAt(theirs, key)];
    if (Array.isArray(list) && ours !== undefined && !isSameThing(ours, theirs, list, other))
      return pathText(keys.slice(0, depth + 1));
  }
  return null;
}

/** Whether a list has the thing already that is to be added at its end, as when a button was pressed before. */
function standsThere(draft: unknown, { op, path, value }: PatchOperation): boolean {
  const keys = keysOf(path);
  const list = keys.slice(0, -1).reduce(valueAt, draft);
  if (op !== 'add' || keys.at(-1) !== endOfList || !Array.isArray(list)) return false;
  const name = nameIn(value);
  return name !== undefined && list.some((each) => valueAt(each, name) === valueAt(value, name));
}

/** The key that a thing goes by; undefined for what has no name. */
function nameIn(value: unknown): string | undefined {
  return names.find((each) => {
    const name = valueAt(value, each);
    return typeof name === 'string' && name !== '';
  });
}

/** By name; what has none is the same in a list that has as many things as before. */
function isSameThing(ours: unknown, theirs: unknown, list: readonly unknown[], other: unknown): boolean {
  const name = nameIn(ours);
  if (name !== undefined) return isGroup(theirs) && valueAt(ours, name) === valueAt(theirs, name);
  return Array.isArray(other) && other.length === list.length;
}
