/**
 * What a person has not seen in this browser: alerts, of which the newest seen one is remembered, and findings that are
 * problems, by the time until which they were seen; so that the rail can count the newer.
 */
import { useLocalStorage, useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Alert, FindingGroup } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { useSnapshot } from '../api/snapshot.ts';

/** Alerts come with transactions; so often, in milliseconds, new ones are looked for. */
const newsEveryMs = 5_000;
/** A connection that ended before MAIL makes no transaction, so nothing tells of it: it is asked for so often. */
const problemsEveryMs = 5_000;
/** More unread alerts than this count as this many. */
const countedAtMost = 20;

/** Time and id: another data folder may use the same ids. */
const markOf = ({ id, at }: Alert): string => `${at} ${id}`;

const useSeen = () =>
  useLocalStorage<string | null>({ key: 'alerts-seen', defaultValue: null, getInitialValueInEffect: false });

const useProblemsSeen = () =>
  useLocalStorage<string | null>({
    key: 'findings-seen',
    defaultValue: null,
    getInitialValueInEffect: false,
  });

/** How many of the alerts, newest first, are newer than the seen one. */
export const countUnread = (alerts: readonly Alert[], seen: string | null): number => {
  const index = alerts.findIndex((alert) => markOf(alert) === seen);
  return index < 0 ? alerts.length : index;
};

/** How many of the findings were made again or for the first time after they were seen. A clock may have gone back since then. */
export const countUnreadProblems = (
  problems: readonly Pick<FindingGroup, 'lastAt'>[],
  seen: string | null,
  now: string,
): number => problems.filter(({ lastAt }) => seen === null || seen > now || lastAt > seen).length;

/** How many alerts came since a person last looked at them. */
export const useUnreadAlerts = (): number => {
  const [seen] = useSeen();
  const latest = useThrottledValue(useSnapshot()?.latestTransaction ?? null, newsEveryMs);
  const input = { limit: countedAtMost };
  const { data } = useQuery({
    ...api.alerts.list.queryOptions({ input }),
    queryKey: ['alerts', 'unread', latest],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  return countUnread(data?.items ?? [], seen);
};

/** The problems of the last 24 hours of engine time: the newest, and how many connections ended before MAIL. */
export const useRecentProblems = () =>
  useQuery({
    ...api.findings.groups.queryOptions({
      input: { severity: 'problem', hours: 24, limit: countedAtMost },
    }),
    refetchInterval: problemsEveryMs,
  }).data;

/** How many problems of the last 24 hours came since a person last looked at the findings. */
export const useUnreadProblems = (): number => {
  const [seen] = useProblemsSeen();
  const now = useSnapshot()?.status.clock.now;
  const recent = useRecentProblems();
  return now === undefined ? 0 : countUnreadProblems(recent?.items ?? [], seen, now);
};

/** Remembers the newest of the alerts that are shown. */
export const useMarkSeen = () => {
  const [, setSeen] = useSeen();
  return (newest: Alert): void => setSeen(markOf(newest));
};

/** Remembers until when the findings were seen. */
export const useMarkProblemsSeen = () => {
  const [, setSeen] = useProblemsSeen();
  return (until: string): void => setSeen(until);
};
