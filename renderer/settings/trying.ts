/**
 * A draft tried on what is stored: how far the run has come, then its result. It outlives a change of view, so that one
 * can look at a transaction and come back.
 */
import { useSyncExternalStore } from 'react';
import type { WhatIfResult } from '../../relay-core/contract/index.ts';
import { client } from '../api/client.ts';

/** `draft` is the text that was tried. */
export type Trial =
  | { state: 'none' }
  | { state: 'running'; draft: string; done: number; total: number | null }
  | { state: 'done'; draft: string; result: WhatIfResult }
  | { state: 'failed'; draft: string; error: unknown };

let trial: Trial = { state: 'none' };
let running = new AbortController();
const watchers = new Set<() => void>();

const setTrial = (next: Trial): void => {
  trial = next;
  for (const watcher of watchers) watcher();
};

const watch = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export const useTrial = (): Trial => useSyncExternalStore(watch, () => trial);

/** Ends the run that goes on, or puts its result away. */
export const endTrial = (): void => {
  running.abort();
  setTrial({ state: 'none' });
};

/** Runs a draft over what is stored, in place of the run before. */
export const tryDraft = async (draft: string): Promise<void> => {
  running.abort();
  const own = new AbortController();
  running = own;
  setTrial({ state: 'running', draft, done: 0, total: null });
  try {
    for await (const told of await client.whatIf.watch({ yaml: draft }, { signal: own.signal })) {
      if (own.signal.aborted) return;
      if (told.kind === 'done') return setTrial({ state: 'done', draft, result: told.result });
      setTrial({ state: 'running', draft, done: told.done, total: told.total });
    }
  } catch (error) {
    if (!own.signal.aborted) setTrial({ state: 'failed', draft, error });
  }
};
