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
import { detached } from './detached.ts';
import { noteHttp, noteTlsInPlainText } from './findings.ts';
import { keptLine, speaksOfSignIn } from './secrets.ts';

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
/** How a TLS handshake begins: a record of it, and its version (RFC 8446 §5.1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what such a record begins with.
const tlsHandshake = /^\x16\x03[\x00-\x04]/;

/** Takes one line, its line end taken off. */
export function takeLine(conversation: Conversation, line: string): void {
  conversation.attempt(() => dispatch(conversation, line));
}

/** A line longer than any command: it was read and thrown away. */
export function takeTooLongLine(conversation: Conversation, bytes: number): void {
  conversation.heard(`(a line of ${bytes} bytes, too long to be a command)`);
  conversation.awaited = null;
  // It may have been AUTH.
  conversation.credentialsMayFollow = true;
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
  conversation.heard(cut(keptLine(line, true, conversation.credentialsMayFollow)));
  conversation.unknownInARow = 0;
  if (verb === 'AUTH') conversation.credentialsMayFollow = true;
  if (conversation.transaction === null && !conversation.authenticated) {
    conversation.idleCommands += 1;
    if (conversation.idleCommands > maxIdleCommands && verb !== 'QUIT') {
      conversation.sayAndClose(reply('too-many-unauthenticated'));
      return;
    }
  }
  const argument = space === -1 ? '' : line.slice(space + 1).trimEnd();
  // What is short may have been followed by thousands of spaces.
  command(conversation, line.length <= maxKeptCharacters ? argument : detached(argument));
}

function unknown(conversation: Conversation, line: string): void {
  if (!conversation.tls && tlsHandshake.test(line)) {
    conversation.heard('(a TLS handshake)');
    noteTlsInPlainText(conversation.relay);
    conversation.sayAndClose(reply('too-many-unknown-commands'));
    return;
  }
  conversation.heard(cut(keptLine(line, false, conversation.credentialsMayFollow)));
  if (speaksOfSignIn(line)) conversation.credentialsMayFollow = true;
  conversation.unknownInARow += 1;
  const isHttp = httpRequest.test(line);
  if (isHttp) noteHttp(conversation.relay);
  if (conversation.unknownInARow >= maxUnknownInARow || isHttp) {
    conversation.sayAndClose(reply('too-many-unknown-commands'));
  } else {
    conversation.say(reply('unknown-command'));
  }
}

function cut(text: string): string {
  return text.length <= maxKeptCharacters
    ? text
    : `${detached(text.slice(0, maxKeptCharacters))}… (${text.length} characters)`;
}
