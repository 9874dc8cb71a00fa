/**
 * What a mail administrator is told of commands that are refused here, without a transaction: at EHLO, at AUTH, and MAIL out
 * of order. Each with its fix; a session keeps each once. No text holds what the client sent for a secret.
 */
import type { RelaySession } from '../../relay/types.ts';
import { type Mechanism, mechanisms } from './capabilities.ts';

type Sentences = readonly [text: string, fix: string];

/** An EHLO or HELO without a name, or with one that cannot be one. */
export function noteBadHelo(relay: RelaySession, verb: 'EHLO' | 'HELO', name: string): void {
  relay.note({
    rule: 'RFC-5321',
    severity: 'problem',
    text:
      name === ''
        ? `${verb} came without a name and was refused.`
        : `${verb} came with a name that is none, "${name}", and was refused.`,
    fix: 'Let the client present its own full host name, such as mail.example.com, of letters, digits, hyphens and dots (in Postfix: smtp_helo_name).',
  });
}

/** The replies to AUTH where it has no place, or names no mechanism of the relay. */
export type MisplacedAuth =
  | 'starttls-first'
  | 'helo-first'
  | 'no-identity-change'
  | 'transaction-open'
  | 'bad-mechanism';

const misplacedAuth: Readonly<Record<Exclude<MisplacedAuth, 'starttls-first'>, Sentences>> = {
  'helo-first': [
    'AUTH came before EHLO and was refused.',
    'Let the client send EHLO first, and once more behind STARTTLS, then AUTH.',
  ],
  'no-identity-change': [
    'AUTH came again behind a sign-in and was refused.',
    'Let the client sign in once on each connection, and open another one to be somebody else.',
  ],
  'transaction-open': [
    'AUTH came within a transaction and was refused.',
    'Let the client sign in before its first MAIL.',
  ],
  'bad-mechanism': [
    'AUTH named a mechanism that the relay does not have, or none, and was refused.',
    `Let the client use one that EHLO offers inside TLS: ${mechanisms.join(', ')} (in Postfix: smtp_sasl_mechanism_filter = plain, login).`,
  ],
};

/** AUTH in plain text outside a transaction is the session's to tell, once the connection is gone (AUT-3). */
export function noteMisplacedAuth(
  relay: RelaySession,
  refusal: MisplacedAuth,
  isWithinTransaction: boolean,
): void {
  if (refusal === 'starttls-first') {
    if (!isWithinTransaction) return;
    relay.note({
      rule: 'AUT-3',
      severity: 'problem',
      text: 'AUTH was sent in plain text, within a transaction, and refused: it is taken inside TLS only.',
      fix: 'Let the client start TLS, then sign in, then send MAIL.',
    });
    return;
  }
  const [text, fix] = misplacedAuth[refusal];
  relay.note({ rule: 'RFC-5321', severity: 'problem', text, fix });
}

/** Why a response in an exchange is not taken. */
export type BadResponse = 'no-base64' | 'no-credentials' | 'several' | 'given-up';

const expected: Readonly<Record<Mechanism, string>> = {
  LOGIN: 'the user name, then the password, each in base64 on a line of its own',
  PLAIN: 'base64 of NUL, user name, NUL, password, in one line',
  XOAUTH2: 'base64 of user=ADDRESS ^A auth=Bearer TOKEN ^A ^A, in one line',
  OAUTHBEARER: 'base64 of n,a=ADDRESS, ^A auth=Bearer TOKEN ^A ^A, in one line',
};

const wrongIn: Readonly<Record<Exclude<BadResponse, 'given-up'>, string>> = {
  'no-base64': 'what the client sent is no base64',
  'no-credentials': 'what the client sent does not hold both a user name and its secret',
  several: 'the client sent more than one response in one line',
};

export function noteBadResponse(relay: RelaySession, mechanism: Mechanism, why: BadResponse): void {
  if (why === 'given-up') {
    relay.note({
      rule: 'RFC-5321',
      severity: 'warning',
      text: `The client gave up AUTH ${mechanism}.`,
      fix: 'Look into the log of the client: it may have no user name or password for this server.',
    });
    return;
  }
  relay.note({
    rule: 'RFC-5321',
    severity: 'problem',
    text: `AUTH ${mechanism} was refused: ${wrongIn[why]}.`,
    fix: `Let the client send ${expected[mechanism]}.`,
  });
}

/** MAIL where it has no place: no transaction, since none began, or the open one goes on. */
export function noteMisplacedMail(relay: RelaySession, refusal: 'helo-first' | 'transaction-open'): void {
  const [text, fix] = misplacedMail[refusal];
  relay.note({ rule: 'RFC-5321', severity: 'problem', text, fix });
}

const misplacedMail: Readonly<Record<'helo-first' | 'transaction-open', Sentences>> = {
  'helo-first': [
    'MAIL came before EHLO and was refused.',
    'Let the client send EHLO first, and once more behind STARTTLS.',
  ],
  'transaction-open': [
    'MAIL came while a transaction was open and was refused; that one went on.',
    'Let the client end each transaction, by DATA or RSET, before the next MAIL.',
  ],
};

/** TLS from the first byte, on a port that begins in plain text. */
export function noteTlsInPlainText(relay: RelaySession): void {
  relay.note({
    rule: 'PRT-2',
    severity: 'problem',
    text: 'The client speaks TLS from the first byte, and this port begins in plain text.',
    fix: 'Let the client use the listener that stands for 465, or STARTTLS on this one (in Postfix: smtp_tls_wrappermode = no).',
  });
}

/** HTTP, which no mail server speaks. */
export function noteHttp(relay: RelaySession): void {
  relay.note({
    rule: 'PRT-3',
    severity: 'warning',
    text: 'An HTTP request came, and this port speaks SMTP.',
    fix: 'Find the browser, program or port scanner that has this port for a web server; the pages of the bench are at an address of their own.',
  });
}
