/** What the quotas page reads: windows and one history, kept fresh in place; the users' list, kept as it was read. */
import { useDebouncedValue, useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { QuotaWindow, QuotaWindowState } from '../../relay-core/contract/index.ts';
import { api, client } from '../api/client.ts';
import { useSnapshot, useStatus } from '../api/snapshot.ts';
import { quotasKey } from '../clock/clock-changes.ts';
import { type UserRow, userRows } from './user-rows.ts';
import { isOld, standingOf, type WhenRead } from './when-read.ts';

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

/** Snapshots come at most this long after what they tell of. */
const snapshotUnderWayMs = 300;

const usersInput = (search: string, cursor: string | undefined) => ({
  limit: usersPerPage,
  ...(search ? { search } : {}),
  ...(cursor ? { cursor } : {}),
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

/** How the engine names the user of an address, which may be an alias; the address itself where it is nobody's. */
export const useNameOf = (address: string | undefined) =>
  useQuery({
    ...api.quotas.history.queryOptions({ input: { window: 'user-messages-day', user: address } }),
    queryKey: [quotasKey, 'name', address],
    enabled: address !== undefined,
    select: ({ user }) => user,
  });

/** One window's use over time. */
export const useHistory = (chosen: Chosen) =>
  useQuery({
    ...api.quotas.history.queryOptions({ input: chosen }),
    queryKey: [quotasKey, 'history', chosen, useLatest()],
    refetchInterval: useAskAgainMs(),
    // Ten thousand points are not worth comparing with those before: time has gone on.
    structuralSharing: false,
    placeholderData: (before) =>
      before?.window === chosen.window && before.user === chosen.user ? before : undefined,
  });

type UsersPage = Awaited<ReturnType<typeof client.quotas.list>> & { whenRead: WhenRead };

const readUsers = async (
  input: ReturnType<typeof usersInput>,
  latestTransaction: string | null,
): Promise<UsersPage> => {
  // The clock first: what it does while the users are read makes them old. A snapshot may be behind it.
  const { offsetMs } = await client.clock.read();
  return {
    ...(await client.quotas.list(input)),
    whenRead: { latestTransaction, aheadMs: offsetMs },
  };
};

/** Where time runs fast, people wait for windows to empty: so many pages of users are read again by themselves. */
const followedPages = 1;

/**
 * The users by share of their limit, as they were when read; `stale` when something happened since. While time runs fast they
 * are kept fresh as the windows are, unless more were asked for than the first of them.
 */
export const useUsers = (search: string) => {
  const snapshot = useSnapshot();
  const fast = (snapshot?.status.clock.speed ?? 1) > 1;
  const isFollowed = (pages: readonly UsersPage[] | undefined): boolean =>
    fast && (pages?.length ?? 0) <= followedPages;
  const list = useInfiniteQuery({
    queryKey: api.quotas.list.infiniteKey({
      input: (cursor: string | undefined) => usersInput(search, cursor),
      initialPageParam: undefined as string | undefined,
    }),
    queryFn: ({ pageParam }) => readUsers(usersInput(search, pageParam), snapshot?.latestTransaction ?? null),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Before the first snapshot nobody could tell later whether something happened since.
    enabled: snapshot !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (isFollowed(state.data?.pages) ? freshEveryMs : false),
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const pages = list.data?.pages;
  const rows = useMemo<UserRow[]>(() => userRows((pages ?? []).flatMap(({ windows }) => windows)), [pages]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const refresh = useCallback(() => void refetch(), [refetch]);
  const old =
    snapshot !== null && (pages ?? []).some(({ whenRead }) => isOld(whenRead, standingOf(snapshot)));
  // A snapshot may be under way that tells of what the pages hold already.
  const [wasOld] = useDebouncedValue(old, snapshotUnderWayMs);
  return { list, rows, more, refresh, stale: old && wasOld && !isFollowed(pages) };
};
