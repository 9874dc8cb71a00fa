/**
 * What there is to say about TLS on a connection: version and cipher when it is up, and the finding when it never came up.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { RelaySession } from '../../relay/types.ts';

/** Version and cipher as TLS names them; empty for a socket without TLS. */
export function tlsFacts(socket: Socket): { readonly version: string; readonly cipher: string } {
  if (!(socket instanceof TLSSocket)) return { version: '', cipher: '' };
  return { version: socket.getProtocol() ?? '', cipher: socket.getCipher()?.standardName ?? '' };
}

/** A failed handshake: TLS's own words are in `reason`, and its alert in `code`. */
export interface HandshakeError extends Error {
  readonly code?: string | undefined;
  readonly reason?: string;
}

/** The finding for a handshake that failed. A client that does not trust the certificate says so in an alert. */
export function handshakeFinding(error: HandshakeError): Parameters<RelaySession['note']>[0] {
  const isTrust = /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/.test(error.code ?? '');
  return {
    rule: 'PRT-2',
    severity: 'problem',
    text: `TLS did not come up: ${(error.reason ?? error.message).slice(0, 300)}.`,
    fix: isTrust
      ? "Let the client trust the bench's certificate authority, which the bench exports, or let it not verify for this rehearsal."
      : 'Check that the client speaks TLS 1.2 or later, with STARTTLS on ports 25 and 587 and from the first byte on 465.',
  };
}
