/**
 * HELO and EHLO: the connection is counted for its client, the gate is asked (HEL-1, HEL-3), and what was noticed becomes
 * a finding with its fix. When the connection ends, so is the habit of opening one for each message (HEL-2).
 */
import type { Finding, TraceStep } from '../contract/index.ts';
import { decide } from '../policy/decide.ts';
import { isGenericHelo } from '../policy/rules/generic-helo.ts';
import type { ConnectionRates } from '../policy/types.ts';
import { reply } from '../replies/catalogue.ts';
import { done, refused } from './answers.ts';
import {
  changeClient,
  factsOf,
  noteFinding,
  type SessionContext,
  type SessionState,
} from './session-state.ts';
import type { Answer } from './types.ts';

/** From so many connections in a minute, each for one message, a client is told of it (HEL-2). [ours] */
const habitFromConnections = 20;

export function greet(state: SessionState, context: SessionContext, name: string): Answer {
  changeClient(state, { heloName: name });
  const rates = ratesOf(state, context, name);
  const decision = decide(context.configuration(), { stage: 'helo', session: factsOf(state), rates });
  state.heloSteps = decision.trace;
  for (const step of decision.trace) noteFinding(state, findingOf(step, name));
  return decision.outcome === 'rejected' ? refused(decision.reply, decision.afterwards) : done(reply('helo'));
}

/** A connection is counted once for its address, and once for each generic name it presents. */
function ratesOf(state: SessionState, { habits, wallNow }: SessionContext, name: string): ConnectionRates {
  const now = wallNow();
  const { address } = state.client;
  if (state.countedAddress !== address) {
    if (state.countedAddress !== null) habits.disconnected(state.countedAddress, 0, now);
    habits.connected(address, now);
    state.countedAddress = address;
  }
  if (isGenericHelo(name) && state.countedHelo?.name !== name) {
    state.countedHelo = { name, perMinute: habits.greetedGenerically(name, now) };
  }
  const { connectionsPerMinute, connectionsAtOnce } = habits.seen(address, now);
  const genericHeloPerMinute = state.countedHelo?.name === name ? state.countedHelo.perMinute : 0;
  return { connectionsPerMinute, connectionsAtOnce, genericHeloPerMinute };
}

function findingOf({ rule, outcome, text }: TraceStep, heloName: string): Finding {
  const fix =
    rule === 'HEL-3' && !isGenericHelo(heloName)
      ? 'Let the client reuse its connections and open fewer: several messages on each (connection caching).'
      : 'Let the client present its own full host name in HELO or EHLO.';
  return { rule, severity: outcome === 'fail' ? 'problem' : 'warning', text, fix };
}

/** The connection is gone: its client is told when it keeps opening one for each message (HEL-2). */
export function noteHabits(state: SessionState, { habits, wallNow }: SessionContext): void {
  const { countedAddress } = state;
  if (countedAddress === null) return;
  const now = wallNow();
  habits.disconnected(countedAddress, state.transactionsOpened, now);
  const { closedPerMinute, closedWithOneMessagePerMinute } = habits.seen(countedAddress, now);
  // Told at the twentieth connection of a minute and every twentieth after, not on each of thousands.
  const isTelling = closedPerMinute > 0 && closedPerMinute % habitFromConnections === 0;
  if (!isTelling || closedWithOneMessagePerMinute < closedPerMinute) return;
  noteFinding(state, {
    rule: 'HEL-2',
    severity: 'warning',
    text: `${countedAddress} opened ${closedPerMinute} connections in the last minute, each for one message at the most.`,
    fix: 'Let the client reuse its connections and send several messages on each (connection caching).',
  });
}
