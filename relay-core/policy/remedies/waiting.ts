/** When waiting is enough: the moment at which every window that is short has room again, if nothing more is sent. */
import type { Candidate } from './candidate.ts';
import { demandOf, type QuotaForecast, type Situation } from './situation.ts';

export function waiting(situation: Situation, forecast: QuotaForecast): Candidate[] {
  const { stage, envelope, configuration, at } = situation;
  if (stage !== 'data') return [];
  const moments = forecast
    .counts(demandOf(envelope, configuration), at)
    .map(({ window, user, used, reserved, wanted }) => ({
      window,
      user,
      short: used + reserved + wanted - configuration.quotaLimits[window].value,
    }))
    .filter(({ short }) => short > 0)
    .map(({ window, user, short }) => forecast.freeAt(window, user, short));
  const until = moments.reduce<number | null>(
    (latest, each) => (latest === null || each === null ? null : Math.max(latest, each)),
    at,
  );
  if (moments.length === 0 || until === null) return [];
  const clock = new Date(until).toISOString().replace('T', ' ').slice(0, 19);
  return [
    {
      kind: 'wait',
      side: 'wait',
      text: `Wait until ${clock} UTC, when enough places are free again.`,
      until,
      apply: (each) => ({ ...each, at: until }),
    },
  ];
}
