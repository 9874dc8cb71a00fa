/** Saving the draft: what came of it, and what is wrong with the draft meanwhile. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { BenchConflict, BenchNotice, BenchProblem } from '../../relay-core/contract/index.ts';
import { api, client } from '../api/client.ts';
import { failureOf } from '../api/failure.ts';
import { currentDraft, type Draft, setDraft } from './draft.ts';

/** Times are the engine's; `inForceAt` is undefined when the relay goes by it already. */
export type Saved = {
  changes: string[];
  at: string;
  inForceAt: string | undefined;
  /** The transaction that a change in it came from. */
  transactionId: string | undefined;
};

/** What of somebody else's a draft is saved over. */
export type Over = 'nothing' | BenchConflict;

/** The version that a draft may replace; undefined for any that runs. */
const replaceable = async (draft: Draft, over: Over): Promise<string | undefined> => {
  if (over === 'running') return undefined;
  if (over === 'nothing') return draft.onDisk ?? draft.version;
  const onDisk = await client.bench.disk();
  return onDisk.state === 'changed' ? onDisk.version : draft.version;
};

export const useSaving = () => {
  const queries = useQueryClient();
  const [problems, setProblems] = useState<BenchProblem[]>([]);
  const [notices, setNotices] = useState<BenchNotice[] | null>(null);
  const [saved, setSaved] = useState<Saved | null>(null);

  const save = useMutation({
    mutationFn: async (over: Over) => {
      const draft = currentDraft();
      if (!draft) throw new Error('There is no draft to save.');
      const version = await replaceable(draft, over);
      return client.bench.replace({ yaml: draft.text, ...(version === undefined ? {} : { version }) });
    },
    // Not waited for: without a connection it would come first, and the saving would never end.
    onSettled: () => void queries.invalidateQueries({ queryKey: api.bench.disk.queryKey() }),
    onSuccess: ({ yaml, version, changes, notices, savedAt, inForceAt }) => {
      setSaved({ changes, at: savedAt, inForceAt, transactionId: currentDraft()?.putIn?.transactionId });
      setDraft({ version, running: yaml, text: yaml });
      setNotices(notices);
      setProblems([]);
      queries.setQueryData(api.bench.read.queryKey(), { yaml, version });
    },
    onError: (error) => setProblems(failureOf(error).problems),
  });

  /** Checks a draft as the engine would; a check that cannot be made marks nothing. */
  const check = useCallback(async (text: string): Promise<BenchProblem[]> => {
    try {
      const result = await client.bench.check({ yaml: text });
      setProblems(result.problems);
      if (result.problems.length === 0) setNotices(result.notices);
      return result.problems;
    } catch {
      return [];
    }
  }, []);

  return { save, check, problems, notices, saved };
};
