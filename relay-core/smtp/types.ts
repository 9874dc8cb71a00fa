/**
 * What the SMTP room is given and what it gives back: listeners, the certificate they present, and events that are no
 * client's business. What a connection tells the core stands in `relay/types.ts`.
 */
import type { PortRole } from '../contract/words.ts';
import type { Relay } from '../relay/types.ts';
import type { ContentRoom } from './content/room.ts';

/** `proxy` is the relay port behind a PROXY v1 header, so that a client can claim a source address. */
export type ListenerRole = PortRole | 'proxy';

export interface ListenerSpec {
  readonly role: ListenerRole;
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
}

export interface SmtpListener {
  readonly spec: ListenerSpec;
  /** The port that is listened on, also where the specification says 0. */
  readonly port: number;
  /**
   * Stops listening and ends what is open: idle connections at once, open transactions within `graceMs`; each is told
   * `shutting-down`. Resolves when no connection is left. Never rejects.
   */
  close(graceMs?: number): Promise<void>;
  openConnections(): number;
}

export type ListenResult =
  | { readonly outcome: 'listening'; readonly listener: SmtpListener }
  | {
      readonly outcome: 'failed';
      /** The system's name of the error: EADDRINUSE, EACCES, EADDRNOTAVAIL … */
      readonly code: string;
      /** One sentence for people, with host and port. */
      readonly message: string;
    };

/** A private key and its certificate, both PEM; the certificate is followed by its issuer's. */
export interface ServerCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** What goes wrong in this room without being any client's doing. */
export type WireEvent =
  /** smtp-server said something that the catalogue does not hold; `local-error` went out in its place. */
  | { readonly kind: 'unmapped-text'; readonly code: number; readonly text: string }
  /** The relay threw or rejected; the client was told `local-error`. */
  | { readonly kind: 'relay-failed'; readonly error: unknown }
  /** The listening socket failed after it had been opened. */
  | { readonly kind: 'listener-failed'; readonly message: string };

export interface SmtpContext {
  readonly relay: Relay;
  readonly tls: ServerCertificate;
  /** Silence after which a connection is closed with `timeout`. */
  readonly idleTimeoutMs: number;
  /** What messages on their way may take together, over all listeners. */
  readonly room: ContentRoom;
  readonly report: (event: WireEvent) => void;
}
