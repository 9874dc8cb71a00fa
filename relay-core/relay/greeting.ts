/**
 * HELO and EHLO: the gate is asked (HEL-1, HEL-3), a connection that passes is counted for its client, and what was noticed
 * becomes a finding with its fix. When the connection ends, so is the habit of opening one for each message (HEL-2).
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

/** From so many connections in a minute, most of them for one message, a client is told of it (HEL-2). [ours] */
const habitFromConnections = 20;
/** Most of them: four in five. Now and then a second message on a connection is chance, no connection caching. [ours] */
const habitShare = 0.8;

export function greet(state: SessionState, context: SessionContext, name: string): Answer {
  changeClient(state, { heloName: name });
  const now = context.wallNow();
  const rates = ratesOf(state, context, name, now);
  const decision = decide(context.configuration(), { stage: 'helo', session: factsOf(state), rates });
  state.heloSteps = decision.trace;
  for (const step of decision.trace) noteFinding(state, findingOf(step, name));
  if (decision.outcome === 'rejected') return refused(decision.reply, decision.afterwards);
  countTaken(state, context, name, now);
  return done(reply('helo'));
}

/**
 * How its client connects, this connection included: what was taken in the last minute, and one more. Refusals count
 * nowhere, so that a client who keeps trying gets in again as the minute goes by, which is why the 421 comes and goes.
 * A connection that was taken is asked about no more, however often it greets.
 */
function ratesOf(
  { client: { address }, countedAddress, countedNames }: SessionState,
  { habits }: SessionContext,
  name: string,
  now: number,
): ConnectionRates {
  const isNew = countedAddress !== address;
  const { connectionsPerMinute, connectionsAtOnce } = habits.seen(address, now);
  const isNewName = isGenericHelo(name) && !countedNames.includes(name.toLowerCase());
  return {
    connectionsPerMinute: isNew ? connectionsPerMinute + 1 : 0,
    connectionsAtOnce: isNew ? connectionsAtOnce + 1 : 0,
    genericHeloPerMinute: isNewName ? habits.seenGenerically(name, now) + 1 : 0,
  };
}

/** A connection that was taken is counted once for its address, and once for each generic name it presents. */
function countTaken(state: SessionState, { habits }: SessionContext, heloName: string, now: number): void {
  const { address } = state.client;
  if (state.countedAddress !== address) {
    if (state.countedAddress !== null) habits.movedOn(state.countedAddress);
    habits.connected(address, now);
    state.countedAddress = address;
  }
  const name = heloName.toLowerCase();
  if (isGenericHelo(name) && !state.countedNames.includes(name)) {
    habits.greetedGenerically(name, now);
    state.countedNames = [...state.countedNames, name];
  }
}

function findingOf({ rule, outcome, text }: TraceStep, heloName: string): Finding {
  const fix =
    rule === 'HEL-3' && !isGenericHelo(heloName)
      ? 'Let the client reuse its connections and open fewer: several messages on each (connection caching).'
      : 'Let the client present its own full host name in HELO or EHLO.';
  return { rule, severity: outcome === 'fail' ? 'problem' : 'warning', text, fix };
}

/** The connection is gone: its client is told when it keeps opening one for each message, or nearly (HEL-2). */
export function noteHabits(state: SessionState, { habits, wallNow }: SessionContext): void {
  const { countedAddress } = state;
  if (countedAddress === null) return;
  const now = wallNow();
  habits.disconnected(countedAddress, state.transactionsOpened, now);
  const { closedPerMinute, closedWithOneMessagePerMinute } = habits.seen(countedAddress, now);
  // Told at the twentieth connection of a minute and every twentieth after, not on each of thousands.
  const isTelling = closedPerMinute > 0 && closedPerMinute % habitFromConnections === 0;
  if (!isTelling || closedWithOneMessagePerMinute < habitShare * closedPerMinute) return;
  noteFinding(state, {
    rule: 'HEL-2',
    severity: 'warning',
    text: `${countedAddress} opened ${closedPerMinute} connections in the last minute, ${closedWithOneMessagePerMinute} of them for one message at the most.`,
    fix: 'Let the client reuse its connections and send several messages on each (connection caching).',
  });
}
