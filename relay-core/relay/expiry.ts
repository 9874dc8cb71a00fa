/**
 * A connection that has been open for long is ended between two transactions, in the `workspace` profile (RFC 5321 §3.8).
 * It says nothing of the message: what was to come is sent on a new connection, so it is no transaction but a finding.
 */
import { reply } from '../replies/catalogue.ts';
import { refused } from './answers.ts';
import { noteFinding, type SessionContext, type SessionState } from './session-state.ts';
import type { Answer } from './types.ts';

const minuteMs = 60_000;
/** The age at which a connection expires, by its own clock; Google's table of replies names none. [ours] */
const expiryMs = 60 * minuteMs;

/** The answer to MAIL where the connection has expired; null while it has not. */
export function expired(state: SessionState, context: SessionContext): Answer | null {
  const ageMs = state.lastSinceStartMs;
  if (ageMs < expiryMs || context.configuration().profile !== 'workspace') return null;
  noteFinding(state, {
    rule: 'RFC-5321',
    severity: 'info',
    text: `MAIL came on a connection that had been open for ${Math.floor(ageMs / minuteMs)} minutes; from ${expiryMs / minuteMs} minutes on it is ended with 421.`,
    fix: 'Let the client connect anew at 421 and send the message there.',
  });
  return refused(reply('connection-expired'), 'close');
}
