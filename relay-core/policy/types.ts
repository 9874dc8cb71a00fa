/**
 * What the policy looks at and what it answers. Plain data: the same inputs give the same decision,
 * so "what would happen under other settings" is the same question asked again.
 */
import type { ContentVerdict, PortRole, TraceStep } from '../contract/index.ts';
import type { AddressKey, Billing, Organisation } from '../organisation/types.ts';
import type { LimitOverrides } from '../quota/limits.ts';
import type { ProfileName } from '../quota/profiles.ts';
import type { QuotaLimits, WindowCount } from '../quota/types.ts';
import type { CatalogueReply } from '../replies/catalogue.ts';
import type { Filtering } from '../settings/filtering.ts';
import type { RelaySetting } from '../settings/types.ts';

/** The five moments at which a decision can be asked for. */
export type Stage = 'helo' | 'mail' | 'rcpt' | 'data' | 'end-of-data';

/** What is known of the connection when it asks. */
export interface SessionFacts {
  /** The client's address, or the one it claimed by XCLIENT or PROXY. */
  readonly clientAddress: string;
  /** As given in HELO or EHLO. */
  readonly heloName: string;
  readonly portRole: PortRole;
  readonly tls: { readonly version: string; readonly cipher: string } | null;
  /** The registered user that authenticated; its main address. */
  readonly authenticatedAs: AddressKey | null;
}

/** Paths as they were sent, without angle brackets; the null sender is "". */
export interface Envelope {
  readonly reversePath: string;
  readonly forwardPaths: readonly string[];
}

/** How this client connects, the connection itself included (HEL-3). Connections; a minute is of wall time. */
export interface ConnectionRates {
  readonly connectionsPerMinute: number;
  readonly connectionsAtOnce: number;
  /** Connections of any client that presented this generic name; 0 for other names. */
  readonly genericHeloPerMinute: number;
}

/** When generic HELO names are refused (HEL-3). */
export type RefuseGenericHelo = 'always' | 'rate' | 'never';

/** Everything that decides, besides the session and the envelope: the bench file in the form the policy reads. */
export interface Configuration {
  readonly organisation: Organisation;
  readonly settings: readonly RelaySetting[];
  readonly profile: ProfileName;
  readonly submissionPortsNeedAuth: boolean;
  readonly refuseGenericHelo: RefuseGenericHelo;
  /** The most that is taken before 421 (HEL-3). */
  readonly connectionThresholds: ConnectionRates;
  readonly quotaLimits: QuotaLimits;
  /** What the limits were worked out from, so that others can be tried. */
  readonly limitOrigin: LimitOrigin;
  /** A saved change that has not reached everybody yet (SET-6); absent when there is none. */
  readonly newerVersion?: NewerVersion;
  /** The ceiling of ENV-4. */
  readonly recipientsPerTransaction: number;
  /** Announced by EHLO; larger messages are refused. Bytes as sent. */
  readonly messageBytes: number;
  readonly filtering: Filtering;
}

/** Licences, billing and profile, and the values that the bench file itself sets. */
export interface LimitOrigin {
  readonly licences: number;
  readonly billing: Billing;
  readonly profile: ProfileName;
  readonly overrides: LimitOverrides;
  readonly recipientsPerTransaction: number | undefined;
  readonly messageBytes: number | undefined;
}

/** The next version on its way. Times are epoch milliseconds of engine time. */
export interface NewerVersion {
  readonly savedAt: number;
  readonly inForceAt: number;
  /** How many more follow it. */
  readonly behindIt: number;
  /** What will decide then. */
  readonly configuration: Configuration;
}

/** A question to `decide`, by stage. */
export type Question =
  | { readonly stage: 'helo'; readonly session: SessionFacts; readonly rates: ConnectionRates }
  | {
      readonly stage: 'mail';
      readonly session: SessionFacts;
      readonly reversePath: string;
      readonly declaredBytes: number | null;
    }
  | {
      readonly stage: 'rcpt';
      readonly session: SessionFacts;
      /** Recipients accepted so far. */
      readonly envelope: Envelope;
      readonly forwardPath: string;
    }
  | {
      readonly stage: 'data';
      readonly session: SessionFacts;
      readonly envelope: Envelope;
      readonly counts: readonly WindowCount[];
      /** Until when the sender is suspended for its spam (ABU-2), epoch milliseconds; null when it is not. */
      readonly spamSuspendedUntil: number | null;
    }
  | {
      readonly stage: 'end-of-data';
      readonly session: SessionFacts;
      readonly envelope: Envelope;
      readonly messageBytes: number;
      /** What the message holds; null when it was not looked into, or nothing was found and nothing asked. */
      readonly content: ContentFacts | null;
    };

/** What a message holds, and how much spam there was before it. */
export interface ContentFacts {
  readonly verdict: ContentVerdict;
  /** Spam messages from the client's address in the last day, this one not counted (ABU-1). */
  readonly spamFromClient: number;
}

export interface Accepted {
  readonly outcome: 'accepted';
  /** The setting that accepted; null before DATA. */
  readonly setting: string | null;
  /** The reverse-path after rewriting (ENV-1, ENV-3). */
  readonly reversePath: string;
  readonly trace: readonly TraceStep[];
}

export interface Rejected {
  readonly outcome: 'rejected';
  readonly reply: CatalogueReply;
  readonly rule: string;
  readonly setting: string | null;
  /** Whether the connection closes after the reply. */
  readonly afterwards: 'continue' | 'close';
  readonly trace: readonly TraceStep[];
}

export type Decision = Accepted | Rejected;
