/** Which alerts a person has seen in this browser: the newest one is remembered, so that the rail can count the newer. */
import { useLocalStorage, useThrottledValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Alert } from '../../relay-core/contract/index.ts';
import { api } from '../api/client.ts';
import { useSnapshot } from '../api/snapshot.ts';

/** Alerts come with transactions; so often, in milliseconds, new ones are looked for. */
const newsEveryMs = 5_000;
/** More unread alerts than this count as this many. */
const countedAtMost = 20;

/** Time and id: another data folder may use the same ids. */
const markOf = ({ id, at }: Alert): string => `${at} ${id}`;

const useSeen = () =>
  useLocalStorage<string | null>({ key: 'alerts-seen', defaultValue: null, getInitialValueInEffect: false });

/** How many of the alerts, newest first, are newer than the seen one. */
export const countUnread = (alerts: readonly Alert[], seen: string | null): number => {
  const index = alerts.findIndex((alert) => markOf(alert) === seen);
  return index < 0 ? alerts.length : index;
};

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

/** Remembers the newest of the alerts that are shown. */
export const useMarkSeen = () => {
  const [, setSeen] = useSeen();
  return (newest: Alert): void => setSeen(markOf(newest));
};
