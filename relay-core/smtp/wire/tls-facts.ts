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

type Finding = Parameters<RelaySession['note']>[0];

/** What OpenSSL says of bytes that are no TLS. */
const noTls = /^ERR_SSL_(?:WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST)$/;

/**
 * The finding for a handshake that failed. A client that does not trust the certificate says so in an alert.
 * @param begun where TLS was to begin: with the connection (465), or behind STARTTLS
 */
export function handshakeFinding(error: HandshakeError, begun: 'first-byte' | 'starttls'): Finding {
  const code = error.code ?? '';
  if (noTls.test(code)) return begun === 'first-byte' ? plainTextFinding(code) : plainBehindStartTls;
  const isTrust = /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/.test(code);
  return {
    rule: 'PRT-2',
    severity: 'problem',
    text: `TLS did not come up: ${(error.reason ?? error.message).slice(0, 300)}.`,
    fix: isTrust
      ? "Let the client trust the bench's certificate authority, which the bench exports, or let it not verify for this rehearsal."
      : 'Check that the client speaks TLS 1.2 or later, with STARTTLS on ports 25 and 587 and from the first byte on 465.',
  };
}

/** Port 465 and a client without TLS. */
const firstByteFix =
  'Let the client speak TLS from the first byte here (in Postfix: smtp_tls_wrappermode = yes), or use the listeners that stand for 25 and 587, which begin in plain text.';

function plainTextFinding(code: string): Finding {
  const spoke = code === 'ERR_SSL_WRONG_VERSION_NUMBER' ? 'spoke without TLS' : 'sent an HTTP request';
  return {
    rule: 'PRT-2',
    severity: 'problem',
    text: `The client ${spoke}, and this port is TLS from the first byte.`,
    fix: firstByteFix,
  };
}

/** A client that waits for a greeting in plain text says nothing here, as does one that only looks whether the port is open. */
export const silenceFinding: Finding = {
  rule: 'PRT-2',
  severity: 'warning',
  text: 'The client said nothing, and this port is TLS from the first byte: it may have waited for a greeting in plain text.',
  fix: `${firstByteFix} If it only checked the port, nothing is to be changed.`,
};

const plainBehindStartTls: Finding = {
  rule: 'PRT-2',
  severity: 'problem',
  text: 'The client sent STARTTLS and went on without TLS.',
  fix: 'Let the client begin the TLS handshake once STARTTLS is answered 220, before it sends anything else.',
};
