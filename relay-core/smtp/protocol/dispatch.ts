/**
 * From a client's line to the command that takes it. Verbs are allowed by list; what is not on it is unknown, whatever
 * else the library below could do.
 */
import { reply } from '../../replies/catalogue.ts';
import { auth } from './commands/auth.ts';
import { bdat, data } from './commands/content.ts';
import { mail, rcpt } from './commands/envelope.ts';
import { ehlo, helo } from './commands/helo.ts';
import { noop, quit, rset, unimplemented, vrfy } from './commands/session.ts';
import { starttls } from './commands/starttls.ts';
import { xclient } from './commands/xclient.ts';
import type { Conversation } from './conversation.ts';
import { blankAuthCommand } from './secrets.ts';

type Command = (conversation: Conversation, argument: string) => void;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['HELO', helo],
  ['EHLO', ehlo],
  ['MAIL', mail],
  ['RCPT', rcpt],
  ['DATA', data],
  ['BDAT', bdat],
  ['RSET', rset],
  ['NOOP', noop],
  ['VRFY', vrfy],
  ['QUIT', quit],
  ['STARTTLS', starttls],
  ['AUTH', auth],
  ['XCLIENT', xclient],
  ['EXPN', unimplemented],
  ['HELP', unimplemented],
  ['TURN', unimplemented],
  ['ETRN', unimplemented],
  ['SEND', unimplemented],
  ['SOML', unimplemented],
  ['SAML', unimplemented],
]);

/** Unknown commands in a row, and commands outside a transaction without a sign-in or an accepted MAIL. [ours] */
const maxUnknownInARow = 10;
const maxIdleCommands = 200;
/** Longer lines are kept cut. */
const maxKeptCharacters = 2_000;
/** A browser that is made to talk to this port; going on would let a web page speak SMTP. */
const httpRequest = /^[A-Z]{3,8} \S+ HTTP\/\d/i;

/** Takes one line, its line end taken off. */
export function takeLine(conversation: Conversation, line: string): void {
  conversation.attempt(() => dispatch(conversation, line));
}

/** A line longer than any command: it was read and thrown away. */
export function takeTooLongLine(conversation: Conversation, bytes: number): void {
  conversation.heard(`(a line of ${bytes} bytes, too long to be a command)`);
  conversation.awaited = null;
  conversation.say(reply('line-too-long'));
}

function dispatch(conversation: Conversation, line: string): void {
  const { awaited } = conversation;
  if (awaited !== null) {
    conversation.awaited = null;
    conversation.heard(cut(awaited.blank(line)));
    awaited.take(line);
    return;
  }
  const space = line.indexOf(' ');
  const verb = (space === -1 ? line : line.slice(0, space)).toUpperCase();
  const command = commands.get(verb);
  if (command === undefined || (verb === 'XCLIENT' && !conversation.peerIsLoopback)) {
    unknown(conversation, line);
    return;
  }
  conversation.heard(cut(verb === 'AUTH' ? blankAuthCommand(line) : line));
  conversation.unknownInARow = 0;
  conversation.credentialsMayFollow = false;
  if (conversation.transaction === null && !conversation.authenticated) {
    conversation.idleCommands += 1;
    if (conversation.idleCommands > maxIdleCommands && verb !== 'QUIT') {
      conversation.sayAndClose(reply('too-many-unauthenticated'));
      return;
    }
  }
  command(conversation, space === -1 ? '' : line.slice(space + 1).trimEnd());
}

function unknown(conversation: Conversation, line: string): void {
  conversation.heard(
    cut(conversation.credentialsMayFollow ? '(blanked: it followed a refused AUTH)' : blankAuthCommand(line)),
  );
  conversation.unknownInARow += 1;
  if (conversation.unknownInARow >= maxUnknownInARow || httpRequest.test(line)) {
    conversation.sayAndClose(reply('too-many-unknown-commands'));
  } else {
    conversation.say(reply('unknown-command'));
  }
}

function cut(text: string): string {
  return text.length <= maxKeptCharacters
    ? text
    : `${text.slice(0, maxKeptCharacters)}… (${text.length} characters)`;
}
