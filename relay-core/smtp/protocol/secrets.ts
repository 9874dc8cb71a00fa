/**
 * Takes secrets out of lines before they are kept: mechanism and user name stay, passwords and tokens never do, whether
 * or not the command was in order.
 */
import { printable } from './printable.ts';
import { decodeResponse, oauthBearerCredentials, plainCredentials, xoauth2Credentials } from './sasl.ts';

/** The longest address that mail can go to (RFC 5321 §4.5.3.1). */
const maxUserCharacters = 320;

/** A line that begins with AUTH in whatever spelling: everything behind the mechanism may be a secret. */
const authLine = /^\s*AUTH\s+(\S+)(?:\s+(.*\S))?\s*$/is;

/** An AUTH command as it may be kept; any other line as it is. */
export function blankAuthCommand(line: string): string {
  const match = authLine.exec(line);
  const [, mechanism = '', initial] = match ?? [];
  return initial === undefined
    ? line
    : `AUTH ${mechanism} ${blankResponse(mechanism.toUpperCase(), initial)}`;
}

/** A response in an exchange as it may be kept: the user that it names, or nothing of it. */
export function blankResponse(mechanism: string, response: string): string {
  if (response === '' || response === '*' || response === '=') return response;
  const decoded = decodeResponse(response);
  switch (mechanism) {
    case 'LOGIN':
      return decoded === null ? '(blanked)' : `${response} (user ${printable(decoded, maxUserCharacters)})`;
    case 'PLAIN':
      return blanked(decoded && plainCredentials(decoded)?.user, 'password');
    case 'XOAUTH2':
      return blanked(decoded && xoauth2Credentials(decoded)?.user, 'token');
    case 'OAUTHBEARER':
      return blanked(decoded && oauthBearerCredentials(decoded)?.user, 'token');
    default:
      return '(blanked)';
  }
}

function blanked(user: string | null | undefined, secret: 'password' | 'token'): string {
  return user ? `(user ${printable(user, maxUserCharacters)}, ${secret} blanked)` : '(blanked)';
}
