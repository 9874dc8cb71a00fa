/**
 * What is shown of the client's AUTH lines: the mechanism and the user name stay, passwords and tokens never do.
 * Pure text in, text out; knows nothing of sockets. Source: RFC 4954 (AUTH), RFC 4616 (PLAIN), RFC 7628 (OAUTHBEARER).
 */

/** Where an exchange stands: which mechanism, and how many lines the client has answered to `334`. */
export interface AuthExchange {
  readonly mechanism: string;
  readonly linesAnswered: number;
}

const blanked = (what: string) => `(${what} blanked)`;

const decodeBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

function userIn(mechanism: string, decoded: string): string | undefined {
  switch (mechanism) {
    case 'PLAIN':
      return decoded.split('\0')[1];
    case 'XOAUTH2':
      return decoded.startsWith('user=') ? decoded.slice('user='.length).split('\x01')[0] : undefined;
    case 'OAUTHBEARER':
      return /^n,a=([^,]*),/.exec(decoded)?.[1];
    default:
      return undefined;
  }
}

function blankResponse(mechanism: string, response: string): string {
  if (response === '') return '';
  const user = userIn(mechanism, decodeBase64(response));
  const secret = mechanism === 'PLAIN' ? 'password' : 'token';
  return user ? `(${user}, ${secret} blanked)` : blanked('credentials');
}

/**
 * The AUTH command as it may be shown, and the exchange it opens.
 * @returns null when the line is no AUTH command
 */
export function blankAuthCommand(line: string): { text: string; exchange: AuthExchange } | null {
  const match = /^AUTH +(\S+)(?: +(\S.*))?$/i.exec(line);
  const [, name, initial] = match ?? [];
  if (name === undefined) return null;
  const mechanism = name.toUpperCase();
  if (initial === undefined) return { text: line, exchange: { mechanism, linesAnswered: 0 } };
  const shown =
    mechanism === 'LOGIN' ? loginUser(initial) : blankResponse(mechanism, initial === '=' ? '' : initial);
  return { text: `AUTH ${name} ${shown}`.trimEnd(), exchange: { mechanism, linesAnswered: 1 } };
}

const loginUser = (base64: string): string => `${base64} (${decodeBase64(base64)})`;

/** A client's line behind `334`, as it may be shown. */
export function blankAuthAnswer(line: string, { mechanism, linesAnswered }: AuthExchange): string {
  if (line === '*' || line === '') return line;
  if (mechanism !== 'LOGIN') return linesAnswered === 0 ? blankResponse(mechanism, line) : blanked('answer');
  return linesAnswered === 0 ? loginUser(line) : blanked('password');
}
