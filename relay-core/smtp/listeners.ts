/**
 * Opens the ports that stand for the relay's 25, 465 and 587, and the optional one behind PROXY (PRT-2, PRT-3).
 * Knows nothing of policy, nor of the library behind the sockets: that is `wire/`.
 */
import type { ListenerSpec, ListenResult, SmtpContext } from './types.ts';

export type { ListenerSpec, ListenResult, SmtpContext, SmtpListener, WireEvent } from './types.ts';

/** Opens one listener. A port that cannot be had is an answer, not an exception. */
export async function openListener(spec: ListenerSpec, _context: SmtpContext): Promise<ListenResult> {
  return {
    outcome: 'failed',
    code: 'ENOTSUP',
    message: `Nothing listens on ${spec.host} port ${spec.port} yet.`,
  };
}
