/**
 * How clients connect: connections a minute and at once for each address, connections a minute for each generic HELO
 * name, messages on each connection (HEL-2, HEL-3), connections in an hour that ended without TLS and without mail (AUT-3).
 * Counts only; what is too much is the policy's to say. On wall time, also while engine time is simulated. Knows nothing
 * of mail.
 */
import { add, advance, createTimeline, momentAt, sum, type Timeline } from '../quota/timeline.ts';

const minuteMs = 60_000;
/** Addresses that are not connected and quiet for a minute are forgotten, at the latest when so many are known. */
const maxQuietAddresses = 5_000;

const hourMs = 60 * minuteMs;
/** Clients that left in plain text are known by address and name; beyond so many the oldest are forgotten. */
const maxLeavers = 5_000;

const opened = 0;
const closed = 1;
const closedWithOneMessage = 2;

interface Habits {
  readonly minute: Timeline;
  atOnce: number;
}

/** What one address did in the last minute. */
export interface SeenHabits {
  readonly connectionsPerMinute: number;
  readonly connectionsAtOnce: number;
  /** Connections that ended in the last minute. */
  readonly closedPerMinute: number;
  /** Those of them that carried one message at the most. */
  readonly closedWithOneMessagePerMinute: number;
}

export interface ClientHabits {
  /** A connection from an address has greeted. */
  connected(address: string, now: number): void;
  /** It is gone, having carried so many messages. */
  disconnected(address: string, messages: number, now: number): void;
  /** A connection greeted with a generic name; gives how many did in the last minute, this one included. */
  greetedGenerically(heloName: string, now: number): number;
  /**
   * A connection under a HELO name ended without TLS and without a transaction (AUT-3); gives how many did from its
   * address and under its name in the hour that began with the first of them, this one included.
   */
  leftInPlainText(address: string, heloName: string, now: number): number;
  seen(address: string, now: number): SeenHabits;
}

export function createClientHabits(): ClientHabits {
  const addresses = new Map<string, Habits>();
  const genericNames = new Map<string, Timeline>();
  /** In the order in which their hours began. */
  const leavers = new Map<string, { readonly since: number; times: number }>();

  const habitsOf = (address: string): Habits => {
    const known = addresses.get(address);
    if (known !== undefined) return known;
    const habits = { minute: createTimeline(minuteMs, 3), atOnce: 0 };
    addresses.set(address, habits);
    return habits;
  };

  const forgetQuiet = (now: number) => {
    if (addresses.size <= maxQuietAddresses) return;
    for (const [address, { minute, atOnce }] of addresses) {
      advance(minute, now);
      if (atOnce === 0 && sum(minute, opened) + sum(minute, closed) === 0) addresses.delete(address);
    }
  };

  const count = (timeline: Timeline, column: number, now: number) => {
    advance(timeline, now);
    add(timeline, momentAt(timeline, now), column, 1);
  };

  return {
    connected(address, now) {
      forgetQuiet(now);
      const habits = habitsOf(address);
      habits.atOnce += 1;
      count(habits.minute, opened, now);
    },
    disconnected(address, messages, now) {
      const habits = habitsOf(address);
      habits.atOnce = Math.max(0, habits.atOnce - 1);
      count(habits.minute, closed, now);
      if (messages <= 1) count(habits.minute, closedWithOneMessage, now);
    },
    greetedGenerically(heloName, now) {
      const name = heloName.toLowerCase();
      const timeline = genericNames.get(name) ?? createTimeline(minuteMs, 1);
      genericNames.set(name, timeline);
      count(timeline, opened, now);
      return sum(timeline, opened);
    },
    leftInPlainText(address, heloName, now) {
      const client = `${address} ${heloName.toLowerCase()}`;
      const known = leavers.get(client);
      if (known !== undefined && now - known.since < hourMs) {
        known.times += 1;
        return known.times;
      }
      leavers.delete(client);
      leavers.set(client, { since: now, times: 1 });
      const [oldest] = leavers.keys();
      if (leavers.size > maxLeavers && oldest !== undefined) leavers.delete(oldest);
      return 1;
    },
    seen(address, now) {
      const habits = addresses.get(address);
      if (habits === undefined) {
        return {
          connectionsPerMinute: 0,
          connectionsAtOnce: 0,
          closedPerMinute: 0,
          closedWithOneMessagePerMinute: 0,
        };
      }
      advance(habits.minute, now);
      return {
        connectionsPerMinute: sum(habits.minute, opened),
        connectionsAtOnce: habits.atOnce,
        closedPerMinute: sum(habits.minute, closed),
        closedWithOneMessagePerMinute: sum(habits.minute, closedWithOneMessage),
      };
    },
  };
}
