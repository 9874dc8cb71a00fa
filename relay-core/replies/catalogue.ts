/**
 * Every reply the relay gives, in one catalogue; what each says, with which codes, at which stage, and how well it is
 * founded. The wording stands in reply-texts.md, entry by entry; a test holds the two together.
 * How an entry becomes the lines on the wire is in `render.ts`.
 */

/** Where the wording comes from, as reply-texts.md marks it. */
export type ReplyMark = 'seen' | 'gmail' | 'table' | 'ours';

/** What the last line ends with: the session's id, the id behind `gcdp` (the administrator's own rules), or nothing. */
export type ReplySuffix = 'session' | 'compliance' | 'none';

/** An entry; `Values` are the arguments of its text: none, or one object. */
export interface ReplyEntry<Values extends readonly unknown[]> {
  readonly code: number;
  readonly enhancedCode: string | null;
  /** The text before line breaks; line feeds are forced breaks. */
  readonly text: (...values: Values) => string;
  /** `wrapped` breaks by the rule of `wrap.ts`; `verbatim` only at line feeds, and keeps its spaces. */
  readonly layout: 'wrapped' | 'verbatim';
  readonly suffix: ReplySuffix;
  readonly mark: ReplyMark;
  /** When it is given, for people. */
  readonly stage: string;
  /** Rule ids that lead to it. */
  readonly rules: readonly string[];
}

const relayHelp = 'https://support.google.com/a/answer/6140680';

type Details = Partial<Pick<ReplyEntry<[]>, 'layout' | 'suffix' | 'rules'>>;

/** Shorthand for one row of the table below; a plain string needs no values. */
function entry<Values extends readonly unknown[] = []>(
  code: number,
  enhancedCode: string | null,
  mark: ReplyMark,
  stage: string,
  text: string | ((...values: Values) => string),
  details: Details = {},
): ReplyEntry<Values> {
  return {
    code,
    enhancedCode,
    text: typeof text === 'string' ? () => text : text,
    layout: details.layout ?? 'wrapped',
    suffix: details.suffix ?? 'session',
    mark,
    stage,
    rules: details.rules ?? [],
  };
}

const verbatim = { layout: 'verbatim' } as const;
const bare = { layout: 'verbatim', suffix: 'none' } as const;

