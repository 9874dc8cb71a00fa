/**
 * Opens the ports that stand for the relay's 25, 465 and 587, and the optional one behind PROXY (PRT-2, PRT-3).
 * Knows nothing of policy, nor of the library behind the sockets: that is `wire/`.
 */
import type { ListenerSpec, ListenResult, SmtpContext } from './types.ts';
import { RelayServer } from './wire/server.ts';

export type {
  ListenerRole,
  ListenerSpec,
  ListenResult,
  ServerCertificate,
  SmtpContext,
  SmtpListener,
  WireEvent,
} from './types.ts';

/** How long open transactions may take to end when a listener is closed, unless said otherwise. */
const defaultGraceMs = 5_000;

/** Opens one listener. A port that cannot be had is an answer, not an exception. */
export function openListener(spec: ListenerSpec, context: SmtpContext): Promise<ListenResult> {
  const relay = new RelayServer(spec.role, context);
  return new Promise((resolve) => {
    const failed = (error: Error & { readonly code?: string }) =>
      resolve({
        outcome: 'failed',
        code: error.code ?? 'UNKNOWN',
        message: `Cannot listen on ${spec.host} port ${spec.port}: ${reasonOf(error)}.`,
      });
    relay.server.once('error', failed);
    relay.server.listen({ host: spec.host, port: spec.port }, () => {
      relay.server.removeListener('error', failed);
      const address = relay.server.address();
      let closing: Promise<void> | null = null;
      resolve({
        outcome: 'listening',
        listener: {
          spec,
          port: typeof address === 'object' && address !== null ? address.port : spec.port,
          openConnections: () => relay.openConnections,
          close: (graceMs = defaultGraceMs) => {
            closing ??= relay.conclude(graceMs);
            return closing;
          },
        },
      });
    });
  });
}

function reasonOf(error: Error & { readonly code?: string }): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'another program has this port';
    case 'EACCES':
      return 'this account may not open the port';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address';
    case 'ENOTFOUND':
      return 'the host name is not known';
    default:
      return error.message;
  }
}
