/** HELO names that tell nothing about the client (HEL-1). */
import ipaddr from 'ipaddr.js';
import { isPrivateRange, readRange } from '../../settings/ip-range.ts';

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

/** Names without a dot and private address literals: they pass, with a finding. */
export function saysLittle(name: string): boolean {
  const literal = /^\[(?:ipv6:)?(.*)\]$/i.exec(name)?.[1];
  if (literal === undefined) return !name.includes('.') && !name.includes(':');
  if (!ipaddr.isValid(literal)) return false;
  const reading = readRange(literal);
  return reading.outcome === 'range' && isPrivateRange(reading);
}
