/**
 * When waiting is enough: until every window that is short has room again, if nothing more is sent, and a suspension is
 * over; or until settings that were saved come into force.
 */
import { demandOf } from '../demand.ts';
import { utcFrom } from '../figures.ts';
import type { Candidate } from './candidate.ts';
import type { Outlook, Situation } from './situation.ts';

export function waiting(situation: Situation, outlook: Outlook): Candidate[] {
  return [...forRoomAndSender(situation, outlook), ...forNewerVersion(situation)];
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
      text: `Wait until ${utcFrom(until)}, when the settings that were saved come into force.`,
      until,
      apply: (each) => ({ ...each, at: Math.max(each.at, until), configuration: next }),
    },
  ];
}

/** Until every window that is short has room, and the sender is no longer suspended for its spam (ABU-2). */
function forRoomAndSender(situation: Situation, outlook: Outlook): Candidate[] {
  const { stage, envelope, configuration, at } = situation;
  if (stage !== 'data') return [];
  const suspendedUntil = outlook.spamSuspendedUntil(envelope.reversePath, configuration, at);
  const roomAt = outlook
    .forecast(demandOf(envelope, configuration), at)
    .map(({ window, user, used, reserved, wanted }) => ({
      window,
      user,
      short: used + reserved + wanted - configuration.quotaLimits[window].value,
    }))
    .filter(({ short }) => short > 0)
    .map(({ window, user, short }) => outlook.freeAt(window, user, short));
  const moments = suspendedUntil === null ? roomAt : [...roomAt, suspendedUntil];
  const until = moments.reduce<number | null>(
    (latest, each) => (latest === null || each === null ? null : Math.max(latest, each)),
    at,
  );
  if (until === null || until === at) return [];
  return [
    {
      kind: 'wait',
      side: 'wait',
      text: `Wait until ${utcFrom(until)}, when ${whatEnds(suspendedUntil, roomAt.length)}.`,
      until,
      apply: (each) => ({ ...each, at: until }),
    },
  ];
}

function whatEnds(suspendedUntil: number | null, windowsShort: number): string {
  if (suspendedUntil === null) return 'enough places are free again';
  const suspension = 'the suspension of the sender is over';
  return windowsShort === 0 ? suspension : `${suspension} and enough places are free again`;
}
