/** The relay as the SMTP room sees it: it opens a session for each connection and knows how many are open. */
import { makeSessionId } from '../replies/session-id.ts';
import { createRelaySession, type SessionContext } from './session.ts';
import type { Relay } from './types.ts';

export interface CountedRelay extends Relay {
  openSessions(): number;
}

/** @param randomInt gives a whole number from 0 up to, not including, its argument */
export function createRelay(context: SessionContext, randomInt: (below: number) => number): CountedRelay {
  let open = 0;
  return {
    openSessions: () => open,
    openSession(connection) {
      open++;
      return createRelaySession(makeSessionId(randomInt), connection, context, () => {
        open--;
      });
    },
  };
}
