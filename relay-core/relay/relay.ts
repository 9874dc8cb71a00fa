/** The relay as the SMTP room sees it: it opens a session for each connection and knows those that are open. */
import { makeSessionId } from '../replies/session-id.ts';
import { createRelaySession } from './session.ts';
import type { RelayParts, SessionContext, SessionInProgress } from './session-state.ts';
import type { Relay } from './types.ts';

/** A relay that can be looked into: how many sessions are open, and how each stands. */
export interface WatchedRelay extends Relay {
  openSessions(): number;
  /** An open session as it stands; null when it is closed or never was. */
  sessionInProgress(id: string): SessionInProgress | null;
}

/** @param randomInt gives a whole number from 0 up to, not including, its argument */
export function createRelay(parts: RelayParts, randomInt: (below: number) => number): WatchedRelay {
  const context: SessionContext = { ...parts, storing: [] };
  const open = new Map<string, () => SessionInProgress>();
  return {
    openSessions: () => open.size,
    sessionInProgress: (id) => open.get(id)?.() ?? null,
    openSession(connection) {
      const id = makeSessionId(randomInt);
      const { session, inProgress } = createRelaySession(id, connection, context, () => open.delete(id));
      open.set(id, inProgress);
      return session;
    },
  };
}
