/**
 * What is kept of sessions, transactions, messages and quota charges, and how it is asked for.
 * Times are epoch milliseconds of engine time; sizes are bytes. The contract's shapes are made from these at the edge.
 */

import type { AlertRecord } from '../abuse/alert.ts';
import type { ClockSetting } from '../clock.ts';
import type {
  Client,
  ContentVerdict,
  DecisionView,
  Finding,
  Outcome,
  QuotaChange,
  QuotaWindow,
  StoredCopy,
  TransactionSummary,
} from '../contract/index.ts';
import type { FillEntry, LedgerEntry } from '../quota/types.ts';
import type { DialogueLineSeen } from '../relay/types.ts';
import type { AuditRecord } from '../settings/audit-log.ts';
import type { AuditPage, KeptVersion } from './bench-history.ts';
import type { ChargesAsText } from './charges.ts';

/** A kept line. `ordinal` counts the session's lines from 0, so that lines of several transactions merge in order. */
export interface DialogueEntry extends DialogueLineSeen {
  readonly ordinal: number;
}

/** A transaction that has ended, with the lines that are its own: from MAIL to its last reply. */
export interface TransactionRecord {
  /** The session's id, a hyphen, and the transaction's number in the session: a session's transactions are found by it. */
  readonly id: string;
  readonly sessionId: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly client: Client;
  readonly envelope: TransactionSummary['envelope'];
  readonly recipients: TransactionSummary['recipients'];
  readonly decision: DecisionView;
  readonly quota: readonly QuotaChange[];
  readonly message: { readonly size: number; readonly subject: string; readonly messageId: string } | null;
  /** Which mailboxes and which archive keep a copy (STO-2); absent unless it was accepted. */
  readonly storage?: readonly StoredCopy[];
  /** What was found in the message (FIL-1); absent when it was not looked into and nothing was asked. */
  readonly content?: ContentVerdict;
  readonly dialogue: readonly DialogueEntry[];
}

/** A connection, with the lines outside any transaction. Kept when its first transaction is, and again when it closes. */
export interface SessionRecord {
  readonly id: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly client: Client;
  readonly dialogue: readonly DialogueEntry[];
  /** Lines that were not kept, since the session said too much. */
  readonly dialogueOmitted: number;
  readonly findings: readonly Finding[];
}

/** What an accepted message adds to its transaction: its content, and the charge that is kept with it (CQ-8). */
export interface AcceptedMessage {
  /** As it arrived, dot-stuffing removed. */
  readonly content: Uint8Array;
  readonly charge: LedgerEntry;
}

/** Whether what was given is on disk. Never an exception: a full disk is an answer (452 4.3.1). */
export type Kept =
  | { readonly outcome: 'kept' }
  | { readonly outcome: 'full'; readonly detail: string }
  | { readonly outcome: 'failed'; readonly detail: string };

export type KeptNot = Exclude<Kept, { readonly outcome: 'kept' }>;

/** Who spoke in a course. */
export type CourseClient = Omit<Client, 'addressClaimed'>;

/** What became of a recipient: a `malformed` one is refused under every bench file, a `refused` one by policy. */
export type RecipientAnswer = 'accepted' | 'refused' | 'malformed';

/** The stage that gave a refusal. */
export type RefusalStage = 'mail' | 'rcpt' | 'data' | 'end-of-data';

/** Of a transaction as much as it takes to ask the policy again how it would end. */
export interface TransactionCourse {
  /** Its place in the order of keeping, from 1. */
  readonly number: number;
  readonly finishedAt: number;
  /** The same object for transactions of the same client. */
  readonly client: CourseClient;
  readonly reversePath: string;
  /** After rewriting. */
  readonly reversePathAfter: string;
  /** Every RCPT, in order. */
  readonly recipients: readonly string[];
  /** One for each recipient; null where all were accepted. */
  readonly answers: readonly RecipientAnswer[] | null;
  /** The SIZE parameter of MAIL; null where none was given. */
  readonly declaredBytes: number | null;
  /** As sent; null where no message came. */
  readonly messageBytes: number | null;
  readonly ending:
    | { readonly outcome: 'accepted' | 'abandoned' }
    | { readonly outcome: 'rejected'; readonly stage: RefusalStage; readonly rule: string };
}

/** All courses as they stood when they were asked for. */
export interface Courses {
  readonly total: number;
  /** The number of the last transaction that belongs to an earlier quota ledger; 0 when there was none. */
  readonly lastOfEarlierLedger: number;
  /** Oldest first. Rows are read as they are asked for, some at a time. */
  readonly inOrder: Iterable<TransactionCourse>;
}

export interface TransactionQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly outcome?: Outcome;
  /** Text to find in addresses, HELO name, client address, rule, reply code, subject, Message-ID, session id. */
  readonly search?: string;
}

export interface RefusalCount {
  readonly at: number;
  readonly refused: number;
}

