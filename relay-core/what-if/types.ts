/** What comes of asking about stored transactions under another bench file. Data only. */
import type { Configuration } from '../policy/types.ts';
import type { TransactionCourse } from '../store/types.ts';

/** The two bench files that are asked: what a draft changes is what lies between them. */
export interface Asked {
  readonly draft: Configuration;
  /** The file that runs. */
  readonly running: Configuration;
}

/** How a transaction would end. */
export type Ending =
  | {
      readonly outcome: 'accepted';
      /** After rewriting. */
      readonly reversePath: string;
      readonly recipients: readonly string[];
    }
  | { readonly outcome: 'rejected'; readonly rule: string }
  /** The record cannot tell. */
  | { readonly outcome: 'undetermined' };

export type DifferenceKind = 'newly-rejected' | 'newly-accepted' | 'envelope-changed';

/** Why it cannot be told what a draft would change for a transaction. */
export type UndeterminedReason =
  /** The client broke it off. */
  | 'brokenOff'
  /** It was refused before all its recipients were known, and the draft lets it past that. */
  | 'recipientsUnknown'
  /** Under the running file it ends otherwise than it did, as the quotas stood otherwise: filled in by hand, held, other limits. */
  | 'countsOtherwise'
  /** Under the running file it ends otherwise than it did: another file decided then. */
  | 'fileOtherwise';

/** What a draft changes for one transaction. */
export type Change = 'same' | UndeterminedReason | DifferenceKind;

/** A transaction that would end otherwise. */
export interface Difference {
  /** The transaction's place in the order of keeping. */
  readonly number: number;
  readonly kind: DifferenceKind;
  /** How the running file ends it; null where that is as recorded. */
  readonly before: EndingSeen | null;
  readonly after: EndingSeen;
}

/** An ending as it is listed. */
export type EndingSeen =
  | {
      readonly outcome: 'accepted';
      /** After rewriting; null where it goes on as it was sent. */
      readonly reversePath: string | null;
      /** How many were accepted. */
      readonly recipients: number;
    }
  | { readonly outcome: 'rejected'; readonly rule: string };

/** How many transactions, by what the draft changes for them. */
export interface Tally {
  readonly total: number;
  readonly same: number;
  readonly newlyRejected: number;
  readonly newlyAccepted: number;
  readonly envelopeChanged: number;
  readonly undetermined: number;
  /** The undetermined by why they are. */
  readonly undeterminedBecause: Readonly<Record<UndeterminedReason, number>>;
  /** The newly rejected by the rule that refuses them, most first. */
  readonly byRule: Readonly<Record<string, number>>;
}

/** How far a run has come, in transactions. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export type { TransactionCourse };