const table = {
  // Success
  greeting: entry(220, null, 'seen', 'connect', 'smtp-relay.gmail.com ESMTP'),
  helo: entry(250, null, 'seen', 'HELO', 'smtp-relay.gmail.com at your service', bare),
  ehlo: entry(
    250,
    null,
    'gmail',
    'EHLO',
    (values: { readonly ip: string; readonly capabilities: readonly string[] }) =>
      [`smtp-relay.gmail.com at your service, [${values.ip}]`, ...values.capabilities].join('\n'),
    bare,
  ),
  'starttls-ready': entry(220, '2.0.0', 'gmail', 'STARTTLS', 'Ready to start TLS', bare),
  'auth-challenge': entry(
    334,
    null,
    'gmail',
    'AUTH',
    (values: { readonly base64: string }) => values.base64,
    bare,
  ),
  'auth-accepted': entry(235, '2.7.0', 'gmail', 'AUTH', 'Accepted', bare),
  'mail-ok': entry(250, '2.1.0', 'seen', 'MAIL', 'OK'),
  'rcpt-ok': entry(250, '2.1.5', 'seen', 'RCPT', 'OK'),
  'go-ahead': entry(354, null, 'seen', 'DATA', ' Go ahead', verbatim),
  'message-accepted': entry(
    250,
    '2.0.0',
    'seen',
    'end of data',
    (values: { readonly unixSeconds: number }) => `OK  ${values.unixSeconds}`,
    verbatim,
  ),
  'chunk-accepted': entry(250, '2.0.0', 'ours', 'BDAT', 'OK'),
  flushed: entry(250, '2.1.5', 'gmail', 'RSET', 'Flushed'),
  closing: entry(221, '2.0.0', 'seen', 'QUIT', 'closing connection'),
  noop: entry(250, '2.0.0', 'ours', 'NOOP', 'OK'),
  vrfy: entry(252, '2.1.5', 'ours', 'VRFY', "Send some mail, I'll try my best"),

  // Refusals by quota
  'user-day': entry(
    550,
    '5.4.5',
    'table',
    'DATA',
    `Daily SMTP relay limit exceeded for user. For more information on SMTP relay sending limits please contact your administrator or visit ${relayHelp}#userlimit`,
    { rules: ['UQ-3'] },
  ),
  'customer-day': entry(
    550,
    '5.7.1',
    'seen',
    'DATA',
    `Daily SMTP relay limit exceeded for customer. For more information on SMTP relay sending limits please contact your administrator or visit ${relayHelp}#dailylimit`,
    { rules: ['CQ-1'] },
  ),
  'customer-peak': entry(
    450,
    '4.2.1',
    'table',
    'DATA',
    `Peak SMTP relay limit exceeded for customer. This is a temporary error. For more information on SMTP relay limits, please contact your administrator or visit ${relayHelp}`,
    { rules: ['CQ-2'] },
  ),

  // Refusals by settings, identity and sender
  'relay-denied': entry(
    550,
    '5.7.0',
    'seen',
    'DATA',
    (values: { readonly ip: string; readonly domains: readonly string[] }) =>
      `Mail relay denied [${values.ip}]. Invalid credentials for relay for one of the domains in: ${values.domains.join(', ')} (as obtained from HELO and MAIL FROM).\nEmail is being sent from a domain or IP address which isn't registered in your G Suite account. Please login to your G Suite account and verify that your sending device IP address has been registered within the G Suite SMTP Relay Settings. For more information, please visit ${relayHelp}#maildenied`,
    { rules: ['AUT-1', 'SND-1', 'SND-2'] },
  ),
  'invalid-credentials': entry(
    550,
    '5.7.1',
    'seen',
    'DATA',
    (values: { readonly ip: string }) =>
      `Invalid credentials for relay [${values.ip}]. The IP address you've registered in your G Suite SMTP Relay service doesn't match domain of the account this email is being sent from. If you are trying to relay mail from a domain that isn't registered under your G Suite account or has empty envelope-from, you must configure your mail server either to use SMTP AUTH to identify the sending domain or to present one of your domain names in the HELO or EHLO command. For more information, please visit ${relayHelp}#invalidcred`,
    { rules: ['IDN-1', 'SND-1', 'SND-2'] },
  ),
  'sending-denied': entry(550, '5.7.0', 'table', 'DATA', 'Mail Sending denied.', {
    rules: ['SND-1', 'SND-5'],
  }),
  'too-many-for-null': entry(550, '5.5.3', 'table', 'RCPT', 'Too many recipients for this sender', {
    rules: ['ENV-2'],
  }),
  'too-many-recipients': entry(
    452,
    '4.5.3',
    'gmail',
    'RCPT',
    "Your message has too many recipients. For more information regarding Google's sending limits, go to https://support.google.com/mail/?p=TooManyRecipientsError",
    { rules: ['ENV-4'] },
  ),
  'try-later': entry(
    421,
    '4.7.0',
    'seen',
    'EHLO, MAIL',
    (values: { readonly command: 'EHLO' | 'MAIL' }) =>
      `Try again later, closing connection. (${values.command})`,
    { rules: ['HEL-3'] },
  ),
  'starttls-first': entry(530, '5.7.0', 'gmail', 'MAIL', 'Must issue a STARTTLS command first.', {
    rules: ['PRT-4', 'AUT-2', 'AUT-3', 'AUT-4'],
  }),
  'auth-required': entry(
    530,
    '5.5.1',
    'gmail',
    'MAIL',
    'Authentication Required. Learn more at https://support.google.com/mail/?p=WantAuthError',
    { rules: ['AUT-2', 'AUT-4'] },
  ),
  'bad-credentials': entry(
    535,
    '5.7.8',
    'gmail',
    'AUTH',
    'Username and Password not accepted. Learn more at https://support.google.com/mail/?p=BadCredentials',
    { rules: ['AUT-6'] },
  ),
  'too-many-logins': entry(
    454,
    '4.7.0',
    'table',
    'AUTH',
    'Too many login attempts, please try again later.',
    {
      rules: ['AUT-6'],
    },
  ),
  'no-identity-change': entry(503, '5.7.0', 'table', 'AUTH', 'No identity changes permitted.'),
  'bad-mechanism': entry(504, '5.7.4', 'table', 'AUTH', 'Unrecognized Authentication Type.'),
  'bad-base64': entry(501, '5.5.2', 'gmail', 'AUTH', 'Cannot Decode response'),
  'empty-helo': entry(
    501,
    '5.5.4',
    'gmail',
    'EHLO',
    'Empty HELO/EHLO argument not allowed, closing connection. https://support.google.com/mail/?p=helo',
  ),
  'invalid-helo': entry(
    501,
    '5.5.4',
    'gmail',
    'EHLO',
    (values: { readonly name: string }) => `HELO/EHLO argument "${values.name}" invalid, closing connection.`,
  ),

  // Order, syntax, size
  'helo-first': entry(503, '5.5.1', 'table', 'order', 'EHLO/HELO first.'),
  'mail-first': entry(503, '5.5.1', 'table', 'order', 'MAIL first.'),
  'rcpt-first': entry(503, '5.5.1', 'table', 'order', 'RCPT first.'),
  'unknown-command': entry(502, '5.5.1', 'table', 'any', 'Unrecognized command.'),
  'too-many-unknown-commands': entry(
    502,
    '5.5.1',
    'table',
    'any',
    'Too many unrecognized commands, goodbye.',
  ),
  unimplemented: entry(502, '5.5.1', 'table', 'any', 'Unimplemented command.'),
  'starttls-repeated': entry(454, '5.5.1', 'table', 'STARTTLS', 'STARTTLS may not be repeated.'),
  'too-many-unauthenticated': entry(554, '5.7.0', 'table', 'any', 'Too Many Unauthenticated commands.'),
  syntax: entry(555, '5.5.2', 'gmail', 'MAIL, RCPT', 'Syntax error.'),
  'line-too-long': entry(500, '5.5.2', 'ours', 'any', 'Line too long.'),
  'bad-argument': entry(501, '5.5.4', 'ours', 'BDAT, STARTTLS, XCLIENT', 'Command argument not recognized.'),
  'transaction-open': entry(503, '5.5.1', 'ours', 'MAIL, AUTH, XCLIENT', 'Mail transaction in progress.'),
  'content-begun': entry(503, '5.5.1', 'ours', 'after BDAT', 'Message content has begun.'),
  'bad-domain': entry(
    553,
    '5.1.2',
    'table',
    'RCPT',
    "We weren't able to find the recipient domain. Please check for any spelling errors, and make sure you didn't enter any spaces, periods, or other punctuation after the recipient's email address.",
  ),
  'too-large': entry(
    552,
    '5.3.4',
    'gmail',
    'MAIL, end of data',
    "Your message exceeded Google's message size limits. Please visit https://support.google.com/mail/?p=MaxSizeError to view our size guidelines.",
  ),

  // Content and abuse
  'blocked-content': entry(
    552,
    '5.7.0',
    'gmail',
    'end of data',
    'This message was blocked because its content presents a potential security issue. Please visit https://support.google.com/mail/?p=BlockedMessage to review our message content and attachment content guidelines.',
    { rules: ['FIL-1'] },
  ),
  spam: entry(
    550,
    '5.7.1',
    'gmail',
    'end of data',
    (values: { readonly ip: string }) =>
      `[${values.ip}      12] Our system has detected that this\nmessage is likely unsolicited mail. To reduce the amount of spam sent\nto Gmail, this message has been blocked. Please visit\n https://support.google.com/mail/?p=UnsolicitedMessageError\nfor more information.`,
    { layout: 'verbatim', rules: ['FIL-1'] },
  ),
  'unsolicited-rate': entry(
    421,
    '4.7.28',
    'gmail',
    'end of data',
    (values: { readonly ip: string }) =>
      `[${values.ip}      15] Our system has detected an unusual rate of\nunsolicited mail originating from your IP address. To protect our\nusers from spam, mail sent from your IP address has been temporarily\nrate limited. Please visit\n https://support.google.com/mail/?p=UnsolicitedRateLimitError to\nreview our Bulk Email Senders Guidelines.`,
    { layout: 'verbatim', rules: ['ABU-1'] },
  ),
  policy: entry(
    550,
    '5.7.1',
    'table',
    'end of data',
    'The user or domain that you are sending to (or from) has a policy that prohibited the mail that you sent. Please contact your domain administrator for further details.',
    { suffix: 'compliance', rules: ['FIL-2'] },
  ),

  // Time and the engine itself
  timeout: entry(451, '4.4.2', 'gmail', 'idle', 'Timeout - closing connection.'),
  'too-many-connections': entry(421, '4.7.0', 'ours', 'connect', 'Too many connections, try again later.'),
  'connection-expired': entry(421, '4.7.0', 'table', 'long session', 'Connection expired, try reconnecting.'),
  'storage-full': entry(452, '4.3.1', 'ours', 'end of data', 'Insufficient system storage.'),
  'local-error': entry(451, '4.3.0', 'ours', 'any', 'Local error in processing, try again later.'),
  'shutting-down': entry(421, '4.3.2', 'ours', 'any', 'Service is closing, try again later.'),
} as const;

type ValuesById = {
  [Id in keyof typeof table]: (typeof table)[Id] extends ReplyEntry<infer Values> ? Values : never;
};

export type ReplyId = keyof ValuesById;

/** The values a reply's text needs: none, or one object. */
export type ReplyValues<Id extends ReplyId> = ValuesById[Id];

export const replyCatalogue: { readonly [Id in ReplyId]: ReplyEntry<ValuesById[Id]> } = table;

/** A reply by name, with its text; wording by profile, line breaks and session id are added when it goes out. */
export interface CatalogueReply {
  readonly id: ReplyId;
  readonly text: string;
}

/** A reply of the catalogue with its values: `reply('invalid-credentials', { ip })`. */
export function reply<Id extends ReplyId>(id: Id, ...values: ReplyValues<Id>): CatalogueReply {
  return { id, text: replyCatalogue[id].text(...values) };
}
