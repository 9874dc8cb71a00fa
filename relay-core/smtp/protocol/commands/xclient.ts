/**
 * XCLIENT (Postfix's XCLIENT_README): a client on this machine claims another source address, so that rules for addresses
 * can be tried here. Of its attributes ADDR counts; the others are read and have no effect.
 */
import { isIP } from 'node:net';
import { reply } from '../../../replies/catalogue.ts';
import type { Conversation } from '../conversation.ts';

const attributes: ReadonlySet<string> = new Set([
  'NAME',
  'ADDR',
  'PORT',
  'PROTO',
  'HELO',
  'LOGIN',
  'DESTADDR',
  'DESTPORT',
]);

export function xclient(conversation: Conversation, argument: string) {
  if (conversation.transaction !== null) return conversation.say(reply('transaction-open'));
  const address = claimedAddress(argument);
  if (address === null) return conversation.say(reply('bad-argument'));
  if (address !== '') conversation.relay.claimAddress(address);
  conversation.greeted = false;
  conversation.say(reply('greeting'));
}

/** The ADDR attribute; "" where none is claimed, null where the argument is wrong. */
function claimedAddress(argument: string): string | null {
  let address = '';
  if (argument.trim() === '') return null;
  for (const part of argument.trim().split(/ +/)) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).toUpperCase();
    if (equals === -1 || !attributes.has(name)) return null;
    if (name !== 'ADDR') continue;
    const value = part.slice(equals + 1);
    if (/^\[(?:TEMP)?UNAVAIL(?:ABLE)?\]$/i.test(value)) continue;
    address = value.replace(/^IPV6:/i, '');
    if (isIP(address) === 0) return null;
  }
  return address;
}
