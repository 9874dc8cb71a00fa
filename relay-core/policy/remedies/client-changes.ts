/** What the client could do differently: HELO name, TLS, SMTP AUTH, sender, recipients, port, the address it comes from. */

import ipaddr from 'ipaddr.js';
import { findUser } from '../../organisation/organisation.ts';
import type { Organisation, User } from '../../organisation/types.ts';
import { demandOf } from '../demand.ts';
import { figures, utcFrom } from '../figures.ts';
import { neverFits } from '../rules/quotas.ts';
import { isStillSignedIn } from '../standing.ts';
import type { Candidate } from './candidate.ts';
import type { Outlook, Situation } from './situation.ts';

/** The least intrusive first. */
export function clientChanges(situation: Situation, outlook: Outlook): Candidate[] {
  return [
    ...presentOwnDomain(situation),
    ...startTls(situation),
    ...authenticate(situation),
    ...connectToPort25(situation),
    ...fewerRecipients(situation, outlook),
    ...smallerMessage(situation),
    ...sendAsRegisteredUser(situation),
    ...connectFromListedAddress(situation),
  ];
}

function withSession(session: Partial<Situation['session']>): Candidate['apply'] {
  return (situation) => ({ ...situation, session: { ...situation.session, ...session } });
}

const someTls = { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

function presentOwnDomain({ configuration }: Situation): Candidate[] {
  const { primaryDomain } = configuration.organisation;
  const heloName = `mail.${primaryDomain}`;
  return [
    {
      kind: 'helo',
      side: 'client',
      text: `Let the client present a name in ${primaryDomain} in HELO or EHLO, such as ${heloName}.`,
      apply: withSession({ heloName }),
    },
  ];
}

function startTls({ session }: Situation): Candidate[] {
  return session.tls === null
    ? [
        {
          kind: 'tls',
          side: 'client',
          text: 'Let the client encrypt: STARTTLS before MAIL on ports 25 and 587, or port 465.',
          apply: withSession({ tls: someTls }),
        },
      ]
    : [];
}

function authenticate(situation: Situation): Candidate[] {
  const { session, envelope } = situation;
  const isSignedIn = isStillSignedIn(situation.configuration.organisation, session);
  const user = isSignedIn ? null : suitableUser(situation, envelope.reversePath);
  return user === null
    ? []
    : [
        {
          kind: 'auth',
          side: 'client',
          text: `Let the client authenticate inside TLS as a registered user, such as ${user.address}.`,
          apply: withSession({ tls: session.tls ?? someTls, authenticatedAs: user.key }),
        },
      ];
}

/** Somebody who can sign in: the sender's own user, else the first; one without a secret only where nobody has one. */
function suitableUser({ configuration: { organisation } }: Situation, reversePath: string): User | null {
  const own = reversePath === '' ? null : findUser(organisation, reversePath);
  const anybody = anybodyActive(organisation);
  if (own === null || own.suspended) return anybody;
  return canSignIn(own) || anybody === null || !canSignIn(anybody) ? own : anybody;
}

function canSignIn({ passwordHash, accessTokenHash }: User): boolean {
  return passwordHash !== null || accessTokenHash !== null;
}

/** The first active user who can sign in, else the first active one. Looked for once: there may be 40,000 to pass over. */
function anybodyActive(organisation: Organisation): User | null {
  const known = activeUsers.get(organisation);
  if (known !== undefined) return known;
  const active = organisation.users.filter(({ suspended }) => !suspended);
  const found = active.find(canSignIn) ?? active[0] ?? null;
  activeUsers.set(organisation, found);
  return found;
}

const activeUsers = new WeakMap<Organisation, User | null>();

function connectToPort25({ session }: Situation): Candidate[] {
  return session.portRole === 'relay'
    ? []
    : [
        {
          kind: 'port',
          side: 'client',
          text: 'Let the client connect to port 25, which takes address authentication.',
          apply: withSession({ portRole: 'relay' }),
        },
      ];
}

function fewerRecipients(situation: Situation, outlook: Outlook): Candidate[] {
  const { stage, envelope, configuration } = situation;
  if (stage === 'rcpt') {
    return envelope.reversePath === ''
      ? [
          {
            kind: 'recipients',
            side: 'client',
            text: 'Send to one recipient in each transaction: the null sender takes exactly one.',
            apply: (each) => ({ ...each, envelope: { ...each.envelope, forwardPaths: [] } }),
          },
        ]
      : [
          {
            kind: 'recipients',
            side: 'client',
            text: `Split the message into transactions of at most ${figures(configuration.recipientsPerTransaction)} recipients.`,
            apply: (each) => ({ ...each, envelope: { ...each.envelope, forwardPaths: [] } }),
          },
        ];
  }
  if (stage !== 'data' || envelope.forwardPaths.length < 2) return [];
  const most = mostInOneMessage(situation, outlook);
  if (most !== null) return smallerMessages(situation, outlook, most);
  const fitting = recipientsThatFit(situation, outlook);
  return fitting < 1 || fitting >= envelope.forwardPaths.length
    ? []
    : [
        {
          kind: 'recipients',
          side: 'client',
          text: `Send to at most ${figures(fitting)} recipients now; ${figures(envelope.forwardPaths.length)} do not fit.`,
          apply: (each) => ({
            ...each,
            envelope: { ...each.envelope, forwardPaths: each.envelope.forwardPaths.slice(0, fitting) },
          }),
        },
      ];
}

/** The most recipients a message may have at any time; null where it is not its number that is in the way. */
function mostInOneMessage({ envelope, configuration, at }: Situation, outlook: Outlook): number | null {
  const { quotaLimits } = configuration;
  const counts = outlook.forecast(demandOf(envelope, configuration), at);
  return counts.some((count) => neverFits(count, quotaLimits, envelope.forwardPaths))
    ? Math.min(
        ...counts
          .filter(({ window }) => window !== 'user-messages-day')
          .map(({ window }) => quotaLimits[window].value),
      )
    : null;
}

/** For a message that can never pass: parts of it that can, the first of them now or once a place is free. */
function smallerMessages(situation: Situation, outlook: Outlook, most: number): Candidate[] {
  const { envelope, at } = situation;
  const fitting = recipientsThatFit(situation, outlook);
  const until = fitting >= 1 ? at : placeFreeAt(situation, outlook);
  if (until === null) return [];
  const first = Math.max(1, Math.min(fitting, most));
  const when = fitting >= 1 ? `${figures(first)} fit now` : `the next place frees up at ${utcFrom(until)}`;
  return [
    {
      kind: 'recipients',
      side: 'client',
      text: `Send to at most ${figures(most)} recipients a message: ${figures(envelope.forwardPaths.length)} in one can never pass; ${when}.`,
      ...(until === at ? {} : { until }),
      apply: (each) => ({
        ...each,
        at: Math.max(each.at, until),
        envelope: { ...each.envelope, forwardPaths: each.envelope.forwardPaths.slice(0, first) },
      }),
    },
  ];
}

/** When every window has a place for one recipient more; null where that is not known. */
function placeFreeAt({ envelope, configuration, at }: Situation, outlook: Outlook): number | null {
  return outlook
    .forecast(demandOf(envelope, configuration), at)
    .map((count) => ({
      ...count,
      short: count.used + count.reserved + 1 - configuration.quotaLimits[count.window].value,
    }))
    .filter(({ short }) => short > 0)
    .map(({ window, user, short }) => outlook.freeAt(window, user, short))
    .reduce<number | null>(
      (latest, each) => (latest === null || each === null ? null : Math.max(latest, each)),
      at,
    );
}

/** How many of the recipients every window still has room for; messages count one whatever the recipients. */
function recipientsThatFit({ envelope, configuration, at }: Situation, outlook: Outlook): number {
  const counts = outlook.forecast(demandOf(envelope, configuration), at);
  return Math.min(
    ...counts
      .filter(({ window }) => window !== 'user-messages-day')
      .map(({ window, used, reserved }) => configuration.quotaLimits[window].value - used - reserved),
  );
}

function smallerMessage({ stage, configuration, declaredBytes }: Situation): Candidate[] {
  const { messageBytes } = configuration;
  const isSize = stage === 'end-of-data' || (stage === 'mail' && (declaredBytes ?? 0) > messageBytes);
  return isSize
    ? [
        {
          kind: 'size',
          side: 'client',
          text: `Send a message of at most ${figures(messageBytes)} bytes.`,
          apply: (each) => ({
            ...each,
            messageBytes,
            declaredBytes: each.declaredBytes === null ? null : messageBytes,
          }),
        },
      ]
    : [];
}

function sendAsRegisteredUser(situation: Situation): Candidate[] {
  const { configuration, envelope } = situation;
  const { organisation } = configuration;
  const own = findUser(organisation, envelope.reversePath);
  const user = organisation.users.find((each) => !each.suspended && each !== own);
  return user === undefined || envelope.reversePath === ''
    ? []
    : [
        {
          kind: 'sender',
          side: 'client',
          text: `Send as a registered user, such as ${user.address}, instead of ${envelope.reversePath}.`,
          apply: (each) => ({ ...each, envelope: { ...each.envelope, reversePath: user.address } }),
        },
      ];
}

function connectFromListedAddress({ configuration, session }: Situation): Candidate[] {
  return configuration.settings
    .filter(({ enabled }) => enabled)
    .flatMap(({ authentication }) => authentication.ipRanges ?? [])
    .filter(({ enabled }) => enabled)
    .map((range): Candidate => {
      const clientAddress = ipaddr.fromByteArray([...range.network]).toString();
      const name = range.description === '' ? range.range : `${range.range} (${range.description})`;
      return {
        kind: 'address',
        side: 'client',
        text: `Connect from a listed address, ${name}, instead of ${session.clientAddress}.`,
        apply: withSession({ clientAddress }),
      };
    });
}
