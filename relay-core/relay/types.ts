/**
 * The seam between SMTP and the core: what a connection tells the relay, and what it is told to answer.
 * `smtp/` knows only these types; it owns syntax, order of commands, TLS and SASL, and nothing of policy.
 */
import type { PortRole } from '../contract/words.ts';
import type { CatalogueReply } from '../replies/catalogue.ts';
import type { Wording } from '../replies/render.ts';
import type { SessionId } from '../replies/session-id.ts';

/** A line as the SMTP room saw it. `sinceStartMs` counts from the connection's start, on a monotonic clock. */
export interface DialogueLineSeen {
  readonly sinceStartMs: number;
  readonly direction: 'client' | 'server';
  readonly text: string;
  readonly tls: boolean;
}

/** What a new connection brings. */
export interface ConnectionFacts {
  readonly portRole: PortRole;
  readonly clientAddress: string;
  readonly addressClaimed: boolean;
}

/** What to say, and whether to go on. `ok` is true when the command did what was asked. */
export interface Answer {
  readonly ok: boolean;
  readonly reply: CatalogueReply;
  readonly afterwards: 'continue' | 'close';
}

export interface MailCommand {
  /** As sent, without angle brackets; "" is the null sender. */
  readonly reversePath: string;
  /** The SIZE parameter, bytes; null when not given (RFC 1870). */
  readonly declaredBytes: number | null;
}

/** A MAIL that the SMTP room refused for its syntax. */
export interface RefusedMail {
  /** As sent, without angle brackets where it had them; cut. */
  readonly reversePath: string;
  /** The parameter that is not taken, as sent; null where the path itself is wrong. */
  readonly wrongParameter: string | null;
}

/** A message as it arrived, dot-stuffing removed. */
export interface ReceivedMessage {
  readonly content: Uint8Array;
  /** Bytes as sent, the number SIZE speaks of. */
  readonly sizeAsSent: number;
  /** Line feeds without a carriage return before them: they stay content and are reported. */
  readonly bareLineFeeds: number;
  /** Why `content` is empty: it passed the size limit, or all messages on their way together their room. */
  readonly dropped: 'too-large' | 'no-room' | null;
}

export type Credentials =
  | {
      readonly kind: 'password';
      readonly mechanism: 'PLAIN' | 'LOGIN';
      readonly user: string;
      readonly password: string;
    }
  | {
      readonly kind: 'token';
      readonly mechanism: 'XOAUTH2' | 'OAUTHBEARER';
      readonly user: string;
      readonly token: string;
    };

/**
 * One connection's counterpart in the core. The SMTP room calls it at the five moments and records every line through it.
 * All calls but `authenticate` and `endOfData` answer at once.
 */
export interface RelaySession {
  /** One id for the whole session, in every reply and as the session's id in the app. */
  readonly id: SessionId;
  /** Keeps a line. Secrets are blanked, bodies folded, before it comes here. */
  record(line: DialogueLineSeen): void;
  /** To be called after each reply has been recorded and handed to the socket: an ended transaction is kept then. */
  replied(): void;
  /** XCLIENT or PROXY claimed another source address. */
  claimAddress(address: string): void;
  /** TLS is up. */
  secured(tls: { readonly version: string; readonly cipher: string }): void;
  /** HELO or EHLO with a syntactically valid name; ends an open transaction. */
  helo(name: string): Answer;
  /** AUTH inside TLS with decoded credentials. Ok answers carry `auth-accepted`. */
  authenticate(credentials: Credentials): Promise<Answer>;
  mail(command: MailCommand): Answer;
  /** A MAIL that the SMTP room refused for its syntax: it counts as a transaction refused at MAIL. */
  mailRefused(refused: RefusedMail, reply: CatalogueReply): void;
  /** `forwardPath` as sent, without angle brackets. */
  rcpt(forwardPath: string): Answer;
  /** A RCPT that the SMTP room refused for its syntax, its path cut: it counts as a refused recipient. */
  rcptRefused(forwardPath: string, reply: CatalogueReply): void;
  /** DATA or the first BDAT, before 354. Reserves places. Ok answers carry `go-ahead`. */
  data(): Answer;
  /** The whole message is here. Resolves once the message is stored, or refused. */
  endOfData(message: ReceivedMessage): Promise<Answer>;
  /** RSET, QUIT, or what the SMTP room does in their place (a failed BDAT). */
  reset(cause: 'RSET' | 'QUIT' | 'EHLO' | 'STARTTLS' | 'BDAT'): void;
  /** Bare findings of the SMTP room: pipelined bytes behind STARTTLS, a time-out, a library text without an entry. */
  note(finding: {
    readonly rule: string;
    readonly severity: 'info' | 'warning' | 'problem';
    readonly text: string;
    readonly fix?: string;
  }): void;
  /** The connection is gone, however it went. */
  closed(): void;
  /** Values for the framing of replies. */
  readonly replyContext: { readonly sessionId: SessionId; readonly wording: Wording };
  /** The address the relay goes by, for `[<ip>]` in the EHLO reply. */
  readonly clientAddress: string;
  /** Bytes announced by SIZE now. */
  readonly messageBytes: number;
}

export interface Relay {
  openSession(connection: ConnectionFacts): RelaySession;
}
