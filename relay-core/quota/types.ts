/**
 * Quota windows as data: what is counted, the counts at one moment, and what a transaction would add (UQ, CQ).
 * Times are epoch milliseconds of engine time; counts are recipients or messages.
 */
import type { LimitSource, QuotaWindow } from '../contract/words.ts';
import type { AddressKey } from '../organisation/types.ts';
import type { PairId } from './pair-records.ts';
import type { UserNumber } from './users.ts';

export type { QuotaWindow };

export interface Limit {
  readonly value: number;
  readonly source: LimitSource;
}

/** The limits in force, one for each window. */
export type QuotaLimits = Readonly<Record<QuotaWindow, Limit>>;

/** What one transaction asks of the quotas. */
export interface QuotaDemand {
  /** The registered user it counts under; null when the sender is none (UQ-4). */
  readonly user: AddressKey | null;
  /** Every accepted recipient, repeats included (CQ-3), in comparison form. */
  readonly recipients: readonly AddressKey[];
}

/** The state of one window. */
export interface WindowState {
  readonly window: QuotaWindow;
  /** Whose window; null for the customer's. */
  readonly user: AddressKey | null;
  /** Charged or filled in, and still inside the window. */
  readonly used: number;
  /** Held by transactions between DATA and their last reply (CQ-8). */
  readonly reserved: number;
  /** When the next place frees up; null when nothing is used. */
  readonly nextFreeAt: number | null;
  /** How much of `used` was filled in by hand. */
  readonly simulated: number;
}

/** One window before a transaction, and how much the transaction would add to it. */
export interface WindowCount extends WindowState {
  /** What this transaction adds: messages, total recipients, or recipients new to the window. */
  readonly wanted: number;
}

/** Places held for one transaction; given back by `release` or turned into counts by `charge`. */
export interface Reservation {
  readonly demand: QuotaDemand;
  readonly reservedAt: number;
  /** For the counts alone, which set it to null once the places were given back or charged. */
  held: HeldPlaces | null;
}

/** What a reservation holds: the places of its user's different recipients, one for each pair. */
export interface HeldPlaces {
  readonly user: UserNumber | null;
  readonly pairs: readonly PairId[];
}

/** One charged transaction as the store keeps it, so that counts can be built again after a restart. */
export interface LedgerEntry {
  /** Engine time of the charge. */
  readonly at: number;
  readonly user: AddressKey | null;
  readonly recipients: readonly AddressKey[];
}

/** Use that was filled in by hand, in one window and no other, as the store keeps it. */
export interface FillEntry {
  /** Engine time from which it counts. */
  readonly at: number;
  readonly window: QuotaWindow;
  /** Whose window; null for the customer's. */
  readonly user: AddressKey | null;
  readonly amount: number;
}

/**
 * The counts in memory. Exact, rolling to the millisecond; the cost of a question or a charge does not grow with history.
 * Every method first lets what left the windows by `now` go.
 */
export interface QuotaCounts {
  /** The windows a demand touches, in the order CQ-7 checks them: customer peak, customer day, then the user's two. */
  counts(demand: QuotaDemand, now: number): readonly WindowCount[];
  /** The same windows as they will stand at a later time, if nothing more is sent until then. Changes nothing. */
  forecast(demand: QuotaDemand, at: number): readonly WindowCount[];
  /** When at least `places` of what a window holds will have left it; null when it never holds as much. */
  freeAt(window: QuotaWindow, user: AddressKey | null, places: number): number | null;
  /** Holds places for all recipients at once (CQ-8). The caller has checked the limits in the same turn. */
  reserve(demand: QuotaDemand, now: number): Reservation;
  /** Turns a reservation into counts at `now`, and gives the entry to be stored with the message. */
  charge(reservation: Reservation, now: number): LedgerEntry;
  /** Gives the places back. A reservation that was charged or released before stays so. */
  release(reservation: Reservation): void;
  /** Counts an entry from the store; entries come in the order of their time. */
  restore(entry: LedgerEntry): void;
  /**
   * Counts what a store hands over as text (`charge-text.ts`), piece by piece in the order of its time, for questions from
   * `now` on. Gives the function that counts a piece, and says how many charges it had.
   */
  restorer(now: number): (text: Uint8Array) => number;
  /** Counts what was filled in by hand; entries come in the order of their time. */
  fill(entry: FillEntry): void;
  /** Takes everything that was filled in out of the counts. */
  removeFills(): void;
  /** Empties all windows, for a clock that starts over. Places held by open transactions stay held. */
  startOver(): void;
  /** How often they were started over: a charge that was stored before belongs to the ledger before. */
  timesStartedOver(): number;
  /** The customer's two windows. */
  customer(now: number): readonly WindowState[];
  /** A user's two windows. */
  user(user: AddressKey, now: number): readonly WindowState[];
  /** Users with something counted. */
  activeUsers(now: number): readonly AddressKey[];
  /** Users of whom something was counted or filled in at some time; whether it still is takes a question for each. */
  countedUsers(): readonly AddressKey[];
}
