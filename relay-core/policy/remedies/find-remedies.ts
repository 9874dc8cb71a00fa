/**
 * What would make this pass: every known single change is tried by judging again, and those that turn the refusal into
 * a pass are given, the least intrusive first; pairs when no single one does. Nothing is guessed.
 */
import type { Remedy, RemedySide } from '../../contract/remedies.ts';
import type { Candidate } from './candidate.ts';
import { clientChanges } from './client-changes.ts';
import { settingsChanges } from './settings-changes.ts';
import { askedOnce, judge, type Outlook, type Situation } from './situation.ts';
import { waiting } from './waiting.ts';

export interface Remedies {
  readonly remedies: readonly Remedy[];
  /** Why there is none, in one sentence; null where there are. */
  readonly reason: string | null;
}

/** Where no remedy is needed, or none could be. */
export function noRemedy(reason: string | null): Remedies {
  return { remedies: [], reason };
}

/** More than this is a catalogue, not an answer. */
const maxRemedies = 8;
const maxPairs = 4;

/** @param situation a refused one */
export function findRemedies(situation: Situation, asked: Outlook): Remedies {
  const outlook = askedOnce(asked);
  const candidates = [
    ...clientChanges(situation, outlook),
    ...waiting(situation, outlook),
    ...settingsChanges(situation, outlook),
  ];
  const passes = (each: Situation) => judge(each, outlook).outcome === 'accepted';
  const singles = firstOfEachKind(candidates.filter(({ apply }) => passes(apply(situation))));
  if (singles.length > 0) {
    const together = togetherToo(candidates, singles, situation, passes);
    const found = [...singles.map((each) => [each]), ...together];
    return { remedies: found.slice(0, maxRemedies).map(remedyOf), reason: null };
  }
  const pairs = pairsThatPass(candidates, situation, passes);
  return pairs.length > 0
    ? { remedies: pairs.map(remedyOf), reason: null }
    : {
        remedies: [],
        reason: 'No known change of the client or the settings, nor two together, would make this pass.',
      };
}

function firstOfEachKind(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ kind }) => !seen.has(kind) && seen.add(kind));
}

type Pair = readonly [Candidate, Candidate];

/** What MTA-10 names for mail of foreign domains: any sender, and a domain that vouches for it by HELO or SMTP AUTH. */
const namedPairs: readonly (readonly [first: string, second: string])[] = [
  ['helo', 'any'],
  ['auth', 'any'],
];

/** The pairs that the service itself names, told beside single changes of another kind. */
function togetherToo(
  candidates: readonly Candidate[],
  singles: readonly Candidate[],
  situation: Situation,
  passes: (each: Situation) => boolean,
): Pair[] {
  const alone = new Set(singles.map(({ kind }) => kind));
  return namedPairs
    .filter((kinds) => !kinds.some((kind) => alone.has(kind)))
    .flatMap((kinds) =>
      pairsThatPass(
        candidates.filter(({ kind }) => kinds.includes(kind)),
        situation,
        passes,
      ),
    );
}

function pairsThatPass(
  candidates: readonly Candidate[],
  situation: Situation,
  passes: (each: Situation) => boolean,
): Pair[] {
  const found: Pair[] = [];
  const kinds = new Set<string>();
  for (const [index, first] of candidates.entries()) {
    for (const second of candidates.slice(index + 1)) {
      const kind = `${first.kind} ${second.kind}`;
      if (first.kind === second.kind || kinds.has(kind)) continue;
      if (!passes(second.apply(first.apply(situation)))) continue;
      kinds.add(kind);
      found.push([first, second]);
      if (found.length === maxPairs) return found;
    }
  }
  return found;
}

function remedyOf(candidates: readonly Candidate[]): Remedy {
  const change = candidates.flatMap((each) => each.change ?? []);
  const until = candidates.find((each) => each.until !== undefined)?.until;
  return {
    side: sideOf(candidates.map(({ side }) => side)),
    text: candidates.map(({ text }) => text).join(' And: '),
    ...(change.length === 0 ? {} : { change }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  };
}

function sideOf(sides: readonly RemedySide[]): RemedySide {
  return (['settings', 'client', 'wait'] as const).find((side) => sides.includes(side)) ?? 'client';
}
