/**
 * The list's data: pages by cursor, as they were when the list was opened, and how many are newer by now.
 * Nothing joins the list by itself, except to an empty one, whose reader waits for the first.
 */
import { useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import type { Outcome } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { useSnapshot } from '../api/snapshot.ts';
import { countNewer, pageSize } from './news.ts';

export type ListFilter = { outcome?: Outcome; search?: string };

/** Under load the engine has news every 100 ms; a person has no use for more than one count a second. */
const newsEveryMs = 1_000;

export const useTransactionList = (filter: ListFilter) => {
  const queries = useQueryClient();
  const snapshot = useSnapshot();
  const latest = useThrottledValue(snapshot?.latestTransaction ?? null, newsEveryMs);
  const { outcome, search } = filter;
  const chosen = useMemo(
    () => ({ limit: pageSize, ...(outcome ? { outcome } : {}), ...(search ? { search } : {}) }),
    [outcome, search],
  );

  const options = api.transactions.list.infiniteOptions({
    input: (cursor: string | undefined) => ({ ...chosen, ...(cursor ? { cursor } : {}) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const list = useInfiniteQuery(options);
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const newestKnown = rows[0]?.id;

  const head = useQuery({
    ...api.transactions.list.queryOptions({ input: chosen }),
    queryKey: ['transactions', 'head', chosen, latest],
    enabled: list.isSuccess && !list.isPlaceholderData && latest !== null && latest !== newestKnown,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const current = latest !== newestKnown && !head.isPlaceholderData ? head.data : undefined;
  const newer = current ? countNewer(current.items, newestKnown) : 0;

  const bringIn = useCallback(() => {
    if (current) queries.setQueryData(options.queryKey, { pages: [current], pageParams: [undefined] });
  }, [current, queries, options.queryKey]);

  const empty = list.isSuccess && rows.length === 0;
  useEffect(() => {
    if (empty && newer > 0) bringIn();
  }, [empty, newer, bringIn]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  return { list, rows, newer, bringIn, more, kept: snapshot?.transactions ?? null };
};
