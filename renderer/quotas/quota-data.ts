/** What the quotas page reads: windows and one history, kept fresh in place; the users' list, kept as it was read. */
import { useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { QuotaWindow, QuotaWindowState } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { useSnapshot, useStatus } from '../api/snapshot.ts';
import { quotasKey } from '../clock/clock-changes.ts';
import { type UserRow, userRows } from './user-rows.ts';

const usersPerPage = 100;
/** Figures follow the engine at most this often; windows also empty by themselves, so they are asked for anyway. */
const freshEveryMs = 2_000;
const askAgainMs = 10_000;

/** In the order people ask for them. */
const customerWindows: readonly QuotaWindow[] = [
  'customer-recipients-day',
  'customer-recipients-ten-minutes',
];

/** Which use over time to show. */
export type Chosen = { window: QuotaWindow; user?: string | undefined };

const useLatest = (): string | null =>
  useThrottledValue(useSnapshot()?.latestTransaction ?? null, freshEveryMs);

/** Windows empty faster when time runs faster. */
const useAskAgainMs = (): number => ((useStatus()?.clock.speed ?? 1) > 1 ? freshEveryMs : askAgainMs);

/** The customer's windows as they stand; `recipients` is the size of message that shall fit. */
export const useCustomerWindows = (recipients: number) =>
  useQuery({
    ...api.quotas.list.queryOptions({ input: { limit: 0, recipients } }),
    queryKey: [quotasKey, 'customer', recipients, useLatest()],
    select: ({ windows }) =>
      customerWindows.flatMap((name) => windows.filter(({ window }) => window === name)),
    refetchInterval: useAskAgainMs(),
    placeholderData: keepPreviousData,
  });

/** More users than these do not hold one's address within theirs. */
const namesakes = 100;

/** One user's windows as they stand: messages, then unique recipients. */
export const useWindowsOf = (user: string | undefined, recipients: number) =>
  useQuery({
    ...api.quotas.list.queryOptions({ input: { limit: namesakes, search: user ?? '', recipients } }),
    queryKey: [quotasKey, 'user', user, recipients, useLatest()],
    enabled: user !== undefined,
    select: ({ windows }): QuotaWindowState[] =>
      userRows(windows)
        .filter((row) => row.user === user)
        .flatMap(({ messages, unique }) => [messages, unique])
        .filter((state) => state !== null),
    refetchInterval: useAskAgainMs(),
    placeholderData: (before) => (before?.windows.some((state) => state.user === user) ? before : undefined),
  });

/** One window's use over time. */
export const useHistory = (chosen: Chosen) =>
  useQuery({
    ...api.quotas.history.queryOptions({ input: chosen }),
    queryKey: [quotasKey, 'history', chosen, useLatest()],
    refetchInterval: useAskAgainMs(),
    placeholderData: (before) =>
      before?.window === chosen.window && before.user === chosen.user ? before : undefined,
  });

/** The users by share of their limit, as they were when read; `stale` when something happened since. */
export const useUsers = (search: string) => {
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
  const rows = useMemo<UserRow[]>(
    () => userRows(list.data?.pages.flatMap(({ windows }) => windows) ?? []),
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
