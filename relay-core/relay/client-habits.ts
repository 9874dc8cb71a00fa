/**
 * How clients connect: connections a minute and at once for each address, connections a minute for each generic HELO
 * name, messages on each connection (HEL-2, HEL-3), connections in an hour that ended without TLS and without mail (AUT-3).
 * Of connections only those count that were taken: one that is refused for coming too often does not put the next one off.
 * Counts only; what is too much is the policy's to say. On wall time, also while engine time is simulated. Knows nothing
 * of mail.
 */
import { add, advance, createTimeline, momentAt, sum, type Timeline } from '../quota/timeline.ts';

const minuteMs = 60_000;
/**
 * Addresses, and generic names, that are known at once. Those that are quiet for a minute are forgotten, and beyond so
 * many that whose last connection is longest ago; not while it is connected. [ours]
 */
const maxKnown = 5_000;
/** Looked at whenever one is added: more than one, so that they cannot heap up; not all, since that takes milliseconds. */
const lookedAtOnce = 2;

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

/** What one address did in the last minute, with connections that were taken. */
export interface SeenHabits {
  readonly connectionsPerMinute: number;
  readonly connectionsAtOnce: number;
  /** Connections that ended in the last minute. */
  readonly closedPerMinute: number;
  /** Those of them that carried one message at the most. */
  readonly closedWithOneMessagePerMinute: number;
}

export interface ClientHabits {
  /** A connection from an address has greeted, and was taken. */
  connected(address: string, now: number): void;
  /** It is gone, having carried so many messages. */
  disconnected(address: string, messages: number, now: number): void;
  /** It goes on under another address. */
  movedOn(address: string): void;
  /** A connection was taken that greeted with a generic name. */
  greetedGenerically(heloName: string, now: number): void;
  /** How many connections were taken in the last minute that greeted with a generic name. */
  seenGenerically(heloName: string, now: number): number;
  /**
   * A connection under a HELO name ended without TLS and without a transaction (AUT-3); gives how many did from its
   * address and under its name in the hour that began with the first of them, this one included.
   */
  leftInPlainText(address: string, heloName: string, now: number): number;
  seen(address: string, now: number): SeenHabits;
}

export function createClientHabits(): ClientHabits {
  /** In the order of what they did last; those that are connected may stand further back. */
  const addresses = new Map<string, Habits>();
  /** In the order in which they were presented last. */
  const genericNames = new Map<string, Timeline>();
  /** In the order in which their hours began. */
  const leavers = new Map<string, { readonly since: number; times: number }>();

  const newHabits = (): Habits => ({ minute: createTimeline(minuteMs, 3), atOnce: 0 });

  const forgetAddresses = (now: number) => {
    for (let looked = 0; looked < lookedAtOnce; looked += 1) {
      const [oldest] = addresses;
      if (oldest === undefined) return;
      const [address, habits] = oldest;
      if (habits.atOnce > 0) {
        moveToEnd(addresses, address, habits);
        continue;
      }
      advance(habits.minute, now);
      const isQuiet = sum(habits.minute, opened) + sum(habits.minute, closed) === 0;
      if (!isQuiet && addresses.size <= maxKnown) return;
      addresses.delete(address);
    }
  };

  const forgetNames = (now: number) => {
    for (let looked = 0; looked < lookedAtOnce; looked += 1) {
      const [oldest] = genericNames;
      if (oldest === undefined) return;
      const [name, timeline] = oldest;
      advance(timeline, now);
      if (sum(timeline, opened) > 0 && genericNames.size <= maxKnown) return;
      genericNames.delete(name);
    }
  };

  const count = (timeline: Timeline, column: number, now: number) => {
    advance(timeline, now);
    add(timeline, momentAt(timeline, now), column, 1);
  };

  return {
    connected(address, now) {
      const habits = addresses.get(address) ?? newHabits();
      moveToEnd(addresses, address, habits);
      habits.atOnce += 1;
      count(habits.minute, opened, now);
      forgetAddresses(now);
    },
    disconnected(address, messages, now) {
      const habits = addresses.get(address) ?? newHabits();
      moveToEnd(addresses, address, habits);
      habits.atOnce = Math.max(0, habits.atOnce - 1);
      count(habits.minute, closed, now);
      if (messages <= 1) count(habits.minute, closedWithOneMessage, now);
    },
    movedOn(address) {
      const habits = addresses.get(address);
      if (habits !== undefined) habits.atOnce = Math.max(0, habits.atOnce - 1);
    },
    greetedGenerically(heloName, now) {
      const name = heloName.toLowerCase();
      const timeline = genericNames.get(name) ?? createTimeline(minuteMs, 1);
      moveToEnd(genericNames, name, timeline);
      count(timeline, opened, now);
      forgetNames(now);
    },
    seenGenerically(heloName, now) {
      const timeline = genericNames.get(heloName.toLowerCase());
      if (timeline === undefined) return 0;
      advance(timeline, now);
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

/** Puts what is known of somebody behind all others, whether it was there or not. */
function moveToEnd<Known>(all: Map<string, Known>, whose: string, known: Known): void {
  all.delete(whose);
  all.set(whose, known);
}
