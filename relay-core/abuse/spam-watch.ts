/**
 * Who sends much spam: verdicts counted for each sender over a rolling day of engine time (ABU-1, ABU-2). It says when
 * the super administrator is to be told and whether the sender is suspended. Counts only; it reads no mail.
 */
import { add, advance, createTimeline, momentAt, sum, type Timeline } from '../quota/timeline.ts';

/** Thresholds of the profile. */
export interface SpamThresholds {
  /** Spam verdicts on one sender's messages that raise an alert. */
  readonly alertFrom: number;
  /** Window in which they are counted, milliseconds of engine time. */
  readonly windowMs: number;
  /** How long a registered sender is suspended from sending, milliseconds; null where it is not. */
  readonly suspensionMs: number | null;
}

/** The sender of a spam message: a registered user's main address, or the envelope sender as it was sent. */
export interface SpamSender {
  readonly address: string;
  readonly registered: boolean;
}

/** What a spam message leads to: nothing yet, or an alert with its consequence. */
export type SpamConsequence =
  | { readonly kind: 'counted' }
  | {
      readonly kind: 'alert';
      /** ABU-2 where the sender is suspended or told of again, else ABU-1. */
      readonly rule: 'ABU-1' | 'ABU-2';
      readonly messages: number;
      /** Epoch milliseconds of engine time; null where the sender goes on. */
      readonly suspendedUntil: number | null;
    };

export interface SpamWatch {
  /** A message of the sender was found to be spam. */
  spamFrom(sender: SpamSender, at: number, thresholds: SpamThresholds): SpamConsequence;
  /** Spam messages of a sender in the window. */
  spamOf(address: string, at: number): number;
  /** Until when a sender is suspended; null when it is not at `at`. Asking ahead changes nothing. */
  suspendedUntil(address: string, at: number): number | null;
  /** Forgets all counts and suspensions: engine time starts over. */
  startOver(): void;
  /** Takes up a suspension from the store. */
  restoreSuspension(address: string, until: number): void;
}

const dayMs = 24 * 60 * 60 * 1000;

export function createSpamWatch(): SpamWatch {
  const senders = new Map<string, Timeline>();
  const suspensions = new Map<string, number>();

  const present = (address: string, at: number): Timeline | null => {
    const timeline = senders.get(address) ?? null;
    if (timeline !== null) advance(timeline, at);
    return timeline;
  };

  return {
    spamFrom({ address, registered }, at, { alertFrom, windowMs, suspensionMs }) {
      const timeline = present(address, at) ?? createTimeline(windowMs, 1);
      senders.set(address, timeline);
      add(timeline, momentAt(timeline, at), 0, 1);
      const messages = sum(timeline, 0);
      if (messages === alertFrom) {
        const suspendedUntil = registered && suspensionMs !== null ? at + suspensionMs : null;
        if (suspendedUntil !== null) suspensions.set(address, suspendedUntil);
        return { kind: 'alert', rule: suspendedUntil === null ? 'ABU-1' : 'ABU-2', messages, suspendedUntil };
      }
      // Nobody can suspend an address that is no user's: it is told of once more, and that is all (ABU-2).
      return !registered && messages === 2 * alertFrom
        ? { kind: 'alert', rule: 'ABU-2', messages, suspendedUntil: null }
        : { kind: 'counted' };
    },
    spamOf(address, at) {
      const timeline = present(address, at);
      return timeline === null ? 0 : sum(timeline, 0);
    },
    suspendedUntil(address, at) {
      const until = suspensions.get(address) ?? null;
      return until !== null && until > at ? until : null;
    },
    startOver() {
      senders.clear();
      suspensions.clear();
    },
    restoreSuspension(address, until) {
      suspensions.set(address, until);
    },
  };
}

/** The window and threshold of both profiles. [ours] */
export const spamWindow = { alertFrom: 10, windowMs: dayMs } as const;