export interface SessionTransactions {
  readonly items: readonly TransactionRecord[];
  readonly total: number;
  /** The last of all, whether it is among them or not. */
  readonly last: TransactionRecord | null;
}

/** A finding with the session it was made in; `at` is when the session was last kept. */
export interface FindingRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly at: number;
  readonly client: Client;
  readonly finding: Finding;
}

/**
 * The store: one SQLite database. What is read is what is committed; whoever asks after an answer was given waits for
 * `settled` first.
 */
export interface Store {
  /** Keeps a transaction in the next group commit; resolves when it is committed. */
  keepTransaction(
    session: SessionRecord,
    transaction: TransactionRecord,
    accepted: AcceptedMessage | null,
  ): Promise<Kept>;
  keepSession(session: SessionRecord): Promise<Kept>;
  /** Resolves when all that was given until now is committed, or could not be. */
  settled(): Promise<void>;
  /**
   * Newest first. A search looks at 5,000 transactions at a time, so that no message waits for it: it may give fewer
   * than `limit`, or none, with a cursor to go on from.
   */
  transactions(query: TransactionQuery): {
    readonly items: readonly TransactionRecord[];
    readonly nextCursor: string | null;
  };
  transaction(id: string): TransactionRecord | null;
  /** By its place in the order of keeping, from 1. */
  transactionNumbered(number: number): TransactionRecord | null;
  /** What can be asked again of each transaction. */
  courses(): Courses;
  transactionCount(): number;
  latestTransactionId(): string | null;
  /** Content from `offset`, at most `length` bytes; null where no message was kept. */
  message(
    transactionId: string,
    offset: number,
    length: number,
  ): { readonly content: Uint8Array; readonly size: number } | null;
  session(id: string): SessionRecord | null;
  /** Keeps an alert at once. */
  keepAlert(alert: AlertRecord): Kept;
  /** Alerts, newest first. */
  alerts(query: { readonly limit: number; readonly cursor?: string }): {
    readonly items: readonly { readonly id: string; readonly alert: AlertRecord }[];
    readonly nextCursor: string | null;
  };
  /** Messages refused as spam after `since`, in the order they were refused, for counting again after a restart. */
  spamSince(since: number): Iterable<{
    readonly at: number;
    readonly reversePath: string;
    readonly clientAddress: string;
  }>;
  /** Suspensions that alerts brought and that last beyond `at`. */
  suspensions(at: number): readonly { readonly sender: string; readonly until: number }[];
  /** Findings of kept sessions, newest first. */
  findings(query: { readonly limit: number; readonly cursor?: string }): {
    readonly items: readonly FindingRecord[];
    readonly nextCursor: string | null;
  };
  /** The first of a session's transactions in their order, and how many there are. */
  transactionsOfSession(sessionId: string, limit: number): SessionTransactions;
  /** Charges after `since`, in the order of their time, for counting again after a restart. */
  chargesAsText(since: number): Iterable<ChargesAsText>;
  /** The number of the last charge that is not later than a time. Charges are numbered without gaps, in order of time. */
  lastChargeUntil(at: number): number;
  /** Charges behind a number, those included that are kept while they are read. */
  chargesBehind(number: number): Iterable<LedgerEntry>;
  /** How many charges there are after `since`. */
  chargeCount(since: number): number;
  /** The engine clock's setting as it was kept last. */
  clockSetting(): ClockSetting;
  /** The latest engine time in what is kept since the ledger began; 0 when nothing is. */
  latestTime(): number;
  keepClock(setting: ClockSetting): Kept;
  /** What was filled in by hand, in the order of its time. */
  fills(): readonly FillEntry[];
  keepFill(entry: FillEntry): Kept;
  /** Removes all that was filled in; gives how many entries that were. */
  removeFills(): KeptNot | { readonly outcome: 'kept'; readonly removed: number };
  /**
   * Begins a new ledger: what was charged, filled in and refused until now is still read with its transactions, and
   * counts no more. The clock's setting changes with it.
   */
  startOver(setting: ClockSetting): Kept;
  /**
   * Refusals by one quota window after `since`, summed over steps of `stepMs`, each at the time of its last refusal; steps without
   * one are left out. `user` as the transaction's `quota` names it; null for the customer's windows.
   */
  quotaRefusals(
    window: QuotaWindow,
    user: string | null,
    since: number,
    stepMs: number,
  ): readonly RefusalCount[];
  /** The versions of the bench file that are in force and on their way, in their order (SET-6). */
  benchVersions(): readonly KeptVersion[];
  /** Keeps these versions and no others, and adds to the audit log; all or nothing. */
  keepBench(versions: readonly KeptVersion[], entries: readonly AuditRecord[]): Kept;
  /** Changes of the bench file, newest first (SET-7). */
  auditLog(query: { readonly limit: number; readonly cursor?: string }): AuditPage;
  /** `normal` survives a killed process, `full` a power cut as well. */
  setSynchronous(mode: 'normal' | 'full'): void;
  close(): void;
}
