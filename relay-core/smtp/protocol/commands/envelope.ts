/**
 * MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3): order and syntax here, everything else is the relay's to say.
 */
import { type CatalogueReply, reply } from '../../../replies/catalogue.ts';
import type { Conversation } from '../conversation.ts';
import { noteMisplacedMail } from '../findings.ts';
import { parseMailParameters } from '../mail-parameters.ts';
import { checkMailbox, splitPathArgument } from '../path.ts';
import { printable } from '../printable.ts';

/** How much of a wrong path or parameter is kept: more than a right one can have. */
const maxWrongCharacters = 500;

/** Out of order it is no transaction; wrong in itself it is one, refused at MAIL. */
export function mail(conversation: Conversation, argument: string) {
  const misplaced = (id: 'helo-first' | 'transaction-open') => {
    noteMisplacedMail(conversation.relay, id);
    conversation.say(reply(id));
  };
  if (!conversation.greeted) return misplaced('helo-first');
  if (conversation.transaction !== null) return misplaced('transaction-open');
  const wrong = (reversePath: string, parameter: string | null) => {
    const refusal = reply('syntax');
    conversation.relay.mailRefused(
      {
        reversePath: printable(reversePath, maxWrongCharacters),
        wrongParameter: parameter === null ? null : printable(parameter, maxWrongCharacters),
      },
      refusal,
    );
    conversation.say(refusal);
  };
  const split = splitPathArgument(argument, 'FROM:');
  if (split.outcome === 'syntax') return wrong(argument.replace(/^FROM:\s*/i, ''), null);
  const parameters = parseMailParameters(split.rest);
  if (parameters.outcome === 'syntax') return wrong(split.path, parameters.wrong);
  const { declaredBytes, smtpUtf8 } = parameters;
  if (split.path !== '' && checkMailbox(split.path, smtpUtf8) !== 'valid') return wrong(split.path, null);
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
    const path = split.outcome === 'path' ? split.path : argument.replace(/^TO:\s*/i, '');
    relay.rcptRefused(printable(path, maxWrongCharacters), wrong);
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
