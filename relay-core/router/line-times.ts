/**
 * When the lines of a dialogue were said, in engine time. A line is kept with the connection's own milliseconds, which a
 * clock that is stepped on or runs fast does not change; of a transaction it is known when it began and when it was
 * accepted. Behind a known time lines go by the connection's milliseconds, and never beyond the next known time. Pure.
 */
import type { DialogueEntry, TransactionRecord } from '../store/types.ts';

/** What is known of when lines were said: epoch milliseconds of engine time, by the line's ordinal. */
export interface KnownTimes {
  /** First lines of transactions. */
  readonly began: ReadonlyMap<number, number>;
  /** Their 250 to the message. */
  readonly accepted: ReadonlyMap<number, number>;
}

/** An open transaction, of which there is no record yet. */
export interface Begun {
  readonly startedAt: number;
  /** Ordinal of its first line. */
  readonly firstLine: number;
}

/** What transactions say of their lines. */
export function timesKnownOf(
  ended: readonly Pick<TransactionRecord, 'startedAt' | 'finishedAt' | 'decision' | 'dialogue'>[],
  open: Begun | null = null,
): KnownTimes {
  const began = new Map<number, number>(open === null ? [] : [[open.firstLine, open.startedAt]]);
  const accepted = new Map<number, number>();
  for (const { startedAt, finishedAt, decision, dialogue } of ended) {
    const [first, last] = [dialogue.at(0), dialogue.at(-1)];
    if (first !== undefined) began.set(first.ordinal, startedAt);
    if (last !== undefined && decision.outcome === 'accepted') accepted.set(last.ordinal, finishedAt);
  }
  return { began, accepted };
}

export interface TimedLine extends DialogueEntry {
  /** Epoch milliseconds of engine time. */
  readonly at: number;
}

/** Lines of a session, given in order, with their times. These go up, unless the clock was started over between. */
export function timed(
  lines: readonly DialogueEntry[],
  sessionStartedAt: number,
  known: KnownTimes,
): readonly TimedLine[] {
  const bounds = nextKnown(lines, known);
  let from = { at: sessionStartedAt, sinceStartMs: 0 };
  let latest = sessionStartedAt;
  return lines.map((line, index) => {
    const { ordinal, sinceStartMs } = line;
    const began = known.began.get(ordinal);
    const accepted = known.accepted.get(ordinal);
    if (began !== undefined) {
      from = { at: began, sinceStartMs };
      latest = began;
    } else if (accepted !== undefined) {
      // It is kept with the milliseconds of the message's end, before the message was looked into: none to go on from,
      // but where the clock was started over meanwhile.
      if (accepted < from.at) from = { at: accepted, sinceStartMs };
      latest = accepted;
    } else {
      const bound = bounds[index] ?? Number.POSITIVE_INFINITY;
      const at = Math.max(latest, from.at + sinceStartMs - from.sinceStartMs);
      latest = bound < from.at ? at : Math.min(at, bound);
    }
    return { ...line, at: latest };
  });
}

/** For each line the next known time behind it. */
function nextKnown(lines: readonly DialogueEntry[], { began, accepted }: KnownTimes): readonly number[] {
  let next = Number.POSITIVE_INFINITY;
  return lines
    .map(({ ordinal }) => began.get(ordinal) ?? accepted.get(ordinal))
    .reverse()
    .map((at) => {
      const bound = next;
      next = at ?? next;
      return bound;
    })
    .reverse();
}
