/** HELO names that tell nothing about the client (HEL-1), and the gate of HEL-3. */
import ipaddr from 'ipaddr.js';
import { reply } from '../../replies/catalogue.ts';
import { isPrivateRange, readRange } from '../../settings/ip-range.ts';
import { type Finding, failing, passing } from '../check.ts';
import { fail, note } from '../trace.ts';
import type { Configuration, SessionFacts } from '../types.ts';

/** Names that run into denial-of-service limits (HEL-1, with those the rule adds by extension). */
const genericNames: ReadonlySet<string> = new Set([
  'localhost',
  'smtp-relay.gmail.com',
  'smtp-relay.google.com',
  'localhost.localdomain',
  '127.0.0.1',
  '[127.0.0.1]',
  '[::1]',
  '[ipv6:::1]',
]);

export function isGenericHelo(name: string): boolean {
  return genericNames.has(name.toLowerCase());
}

/** The gate at EHLO and HELO. `rate` counts nothing yet, so it lets everything pass, as `never` does. */
export function heloGate({ refuseGenericHelo }: Configuration, { heloName }: SessionFacts): Finding {
  if (isGenericHelo(heloName)) {
    return refuseGenericHelo === 'always'
      ? failing(
          reply('try-later', { command: 'EHLO' }),
          fail(
            'HEL-1',
            `"${heloName}" is a generic name; clients should present their own domain or host name.`,
          ),
        )
      : passing(
          note(
            'HEL-1',
            `"${heloName}" is a generic name: the real service refuses it now and then with 421 4.7.0.`,
          ),
        );
  }
  return saysLittle(heloName)
    ? passing(
        note('HEL-1', `"${heloName}" does not identify the client: a full host name of your own is better.`),
      )
    : passing();
}

/** Names without a dot and private address literals pass, with a finding. */
function saysLittle(name: string): boolean {
  const literal = /^\[(?:ipv6:)?(.*)\]$/i.exec(name)?.[1];
  if (literal === undefined) return !name.includes('.') && !name.includes(':');
  if (!ipaddr.isValid(literal)) return false;
  const reading = readRange(literal);
  return reading.outcome === 'range' && isPrivateRange(reading);
}
