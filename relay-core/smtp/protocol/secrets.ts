/**
 * Takes secrets out of lines before they are kept: mechanism and user name stay, passwords and tokens never do, whether
 * or not the exchange was in order. In doubt a line goes: what follows AUTH, at any distance, is kept only where it is a
 * command in its usual form, and a user name only where it is an address, as those of the service are (AUT-4).
 */
import { shownUserName } from '../../credentials/user-name.ts';
import { decodeResponse, oauthBearerCredentials, plainCredentials, xoauth2Credentials } from './sasl.ts';

/** Mechanisms that clients know (IANA's SASL mechanisms, and those of EHLO replies): a word behind AUTH that may stay. */
const mechanismName =
  /^(?:LOGIN|PLAIN(?:-CLIENTTOKEN)?|XOAUTH2?|OAUTHBEARER|OAUTH10A|CRAM-(?:MD5|SHA(?:1|256|512))|DIGEST-MD5|NTLM|GSSAPI|GSS-SPNEGO|GS2-KRB5(?:-PLUS)?|KERBEROS_V[45]|SCRAM-SHA(?:-1|-?224|-?256|-?384|-?512|3-512)(?:-PLUS)?|EXTERNAL|ANONYMOUS|OTP|SKEY|SECURID|SRP|MSN)$/i;

/** A line that begins with AUTH in whatever spelling: the verb, a mechanism, and what stands behind it. */
const authLine = /^(\s*AUTH)([\s=:]*)([\w-]*)([\s=:]*)(.*)$/is;

/** Commands in the form that clients give them; a password has another, also one that begins with a verb. */
const usualCommand =
  /^(?:(?:EHLO|HELO|MAIL|RCPT)(?: .*)?|BDAT +\d+(?: +LAST)?|XCLIENT(?: +[A-Z]+=\S*)+|DATA|RSET|NOOP|QUIT|STARTTLS|VRFY|EXPN|HELP) *$/is;

/** Words of a sign-in, misspelt or of another protocol (POP3, IMAP, HTTP). */
const signInWord = /\b(?:\w*AUTH\w*|LOGIN|PLAIN|USER|PASS\w*|BEARER|BASIC)\b/i;

/** Whether a line that is no command speaks of signing in: a secret may stand in it, and in what follows. */
export function speaksOfSignIn(line: string): boolean {
  return authLine.test(line) || signInWord.test(line);
}

/**
 * A line outside an exchange as it may be kept.
 * @param isCommand whether its verb is known
 * @param credentialsMayFollow whether an earlier line of the connection spoke of signing in
 */
export function keptLine(line: string, isCommand: boolean, credentialsMayFollow: boolean): string {
  if (authLine.test(line)) return blankAuthCommand(line);
  if (credentialsMayFollow) return usualCommand.test(line) ? line : '(blanked: it came behind AUTH)';
  return isCommand || !signInWord.test(line) ? line : '(blanked: it speaks of signing in)';
}

/** An AUTH command as it may be kept; any other line as it is. */
export function blankAuthCommand(line: string): string {
  const [, verb = '', gap = '', mechanism = '', behind = '', initial = ''] = authLine.exec(line) ?? [];
  if (verb === '' || (mechanism === '' && initial === '')) return line;
  if (!mechanismName.test(mechanism)) return `${verb}${gap}(blanked)`;
  return initial === ''
    ? line
    : `${verb}${gap}${mechanism}${behind}${blankResponse(mechanism.toUpperCase(), initial.trimEnd())}`;
}

/** A response in an exchange as it may be kept: the user that it names, or nothing of it. */
export function blankResponse(mechanism: string, response: string): string {
  if (response === '' || response === '*' || response === '=') return response;
  const decoded = decodeResponse(response);
  switch (mechanism) {
    case 'LOGIN': {
      const user = decoded === null ? null : shownUserName(decoded);
      return user === null ? '(blanked)' : `${response} (user ${user})`;
    }
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
  const shown = user ? shownUserName(user) : null;
  return shown === null ? '(blanked)' : `(user ${shown}, ${secret} blanked)`;
}
