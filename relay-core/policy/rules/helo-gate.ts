/** The gate at EHLO and HELO: generic names (HEL-1) and clients that connect too much (HEL-2, HEL-3). */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { figures } from '../figures.ts';
import { fail, note, type Step } from '../trace.ts';
import type { Configuration, ConnectionRates, SessionFacts } from '../types.ts';
import { isGenericHelo, saysLittle } from './generic-helo.ts';

/** @param rates what was taken of this client and this name, and this connection besides; 0 where it was taken before */
export function heloGate(
  configuration: Configuration,
  session: SessionFacts,
  rates: ConnectionRates,
): Finding {
  const reason = tooMuch(configuration, session, rates);
  return reason === null
    ? passing(...noticed(configuration, session))
    : failing(reply('try-later', { command: 'EHLO' }), reason);
}

function tooMuch(
  { refuseGenericHelo, connectionThresholds: most }: Configuration,
  { heloName, clientAddress }: SessionFacts,
  rates: ConnectionRates,
): Step | null {
  const generic = isGenericHelo(heloName);
  if (generic && refuseGenericHelo === 'always') {
    return fail(
      'HEL-1',
      `"${heloName}" is a generic name; clients should present their own domain or host name.`,
    );
  }
  if (generic && refuseGenericHelo === 'rate' && rates.genericHeloPerMinute > most.genericHeloPerMinute) {
    return fail(
      'HEL-3',
      `${figures(rates.genericHeloPerMinute - 1)} connections that presented the generic name "${heloName}" were taken in the last minute; ${figures(most.genericHeloPerMinute)} a minute may be.`,
    );
  }
  if (rates.connectionsPerMinute > most.connectionsPerMinute) {
    return fail(
      'HEL-3',
      `${figures(rates.connectionsPerMinute - 1)} connections from ${clientAddress} were taken in the last minute; ${figures(most.connectionsPerMinute)} a minute may be.`,
    );
  }
  return rates.connectionsAtOnce > most.connectionsAtOnce
    ? fail(
        'HEL-3',
        `${clientAddress} has ${figures(rates.connectionsAtOnce - 1)} connections open; ${figures(most.connectionsAtOnce)} at once may be.`,
      )
    : null;
}

function noticed({ refuseGenericHelo }: Configuration, { heloName }: SessionFacts): Step[] {
  if (isGenericHelo(heloName)) {
    const when =
      refuseGenericHelo === 'rate' ? 'now and then, when many connections present it' : 'now and then';
    return [
      note('HEL-1', `"${heloName}" is a generic name: the real service refuses it ${when}, with 421 4.7.0.`),
    ];
  }
  return saysLittle(heloName)
    ? [note('HEL-1', `"${heloName}" does not identify the client: a full host name of your own is better.`)]
    : [];
}
