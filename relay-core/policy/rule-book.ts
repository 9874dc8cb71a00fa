/**
 * Every rule of the relay by id, with its text and how well it is founded: what traces cite and the pages show.
 * The wording is that of docs/spec/relay-rules.md; a test holds the two together. What a rule does is in the files
 * beside this one; `inForce` says which of them the engine acts on.
 */
import type { RuleBasis } from '../contract/words.ts';

export interface RuleText {
  readonly basis: RuleBasis;
  readonly text: string;
}

export const ruleBook = {
  'ORG-1': {
    basis: 'doc',
    text: "A customer owns one primary domain and any number of secondary domains and subdomains. Mail from any of them counts as the customer's. A domain alias [assumed] gives every user of the primary domain the same local part there.",
  },
  'ORG-2': {
    basis: 'doc',
    text: "A customer has a number of user licences. Limits grow with it. It has registered users (address, alias addresses, suspended or not) and a super administrator who receives alerts (an address of the customer's, never one at gmail.com).",
  },
  'ORG-3': {
    basis: 'doc',
    text: "Billing state is `trial`, `unpaid` (no invoice paid yet) or `paid`. It changes the limits (CQ-5). Paying the invoice raises the relay limits; ending the trial early raises Gmail's own sending limits, which are another thing.",
  },
  'ORG-4': {
    basis: 'doc',
    text: 'The relay setting can be added, edited and deleted at the root organisational unit only. A sub-unit shows the inherited setting read-only; an attempt to change it there is refused with a clear error.',
  },
  'ORG-5': {
    basis: 'doc',
    text: "Gmail's own per-user sending limits are counted separately. Relay traffic never uses them up, and the other way round. The UI says so where quotas are shown.",
  },
  'ORG-6': {
    basis: 'doc',
    text: 'The legacy edition has no relay service: the page sends such customers to the paid one. `edition: legacy` makes the engine refuse everything with `relay-denied` [assumed reply], the trace says why.',
  },
  'SET-1': {
    basis: 'doc',
    text: 'A customer can have several relay settings, each with a description. "Add another" is normal.',
  },
  'SET-2': {
    basis: 'doc',
    text: 'Allowed senders is one of: `registered-users` (the sender must be a registered user in one of the domains), `domain-addresses` (any address in one of the domains, registered or not; meant for devices and third-party apps), `any` (any sender, even outside the domains; not recommended, more open to abuse: the UI warns).',
  },
  'SET-3': {
    basis: 'doc',
    text: 'Authentication is one or both of: accept only listed IP addresses; require SMTP authentication. A setting with neither cannot be saved.',
  },
  'SET-4': {
    basis: 'doc',
    text: "An IP entry has a description, an address or CIDR range, and an enabled flag that can be switched later without deleting it. IPv4, IPv6 in full form (`1050:0000:0000:0000:0005:0600:300c:326b`), without leading zeros (`1050:0:0:0:5:600:300c:326b`) and shortened (`1050::5:600:300c:326b`) are the same address. A range holds at most 65,536 addresses; larger, malformed, or host-bits-set input gets an error that names the entry and the fix. A wide range gets a warning: as narrow as possible is safer; a private address gets one too: the page asks for one's own public address. The IP box ticked without any entry cannot be saved.",
  },
  'SET-5': {
    basis: 'doc',
    text: 'Encryption: `require TLS` rejects what is not encrypted. Ticking it warns: not for a mail server that cannot do TLS.',
  },
  'SET-6': {
    basis: 'doc',
    text: "A saved change can take up to one hour to reach everybody. The engine has a propagation delay (default none, settable up to 60 minutes on the engine's clock); until it is over, decisions use the previous settings, and the trace says that a newer version is on its way.",
  },
  'SET-7': {
    basis: 'doc',
    text: 'Earlier changes can be followed in an audit log: time, who, what, before and after. It cannot be edited.',
  },
  'SET-8': {
    basis: 'assumed',
    text: "With several settings (each `enabled` or not), a transaction is accepted when at least one enabled setting accepts it; settings are tried in their order and the first that accepts is named in the trace. When none does, the reply is that of the setting that got furthest: whose failing check comes latest in the order encryption, authentication, address, identity, sender, envelope; ties go to the first. The trace ends with that setting's steps. A refusal at MAIL (encryption, authentication) is given only when every enabled setting has failed by then.",
  },
  'AUT-1': {
    basis: 'doc',
    text: "With the IP box ticked, only mail from an enabled listed address counts as coming from the customer's domains. Authentication does not replace the listed address [assumed]: it says which domain vouches.",
  },
  'AUT-2': {
    basis: 'doc',
    text: 'With "require SMTP authentication" ticked, the client must authenticate (that identifies the sending domain) and must be on TLS.',
  },
  'AUT-3': {
    basis: 'doc',
    text: 'Without TLS, SMTP AUTH is not offered and not accepted; then only IP authentication can work.',
  },
  'AUT-4': {
    basis: 'doc',
    text: "Relaying over the ports 587 and 465 needs SMTP AUTH with the account's address and password. (In practice the real service also takes IP authentication on 587: `submissionPortsNeedAuth` is true in `g-suite`, false in `workspace`.)",
  },
  'AUT-5': { basis: 'assumed', text: 'With both boxes ticked, both must hold.' },
  'AUT-6': {
    basis: 'log',
    text: 'Wrong credentials get 535 5.7.8; unknown or suspended users look the same as a wrong password. Several failures in a row on one connection close it.',
  },
  'PRT-1': {
    basis: 'doc',
    text: 'Required TLS: clients must use port 587. Not required: 25, 465 or 587. [assumed] The engine enforces the encryption, not the number: encrypted mail on 25 or 465 passes with a note in the trace that the page asks for 587.',
  },
  'PRT-2': { basis: 'doc', text: '465 is TLS from the first byte; 25 and 587 offer STARTTLS.' },
  'PRT-3': {
    basis: 'ours',
    text: 'The engine listens on unprivileged stand-ins by default (2525, 4465, 5587 for 25, 465, 587) and shows which role each has; the real numbers can be chosen.',
  },
  'PRT-4': { basis: 'log', text: 'MAIL before STARTTLS where TLS is required gets 530 5.7.0.' },
  'SND-1': {
    basis: 'doc',
    text: '`registered-users`: the envelope sender must be a registered user (unsuspended, and an alias address counts as its user [assumed]).',
  },
  'SND-2': {
    basis: 'doc',
    text: "`domain-addresses`: the envelope sender's domain must be one of the customer's domains, subdomains included [assumed].",
  },
  'SND-3': { basis: 'doc', text: '`any`: every envelope sender may pass, but see IDN-1.' },
  'SND-4': {
    basis: 'doc',
    text: 'The header fields From and Reply-To play no part in this, nor in counting.',
  },
  'SND-5': {
    basis: 'assumed',
    text: "SND-1 and SND-2 do not apply to the empty sender: IDN-1 alone decides, whatever the allowed senders. A suspended user's own address is refused under every value.",
  },
  'IDN-1': {
    basis: 'doc',
    text: "When the envelope sender is outside the customer's domains, or empty (`MAIL FROM:<>`: bounces, absence notices), the sending domain must be known from SMTP AUTH or from a customer domain given in HELO/EHLO. Neither: rejected, with the reply that says so.",
  },
  'IDN-2': { basis: 'assumed', text: 'When both are present, SMTP AUTH wins over HELO/EHLO.' },
  'ENV-1': {
    basis: 'doc',
    text: 'A foreign envelope sender `user@domain-you-do-not-own` is rewritten to `postmaster@your-domain`, where your-domain is the one received through SMTP AUTH or HELO/EHLO: the registered domain that holds the HELO name (`mx9.example.net` → `postmaster@example.net`) [assumed], or the domain of the authenticated user.',
  },
  'ENV-2': {
    basis: 'doc',
    text: 'An empty envelope sender takes exactly one recipient: a second RCPT TO is refused.',
  },
  'ENV-3': {
    basis: 'assumed',
    text: 'An empty envelope sender stays empty: a rewritten one would turn bounces into loops.',
  },
  'ENV-4': {
    basis: 'doc',
    text: 'More than 100 recipients in one transaction are handled; limits of RFC 5321 can still stop some transactions. The profile carries the ceiling.',
  },
  'ENV-5': {
    basis: 'ours',
    text: 'The envelope before and after is kept with each transaction and shown side by side, with the rule that changed it.',
  },
  'HEL-1': {
    basis: 'doc',
    text: 'Clients should present a unique identifier, such as their domain or host name. Generic names run into denial-of-service limits: `localhost`, `smtp-relay.gmail.com`, `smtp-relay.google.com`, and by extension `localhost.localdomain`, `127.0.0.1`, `[127.0.0.1]`, `[::1]`, `[IPv6:::1]`. Other names without a dot and private address literals pass with a finding.',
  },
  'HEL-2': {
    basis: 'doc',
    text: 'Clients that send a lot must reuse connections and send several messages on each (connection caching). The engine counts messages per connection and connections per minute per client and reports a client that opens one connection for each message.',
  },
  'HEL-3': {
    basis: 'log',
    text: 'The reply for both is 421 4.7.0, given to EHLO or HELO (even before STARTTLS), then the connection closes. In reality it comes and goes: a rate bucket keyed on the HELO name, and a switch `refuseGenericHelo: always | rate | never` (default `rate`). Thresholds [ours], in the profile, on wall time even when engine time is simulated: 20 connections a minute for each generic name; for each client address 600 connections a minute and 100 at once.',
  },
  'UQ-1': {
    basis: 'doc',
    text: 'Messages: at most 10,000 per user in 24 hours; it can vary with the number of licences.',
  },
  'UQ-2': { basis: 'doc', text: 'Unique recipients: about 130 × licences per user in 24 hours.' },
  'UQ-3': { basis: 'doc', text: 'Over either: 550 5.4.5, daily relay quota exceeded for the user.' },
  'UQ-4': {
    basis: 'doc',
    text: 'Counted by the envelope sender of the relay transaction. If that is not a registered user, per-user limits do not apply. Header From, Reply-To, and the address used for SMTP AUTH are not counted.',
  },
  'UQ-5': {
    basis: 'doc',
    text: 'Unique means unique: 1,000 messages to A and 1,000 to B are 2 here (and 2,000 in CQ).',
  },
  'UQ-6': {
    basis: 'assumed',
    text: 'The rewritten sender `postmaster@…` counts as a user only if it is a registered one; counting uses the original envelope sender.',
  },
  'CQ-1': {
    basis: 'doc',
    text: 'Total recipients per day: about 130 × licences, at most 4,600,000. Over: 550 5.7.1, daily relay limit exceeded for the domain.',
  },
  'CQ-2': {
    basis: 'doc',
    text: 'Total recipients in 10 minutes: about 9 × licences, at most 319,444. Over: 450 4.2.1, peak relay limit exceeded for the customer.',
  },
  'CQ-3': { basis: 'doc', text: 'Total, not unique.' },
  'CQ-4': {
    basis: 'doc',
    text: 'All mail the customer relays counts: secondary domains and subdomains, and mail from foreign addresses where a customer domain was given in HELO (or AUTH [assumed]).',
  },
  'CQ-5': {
    basis: 'doc',
    text: '`unpaid`: 100 total recipients a day, 50 in 10 minutes; `trial`: limits are lower too [assumed: the same]. Where the formula gives less, the formula holds. Per-user limits of such accounts are lower too [assumed: the same 100]. A value under `limits` in the bench file overrides all.',
  },
  'CQ-6': {
    basis: 'doc',
    text: "When the customer's limit is reached, every sender is stopped, registered or not, with the customer's error, not the user's. For small customers this comes long before the per-user limits.",
  },
  'CQ-7': {
    basis: 'assumed',
    text: "Order when several limits are hit at once: customer peak, customer day, then user. So with the limits derived from licences in `g-suite`, a user's unique recipients (130 × licences) are never the first to run out, and a user's 10,000 messages only from 77 licences on: below that, 550 5.4.5 shows only with overridden limits or filled windows. The pages say so, and the example organisation has enough licences to show it.",
  },
  'CQ-8': {
    basis: 'assumed',
    text: 'A rejected message uses up nothing; a message is charged once it is stored and accepted. At the DATA moment, after policy has passed, all recipients of the transaction are reserved at once, all or nothing, so that two connections cannot both take the last place; released on refusal, RSET or disconnect. RCPT never reserves.',
  },
  'CQ-9': {
    basis: 'assumed',
    text: "Windows roll: a recipient leaves the count exactly 24 hours (10 minutes) after it was counted; the window at t is (t − 24 h, t]. A unique recipient leaves 24 hours after the user's last message to it. Alias senders count under their user.",
  },
  'CQ-10': {
    basis: 'log',
    text: 'Policy and quota refusals answer the DATA command, after MAIL and RCPT were accepted and before any content. Of the policy rules only HEL, ENV-2, the recipient ceiling, size declared in MAIL, TLS and AUTH refusals come earlier.',
  },
  'STO-1': {
    basis: 'doc',
    text: "With comprehensive mail storage on, mail that other systems relay for a registered user (ticketing, bug trackers, alerts) also appears in that user's Gmail mailbox, and in Vault when Vault is used. Off: neither. It also trains the spam filter on the addresses written to, so that mail from them is less often marked as spam. The page recommends it to everybody and needs it when Vault shall keep relayed mail.",
  },
  'STO-2': {
    basis: 'ours',
    text: 'For each accepted transaction the engine shows which mailboxes and which archive would have kept a copy, and why or why not.',
  },
  'FIL-1': {
    basis: 'doc',
    text: 'The relay filters spam and viruses before the message reaches outside contacts.',
  },
  'FIL-2': {
    basis: 'doc',
    text: "The customer's mail security settings (content compliance, attachment rules, footers) can apply to relayed mail.",
  },
  'FIL-3': {
    basis: 'ours',
    text: 'The engine knows the standard test patterns without any outside scanner (GTUBE for spam, EICAR for viruses) and can ask a real SpamAssassin (spamd) and a real ClamAV (clamd) when configured. A scanner that does not answer never loses mail: the profile says whether the message is deferred or passes, and the trace says which.',
  },
  'ABU-1': {
    basis: 'doc',
    text: 'When much spam comes from one user, the super administrator gets an email about it. The engine raises the alert, shows it, and can show the mail that would have been sent.',
  },
  'ABU-2': {
    basis: 'log',
    text: 'A registered sender of much spam is suspended from sending for 24 hours and still receives (workspace profile); an unregistered one raises a second alert only.',
  },
  'MTA-1': {
    basis: 'ours',
    text: 'Exchange 2007/2010 without Edge: send connector of type Internet on the hub transport server, address space `*` with all subdomains, route through smart hosts, smart-host authentication "none", source servers. Default timeouts are fine.',
  },
  'MTA-2': {
    basis: 'ours',
    text: 'Exchange 2007/2010 with Edge: EdgeSync connector, address space `*`, domain security (mutual TLS) unticked, smart host, source-server subscriptions, `Start-EdgeSynchronization`, then verify connectors, receive connector IP ranges, authentication and permission groups.',
  },
  'MTA-3': {
    basis: 'ours',
    text: 'Exchange 2000/2003: retry intervals 1, 1, 3, 5 minutes; smart host on the SMTP connector.',
  },
  'MTA-4': {
    basis: 'ours',
    text: 'IBM Lotus Domino R5/R6: relay host for messages leaving the local internet domain; initial transfer retry interval 1 minute or more; default timeouts are fine.',
  },
  'MTA-5': {
    basis: 'ours',
    text: 'Novell GroupWise: timeouts first (commands 5, data 3, connect 2, greeting 5, TCP read 5, terminate 15 minutes), sending threads up to what the server handles, relay host for outbound messages.',
  },
  'MTA-6': {
    basis: 'ours',
    text: 'Sendmail: `SMART_HOST` in `sendmail.mc`, restart; `Timeout.datafinal` at 1 hour, raise it when lower.',
  },
  'MTA-7': {
    basis: 'ours',
    text: 'Apple Mac OS X Server: relay all outgoing mail through this host; restart the mail service.',
  },
  'MTA-8': {
    basis: 'ours',
    text: 'qmail: `:host:port` in `control/smtproutes`, `<domain>:<server>` for internal domains; restart; `timeoutsmtpd` 1,200 s by default, at least 900; port 25.',
  },
  'MTA-9': {
    basis: 'ours',
    text: 'Postfix: `relayhost` with port 25 in `main.cf`, reload; default timeouts are fine.',
  },
  'MTA-10': {
    basis: 'doc',
    text: 'For all: when `any` senders are used with a foreign domain, or mail has an empty envelope sender, the server must use SMTP AUTH as a registered user or present a customer domain in HELO/EHLO. The guides say how in that system.',
  },
  // Outside the service's own page: what the protocol itself asks.
  'RFC-5321': {
    basis: 'ours',
    text: 'RFC 5321 gives the syntax of commands and paths; what does not fit it is refused.',
  },
  'RFC-1870': {
    basis: 'ours',
    text: 'RFC 1870 lets a client declare the size of a message in MAIL; what is larger than EHLO announced is refused, there or at the end of data.',
  },
  'RFC-3463': {
    basis: 'ours',
    text: 'RFC 3463 has 4.3.1 for a mail system that is full: a message that cannot be kept is not accepted, and nothing accepted is lost.',
  },
  'RFC-3207': {
    basis: 'ours',
    text: 'RFC 3207 makes STARTTLS the last command of a packet; what a client sends in plain text behind it is thrown away.',
  },
} as const satisfies Record<string, RuleText>;

export type RuleId = keyof typeof ruleBook;

/** Rules whose whole effect comes later: the engine takes their keys and does nothing with them yet. */
const notYet: readonly RegExp[] = [/^MTA-/];

/** Whether the engine acts on a rule in this version. */
export function inForce(id: RuleId): boolean {
  return !notYet.some((pattern) => pattern.test(id));
}

/** Every rule id, in the order of the book. */
export function ruleIds(): readonly RuleId[] {
  return Object.keys(ruleBook).filter(isRuleId);
}

export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(ruleBook, text);
}
