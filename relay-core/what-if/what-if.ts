/**
 * "What if": drafts run over the store, one after the other, and their latest results kept to be looked through. A run
 * is bounded by what is stored when it begins; what comes meanwhile is not part of it.
 */
import { randomUUID } from 'node:crypto';
import type { Configuration } from '../policy/types.ts';
import type { Store } from '../store/types.ts';
import { type Run, type RunOptions, runDraft } from './run.ts';
import type { Difference, Tally } from './types.ts';

/** Results that can be looked through; the oldest goes when another comes. */
export const resultsKept = 20;
/** Runs that may wait for those before them. */
const mostWaiting = 5;

export interface WhatIfResult extends Tally {
  readonly resultId: string;
  /** How many of the differences can be looked through. */
  readonly differencesKept: number;
}

export type WhatIfAnswer =
  | { readonly outcome: 'done'; readonly result: WhatIfResult }
  /** Ended early: nobody waits for it, or the engine closes. */
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'busy' };

export interface DifferencesPage {
  readonly differences: readonly Difference[];
  readonly nextCursor: string | null;
}

export interface WhatIf {
  /** Runs a draft over everything stored. */
  run(draft: Configuration, options?: RunOptions): Promise<WhatIfAnswer>;
  /** A result's differences, newest first; null where there is no such result any more. */
  differences(
    resultId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): DifferencesPage | null;
  /** Ends what runs and waits. */
  stop(): void;
}

/** @param running gives the configuration of the running file, against which drafts are held */
export function createWhatIf(store: Pick<Store, 'courses'>, running: () => Configuration): WhatIf {
  const results = new Map<string, Run>();
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  function keep(run: Run): WhatIfResult {
    const resultId = randomUUID();
    results.set(resultId, run);
    const [oldest] = results.keys();
    if (results.size > resultsKept && oldest !== undefined) results.delete(oldest);
    return { ...run.tally, resultId, differencesKept: run.differences.kept() };
  }

  async function answer(
    draft: Configuration,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<WhatIfAnswer> {
    if (signal.aborted) return { outcome: 'stopped' };
    const run = await runDraft({ draft, running: running() }, store.courses(), { ...options, signal });
    return run === null ? { outcome: 'stopped' } : { outcome: 'done', result: keep(run) };
  }

  return {
    async run(draft, options = {}) {
      if (waiting >= mostWaiting) return { outcome: 'busy' };
      const signals = [stopping.signal, ...(options.signal === undefined ? [] : [options.signal])];
      const run = last.then(() => answer(draft, options, AbortSignal.any(signals)));
      last = run.catch(() => undefined);
      waiting += 1;
      try {
        return await run;
      } finally {
        waiting -= 1;
      }
    },
    differences(resultId, { limit, cursor }) {
      const run = results.get(resultId);
      if (run === undefined) return null;
      const from = placeOf(cursor);
      const next = from + limit;
      return {
        differences: run.differences.page(from, limit),
        nextCursor: next < run.differences.kept() ? String(next) : null,
      };
    },
    stop: () => stopping.abort(),
  };
}

/** How many come before; 0 without a cursor, or with one that no answer of ours gave. */
function placeOf(cursor: string | undefined): number {
  return cursor !== undefined && /^\d{1,9}$/.test(cursor) ? Number(cursor) : 0;
}
