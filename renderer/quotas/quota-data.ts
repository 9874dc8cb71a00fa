/** What the quotas page reads: the customer's windows and one history, kept fresh in place; the users' list, kept as it was read. */
import { useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { QuotaWindow, QuotaWindowState } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { useSnapshot } from '../api/snapshot.ts';

const usersPerPage = 100;
/** Figures follow the engine at most this often; windows also empty by themselves, so they are asked for anyway. */
const freshEveryMs = 2_000;
const askAgainMs = 10_000;

const isUsers = ({ user }: QuotaWindowState): boolean => user !== undefined;

/** In the order people ask for them. */
const customerWindows: readonly QuotaWindow[] = [
  'customer-recipients-day',
  'customer-recipients-ten-minutes',
];

/** Which use over time to show. */
export type Chosen = { window: QuotaWindow; user?: string | undefined };

const useLatest = (): string | null =>
  useThrottledValue(useSnapshot()?.latestTransaction ?? null, freshEveryMs);

/** The customer's windows as they stand. */
export const useCustomerWindows = () =>
  useQuery({
    ...api.quotas.list.queryOptions({ input: { limit: 1 } }),
    queryKey: ['quotas', 'customer', useLatest()],
    select: ({ windows }) =>
      customerWindows.flatMap((name) => windows.filter(({ window }) => window === name)),
    refetchInterval: askAgainMs,
    placeholderData: keepPreviousData,
  });

/** One window's use over time. */
export const useHistory = (chosen: Chosen) =>
  useQuery({
    ...api.quotas.history.queryOptions({ input: chosen }),
    queryKey: ['quotas', 'history', chosen, useLatest()],
    refetchInterval: askAgainMs,
    placeholderData: (before) =>
      before?.window === chosen.window && before.user === chosen.user ? before : undefined,
  });

/** The users' windows by share of their limit, as they were when read; `stale` when something happened since. */
export const useUserWindows = (search: string) => {
  const latest = useLatest();
  const [readAt, setReadAt] = useState(latest);
  const list = useInfiniteQuery(
    api.quotas.list.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: usersPerPage,
        ...(search ? { search } : {}),
        ...(cursor ? { cursor } : {}),
      }),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      placeholderData: keepPreviousData,
    }),
  );
  const rows = useMemo(
    () => list.data?.pages.flatMap(({ windows }) => windows.filter(isUsers)) ?? [],
    [list.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const refresh = useCallback(() => {
    setReadAt(latest);
    void refetch();
  }, [latest, refetch]);
  return { list, rows, more, refresh, stale: latest !== readAt && readAt !== null };
};
