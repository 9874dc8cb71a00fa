/**
 * When waiting is enough: until every window that is short has room again, if nothing more is sent; or until settings
 * that were saved come into force.
 */
import { utc } from '../figures.ts';
import type { Candidate } from './candidate.ts';
import { demandOf, type QuotaForecast, type Situation } from './situation.ts';

export function waiting(situation: Situation, forecast: QuotaForecast): Candidate[] {
  return [...forRoom(situation, forecast), ...forNewerVersion(situation)];
}

/** A saved change may be all that is needed, once it has reached everybody (SET-6). */
function forNewerVersion({ configuration }: Situation): Candidate[] {
  const { newerVersion } = configuration;
  if (newerVersion === undefined) return [];
  const { inForceAt: until, configuration: next } = newerVersion;
  return [
    {
      kind: 'wait-for-settings',
      side: 'wait',
      text: `Wait until ${utc(until)}, when the settings that were saved come into force.`,
      until,
      apply: (each) => ({ ...each, at: Math.max(each.at, until), configuration: next }),
    },
  ];
}

function forRoom(situation: Situation, forecast: QuotaForecast): Candidate[] {
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
  return [
    {
      kind: 'wait',
      side: 'wait',
      text: `Wait until ${utc(until)}, when enough places are free again.`,
      until,
      apply: (each) => ({ ...each, at: until }),
    },
  ];
}
