/**
 * HELO and EHLO (RFC 5321 §4.1.1.1): the name's syntax, then the relay's gate (HEL-3), then what is offered.
 */
import { reply } from '../../../replies/catalogue.ts';
import { capabilities } from '../capabilities.ts';
import type { Conversation } from '../conversation.ts';
import { noteBadHelo } from '../findings.ts';
import { isHeloName } from '../helo-name.ts';
import { printable } from '../printable.ts';

/** How much of a wrong name the reply repeats. */
const maxRepeatedCharacters = 255;

export function helo(conversation: Conversation, name: string): void {
  if (greet(conversation, 'HELO', name)) conversation.say(reply('helo'));
}

export function ehlo(conversation: Conversation, name: string): void {
  if (!greet(conversation, 'EHLO', name)) return;
  const { relay } = conversation;
  conversation.say(reply('ehlo', { ip: relay.clientAddress, capabilities: capabilities(conversation) }));
}

/** Whether the relay takes the name; where it does not, it has been answered. */
function greet(conversation: Conversation, verb: 'EHLO' | 'HELO', name: string): boolean {
  if (name.trim() === '') {
    noteBadHelo(conversation.relay, verb, '');
    conversation.sayAndClose(reply('empty-helo'));
    return false;
  }
  if (!isHeloName(name)) {
    const repeated = printable(name, maxRepeatedCharacters);
    noteBadHelo(conversation.relay, verb, repeated);
    conversation.sayAndClose(reply('invalid-helo', { name: repeated }));
    return false;
  }
  conversation.endTransaction();
  const answer = conversation.relay.helo(name);
  conversation.greeted = answer.ok;
  if (!answer.ok) conversation.give(answer);
  return answer.ok;
}
