/**
 * The address of a place in this view: which part, which findings, and which connection is open, from a finding or from
 * a transaction. Links keep all of it.
 */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';
import { findingSchema } from '../../relay-core/contract/index.ts';
import type { FindingsFilter } from './findings-data.ts';

export const parts = ['findings', 'alerts'] as const;
export type Part = (typeof parts)[number];

/** What is open: a connection, and the finding in the list that led to it; a link from a transaction has none. */
export type OpenConnection = { id: string | null; sessionId: string };

/** Where a connection is looked at. */
export const connectionPlace = (sessionId: string): string =>
  `/findings?session=${encodeURIComponent(sessionId)}`;

/** Where the findings of a severity are. */
export const problemsPlace = '/findings?severity=problem';

const changed = (params: URLSearchParams, values: Record<string, string | null>): URLSearchParams => {
  const next = new URLSearchParams(params);
  for (const [key, value] of Object.entries(values)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  return next;
};

export const useFindingsAddress = () => {
  const [params, setParams] = useSearchParams();
  const part: Part = parts.find((one) => one === params.get('part')) ?? 'findings';
  const sessionId = params.get('session');
  const opened: OpenConnection | null = sessionId ? { id: params.get('finding'), sessionId } : null;
  const severity = findingSchema.shape.severity.safeParse(params.get('severity'));
  const search = params.get('search') ?? '';
  const filter: FindingsFilter = {
    ...(severity.success ? { severity: severity.data } : {}),
    ...(search ? { search } : {}),
  };

  const show = useCallback(
    (next: Part): void => setParams(next === 'findings' ? {} : { part: next }),
    [setParams],
  );
  /** Sets or, with null, takes out, all at once. */
  const set = useCallback(
    (values: Record<string, string | null>): void =>
      setParams((before) => changed(before, values), { replace: true }),
    [setParams],
  );
  const open = useCallback(
    ({ id, sessionId: session }: OpenConnection): void => set({ finding: id, session }),
    [set],
  );
  const close = useCallback((): void => set({ finding: null, session: null }), [set]);

  return { part, filter, opened, show, set, open, close };
};
