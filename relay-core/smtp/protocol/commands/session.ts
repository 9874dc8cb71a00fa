/**
 * The commands that ask nothing of the envelope: RSET, NOOP, VRFY, QUIT (RFC 5321 §4.1.1.5 to §4.1.1.10), and those of the
 * RFCs that the relay does not do.
 */
import { reply } from '../../../replies/catalogue.ts';
import type { Conversation } from '../conversation.ts';

export function rset(conversation: Conversation): void {
  conversation.endTransaction();
  conversation.relay.reset('RSET');
  conversation.say(reply('flushed'));
}

export function noop(conversation: Conversation): void {
  conversation.say(reply('noop'));
}

export function vrfy(conversation: Conversation): void {
  conversation.say(reply('vrfy'));
}

export function quit(conversation: Conversation): void {
  conversation.endTransaction();
  conversation.relay.reset('QUIT');
  conversation.sayAndHangUp(reply('closing'));
}

export function unimplemented(conversation: Conversation): void {
  conversation.say(reply('unimplemented'));
}
