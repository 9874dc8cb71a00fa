/** The address of a place in this view: which part, and which finding with its connection is open. Links keep all of it. */
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

export const parts = ['findings', 'alerts'] as const;
export type Part = (typeof parts)[number];

/** A finding as it stands in the address: its connection is what is looked at. */
export type OpenFinding = { id: string; sessionId: string };

export const useFindingsAddress = () => {
  const [params, setParams] = useSearchParams();
  const part: Part = parts.find((one) => one === params.get('part')) ?? 'findings';
  const id = params.get('finding');
  const sessionId = params.get('session');
  const opened: OpenFinding | null = id && sessionId ? { id, sessionId } : null;

  const show = useCallback(
    (next: Part): void => setParams(next === 'findings' ? {} : { part: next }),
    [setParams],
  );
  const open = useCallback(
    (finding: OpenFinding): void =>
      setParams({ finding: finding.id, session: finding.sessionId }, { replace: true }),
    [setParams],
  );
  const close = useCallback((): void => setParams({}, { replace: true }), [setParams]);

  return { part, opened, show, open, close };
};
