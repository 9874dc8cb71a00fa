/**
 * AUTH (RFC 4954) with LOGIN, PLAIN, XOAUTH2 and OAUTHBEARER, inside TLS only (AUT-3). Whether credentials are right is
 * the relay's to say; so is when a client has failed too often (AUT-6). What is refused here leaves a finding.
 */
import type { Answer, Credentials } from '../../../relay/types.ts';
import { reply } from '../../../replies/catalogue.ts';
import { type Mechanism, mechanisms } from '../capabilities.ts';
import type { Conversation } from '../conversation.ts';
import { type BadResponse, type MisplacedAuth, noteBadResponse, noteMisplacedAuth } from '../findings.ts';
import { decodeResponse, oauthBearerCredentials, plainCredentials, xoauth2Credentials } from '../sasl.ts';
import { blankResponse } from '../secrets.ts';

const userNamePrompt = 'VXNlcm5hbWU6';
const passwordPrompt = 'UGFzc3dvcmQ6';

export function auth(conversation: Conversation, argument: string) {
  const refuse = (id: MisplacedAuth) => {
    noteMisplacedAuth(conversation.relay, id, conversation.transaction !== null);
    conversation.say(reply(id));
  };
  if (!conversation.tls) return refuse('starttls-first');
  if (!conversation.greeted) return refuse('helo-first');
  if (conversation.authenticated) return refuse('no-identity-change');
  if (conversation.transaction !== null) return refuse('transaction-open');
  const [name = '', initial, ...more] = argument.trim().split(/ +/);
  const mechanism = mechanisms.find((each) => each === name.toUpperCase());
  if (mechanism === undefined) return refuse('bad-mechanism');
  if (more.length > 0) return refuseResponse(conversation, mechanism, 'several');
  exchanges[mechanism](conversation, initial ?? null);
}

/** Runs an exchange; `initial` is the initial response, still encoded. */
type Exchange = (conversation: Conversation, initial: string | null) => void;

const exchanges: Readonly<Record<Mechanism, Exchange>> = {
  LOGIN: (conversation, initial) =>
    respond(conversation, 'LOGIN', userNamePrompt, initial, (user) =>
      challenge(conversation, 'LOGIN', passwordPrompt, blankPassword, (password) =>
        authenticate(conversation, { kind: 'password', mechanism: 'LOGIN', user, password }),
      ),
    ),
  PLAIN: (conversation, initial) => single(conversation, 'PLAIN', initial, plainCredentials),
  XOAUTH2: (conversation, initial) => single(conversation, 'XOAUTH2', initial, xoauth2Credentials),
  OAUTHBEARER: (conversation, initial) =>
    single(conversation, 'OAUTHBEARER', initial, oauthBearerCredentials),
};

/** A mechanism of one response. */
function single(
  conversation: Conversation,
  mechanism: Mechanism,
  initial: string | null,
  parse: (decoded: string) => Credentials | null,
): void {
  respond(conversation, mechanism, '', initial, (decoded) => {
    const credentials = parse(decoded);
    if (credentials === null) refuseResponse(conversation, mechanism, 'no-credentials');
    else authenticate(conversation, credentials);
  });
}

/** Takes the initial response, or asks for it. */
function respond(
  conversation: Conversation,
  mechanism: Mechanism,
  prompt: string,
  initial: string | null,
  use: (decoded: string) => void,
): void {
  if (initial === null) {
    challenge(conversation, mechanism, prompt, (line) => blankResponse(mechanism, line), use);
  } else {
    decode(conversation, mechanism, initial, use);
  }
}

function challenge(
  conversation: Conversation,
  mechanism: Mechanism,
  base64: string,
  blank: (line: string) => string,
  use: (decoded: string) => void,
): void {
  conversation.awaited = { blank, take: (line) => decode(conversation, mechanism, line, use) };
  conversation.say(reply('auth-challenge', { base64 }));
}

/** `*` gives up; like anything else that is no base64 it is answered 501 (RFC 4954 §4). */
function decode(
  conversation: Conversation,
  mechanism: Mechanism,
  line: string,
  use: (decoded: string) => void,
): void {
  const response = line.trim();
  const decoded = decodeResponse(response);
  if (decoded === null) refuseResponse(conversation, mechanism, response === '*' ? 'given-up' : 'no-base64');
  else use(decoded);
}

function refuseResponse(conversation: Conversation, mechanism: Mechanism, why: BadResponse): void {
  noteBadResponse(conversation.relay, mechanism, why);
  conversation.say(reply('bad-base64'));
}

function blankPassword(line: string): string {
  return line === '' || line === '*' ? line : '(password blanked)';
}

function authenticate(conversation: Conversation, credentials: Credentials): void {
  conversation.wait(conversation.relay.authenticate(credentials), (answer) => {
    if (answer.ok) {
      conversation.authenticated = true;
      conversation.idleCommands = 0;
      conversation.give(answer);
    } else if (credentials.kind === 'token') {
      explainFailure(conversation, credentials, answer);
    } else {
      conversation.give(answer);
    }
  });
}

/** A refused token is explained in a challenge first; the client answers it, then gets its reply (RFC 7628 §3.2.3). */
function explainFailure(
  conversation: Conversation,
  { mechanism }: Extract<Credentials, { kind: 'token' }>,
  answer: Answer,
): void {
  const failure =
    mechanism === 'OAUTHBEARER'
      ? { status: 'invalid_token', schemes: 'bearer', scope: 'https://mail.google.com/' }
      : { status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' };
  conversation.awaited = {
    blank: (line) => (line === '' || line === '*' || line === 'AQ==' ? line : '(blanked)'),
    take: () => conversation.give(answer),
  };
  conversation.say(
    reply('auth-challenge', { base64: Buffer.from(JSON.stringify(failure)).toString('base64') }),
  );
}
