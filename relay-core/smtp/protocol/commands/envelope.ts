/**
 * MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3): order and syntax here, everything else is the relay's to say.
 */
import { type CatalogueReply, reply } from '../../../replies/catalogue.ts';
import type { Conversation } from '../conversation.ts';
import { parseMailParameters } from '../mail-parameters.ts';
import { checkMailbox, splitPathArgument } from '../path.ts';

export function mail(conversation: Conversation, argument: string) {
  if (!conversation.greeted) return conversation.say(reply('helo-first'));
  if (conversation.transaction !== null) return conversation.say(reply('transaction-open'));
  const split = splitPathArgument(argument, 'FROM:');
  if (split.outcome === 'syntax') return conversation.say(reply('syntax'));
  const parameters = parseMailParameters(split.rest);
  if (parameters.outcome === 'syntax') return conversation.say(reply('syntax'));
  const { declaredBytes, smtpUtf8 } = parameters;
  if (split.path !== '' && checkMailbox(split.path, smtpUtf8) !== 'valid') {
    return conversation.say(reply('syntax'));
  }
  const answer = conversation.relay.mail({ reversePath: split.path, declaredBytes });
  if (answer.ok) {
    conversation.beginTransaction({ smtpUtf8, acceptedRecipients: 0, chunks: null });
    conversation.idleCommands = 0;
  }
  conversation.give(answer);
}

export function rcpt(conversation: Conversation, argument: string) {
  const { transaction, relay } = conversation;
  if (transaction === null) {
    return conversation.say(reply(conversation.greeted ? 'mail-first' : 'helo-first'));
  }
  if (transaction.chunks !== null) return conversation.say(reply('content-begun'));
  const split = splitPathArgument(argument, 'TO:');
  const refusal = split.outcome === 'syntax' ? reply('syntax') : refusalOf(split, transaction.smtpUtf8);
  if (split.outcome === 'syntax' || refusal !== null) {
    const wrong = refusal ?? reply('syntax');
    relay.rcptRefused(split.outcome === 'path' ? split.path : argument.replace(/^TO:\s*/i, ''), wrong);
    return conversation.say(wrong);
  }
  const answer = relay.rcpt(split.path);
  if (answer.ok) transaction.acceptedRecipients += 1;
  conversation.give(answer);
}

/** The reply to a recipient that cannot be one; RCPT has no parameters here. The bare postmaster is one (§4.5.1). */
function refusalOf(
  { path, rest }: { readonly path: string; readonly rest: string },
  smtpUtf8: boolean,
): CatalogueReply | null {
  if (rest.trim() !== '') return reply('syntax');
  if (path.toLowerCase() === 'postmaster') return null;
  switch (checkMailbox(path, smtpUtf8)) {
    case 'valid':
      return null;
    case 'syntax':
      return reply('syntax');
    case 'impossible-domain':
      return reply('bad-domain');
  }
}
