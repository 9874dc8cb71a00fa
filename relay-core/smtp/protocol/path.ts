/**
 * The paths of MAIL and RCPT (RFC 5321 §4.1.2, RFC 6531 §3.3): what is a path, and what a possible domain. Paths are kept
 * as they were sent; quoted local parts, source routes and address literals are taken.
 */
import { mailDomain } from '../../organisation/mail-domain.ts';
import { isAddressLiteral } from './helo-name.ts';

/** RFC 5321 §4.5.3.1: octets in a local part, and in a path with its brackets. */
const maxLocalPartBytes = 64;
const maxPathBytes = 256;

export type PathArgument =
  /** `path` without brackets, as sent; `rest` is what follows: the parameters. */
  { readonly outcome: 'path'; readonly path: string; readonly rest: string } | { readonly outcome: 'syntax' };

/** Takes `FROM:<path> rest` or `TO:<path> rest` apart. A space behind the colon is taken, as many clients send one. */
export function splitPathArgument(argument: string, keyword: 'FROM:' | 'TO:'): PathArgument {
  if (argument.slice(0, keyword.length).toUpperCase() !== keyword) return { outcome: 'syntax' };
  let open = keyword.length;
  while (argument.charCodeAt(open) === 0x20) open += 1;
  if (argument[open] !== '<') return { outcome: 'syntax' };
  const close = closingBracket(argument, open);
  if (close === -1) return { outcome: 'syntax' };
  const rest = argument.slice(close + 1);
  if (rest !== '' && !rest.startsWith(' ')) return { outcome: 'syntax' };
  return { outcome: 'path', path: argument.slice(open + 1, close), rest };
}

/** The `>` that ends the path: not one within quotes. */
function closingBracket(argument: string, open: number): number {
  const close = argument.indexOf('>', open);
  const quote = argument.indexOf('"', open);
  if (quote === -1 || quote > close) return close;
  let quoted = false;
  for (let at = open + 1; at < argument.length; at += 1) {
    const character = argument[at];
    if (character === '\\' && quoted) at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === '>' && !quoted) return at;
  }
  return -1;
}

export type MailboxCheck = 'valid' | 'syntax' | 'impossible-domain';

const atext = "[a-z0-9!#$%&'*+/=?^_`{|}~\\u00a0-\\uffff-]+";
const dotString = new RegExp(`^${atext}(?:\\.${atext})*$`, 'i');
const quotedString = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u00a0-\uffff]|\\[\x20-\x7e])*"$/;
const sourceRoute = /^@[a-z0-9._-]+(?:,@[a-z0-9._-]+)*:/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII, controls with it.
const asciiOnly = /^[\x00-\x7f]*$/;

/** What stands where bytes were no UTF-8. */
const notUtf8 = '\ufffd';

/**
 * Judges a mailbox (not the null sender, not the bare postmaster).
 * @param smtpUtf8 whether MAIL carried SMTPUTF8: only then may the path leave ASCII
 */
export function checkMailbox(path: string, smtpUtf8: boolean): MailboxCheck {
  if (Buffer.byteLength(path) + 2 > maxPathBytes) return 'syntax';
  if (!asciiOnly.test(path) && (!smtpUtf8 || path.includes(notUtf8))) return 'syntax';
  const mailbox = path.startsWith('@') ? path.replace(sourceRoute, '') : path;
  const at = mailbox.lastIndexOf('@');
  if (at <= 0) return 'syntax';
  const localPart = mailbox.slice(0, at);
  if (Buffer.byteLength(localPart) > maxLocalPartBytes) return 'syntax';
  if (!dotString.test(localPart) && !quotedString.test(localPart)) return 'syntax';
  return isPossibleDomain(mailbox.slice(at + 1)) ? 'valid' : 'impossible-domain';
}

/** Syntax only: nothing is looked up. A dot at the end is one of the mistakes the relay's reply names. */
function isPossibleDomain(domain: string): boolean {
  if (domain.startsWith('[')) return isAddressLiteral(domain);
  return domain !== '' && !domain.endsWith('.') && mailDomain(domain) !== null;
}
