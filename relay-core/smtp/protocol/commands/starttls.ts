/**
 * STARTTLS (RFC 3207). Bytes packed behind the command came in plain text and are dropped: taken for commands inside TLS,
 * they would be an attacker's.
 */
import { reply } from '../../../replies/catalogue.ts';
import type { Conversation } from '../conversation.ts';

export function starttls(conversation: Conversation, argument: string) {
  if (argument !== '') return conversation.say(reply('bad-argument'));
  if (conversation.tls) return conversation.say(reply('starttls-repeated'));
  const dropped = conversation.wire.unreadBytes();
  if (dropped > 0) {
    conversation.relay.note({
      rule: 'RFC-3207',
      severity: 'problem',
      text: `${dropped} bytes came in plain text behind STARTTLS, before TLS was up. They were dropped.`,
      fix: 'Let the client wait for the reply to STARTTLS and send the rest inside TLS. If it does, somebody on the way put them there.',
    });
  }
  conversation.endTransaction();
  conversation.relay.reset('STARTTLS');
  conversation.say(reply('starttls-ready'));
  conversation.wire.startTls();
}

/** TLS is up: what was said before it is forgotten (RFC 3207 §4.2). */
export function secured(
  conversation: Conversation,
  tls: { readonly version: string; readonly cipher: string },
): void {
  conversation.tls = true;
  conversation.greeted = false;
  conversation.relay.secured(tls);
}
