/** Findings and alerts by cursor, as they were when the view was opened or read again: nothing joins a list by itself. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Finding } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';

export type FindingsFilter = { severity?: Finding['severity']; search?: string };

const pageSize = 100;

const asRead = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 } as const;

const input = (cursor: string | undefined) => ({ limit: pageSize, ...(cursor ? { cursor } : {}) });

const paging = {
  input,
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: { nextCursor: string | null }) => page.nextCursor ?? undefined,
};

type Listed<Item> = { data?: { pages: { items: Item[] }[] } | undefined };

/** The rows of all pages read so far, and how to ask for the next. */
const useRows = <Item>(
  list: Listed<Item> & {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  },
) => {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { rows, more };
};

/** Findings put together, and how many they are. */
export const useFindings = (filter: FindingsFilter) => {
  const list = useInfiniteQuery({
    ...api.findings.groups.infiniteOptions({
      ...paging,
      input: (cursor: string | undefined) => ({ ...filter, ...input(cursor) }),
    }),
    ...asRead,
    placeholderData: keepPreviousData,
  });
  const [newest] = list.data?.pages ?? [];
  return {
    list,
    ...useRows(list),
    findings: newest?.findings ?? 0,
    olderLeftOut: newest?.olderLeftOut ?? false,
  };
};

export const useAlerts = () => {
  const list = useInfiniteQuery({ ...api.alerts.list.infiniteOptions(paging), ...asRead });
  return { list, ...useRows(list) };
};
