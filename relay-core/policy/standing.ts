/**
 * Who the client and the sender are to the customer, worked out once for all checks: the kind of envelope sender
 * (rows of the table "Who may send") and the customer domain that vouches for the session (IDN-1, IDN-2).
 */
import { addressKey, addressParts, mailDomain } from '../organisation/mail-domain.ts';
import { findUser, owningDomain, owningDomainOfPath } from '../organisation/organisation.ts';
import type { MailDomain, Organisation, User } from '../organisation/types.ts';
import type { SessionFacts } from './types.ts';

export type Sender =
  | { readonly kind: 'registered'; readonly user: User }
  | { readonly kind: 'suspended'; readonly user: User }
  /** In a customer domain, but nobody's address. */
  | { readonly kind: 'unregistered'; readonly domain: MailDomain }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'null' };

/** How a customer domain is known for the session. SMTP AUTH wins over HELO (IDN-2). */
export type Vouching =
  | { readonly by: 'auth'; readonly domain: MailDomain; readonly user: string }
  | { readonly by: 'helo'; readonly domain: MailDomain }
  | null;

export interface Standing {
  readonly sender: Sender;
  readonly vouching: Vouching;
  /** Both ways of vouching are there, so IDN-2 had to choose. */
  readonly heloDomain: MailDomain | null;
}

/** The standing of a session's sender. `reversePath` "" is the null sender. */
export function standingOf(organisation: Organisation, session: SessionFacts, reversePath: string): Standing {
  const heloDomain = owningDomain(organisation, session.heloName);
  return {
    sender: senderOf(organisation, reversePath),
    vouching: vouchingOf(organisation, session, heloDomain),
    heloDomain,
  };
}

/** The kind of envelope sender, after alias addresses were resolved to their user. */
export function senderOf(organisation: Organisation, reversePath: string): Sender {
  if (reversePath === '') return { kind: 'null' };
  const user = findUser(organisation, reversePath);
  if (user !== null) return { kind: user.suspended ? 'suspended' : 'registered', user };
  const domain = owningDomainOfPath(organisation, reversePath);
  return domain === null ? { kind: 'foreign' } : { kind: 'unregistered', domain };
}

/** Whether an address is another of its user's than the main one. */
export function isAliasOf({ address, key }: User, path: string): boolean {
  return path !== address && addressKey(path) !== key;
}

/** Whether a domain is a customer's by ORG-1's word on domain aliases, which is assumed. */
export function isDomainAlias({ domains, domainAliases }: Organisation, domain: MailDomain): boolean {
  return domainAliases.has(domain) && !domains.has(domain);
}

/** Whether an address lies in a domain that the customer has registered, and not below one or in a domain alias. */
export function isInRegisteredDomain({ domains }: Organisation, path: string): boolean {
  const domain = mailDomain(addressParts(path).domain);
  return domain !== null && domains.has(domain);
}

/** A foreign or null sender that SMTP AUTH alone vouches for; that it counts for the customer is assumed (CQ-4). */
export function isVouchedByAuthOnly({ sender, vouching, heloDomain }: Standing): boolean {
  return (
    (sender.kind === 'foreign' || sender.kind === 'null') && vouching?.by === 'auth' && heloDomain === null
  );
}

/** An authentication lasts as long as its user: one who was removed or suspended since vouches for nothing (AUT-6). */
export function isStillSignedIn(organisation: Organisation, { authenticatedAs }: SessionFacts): boolean {
  if (authenticatedAs === null) return false;
  const user = findUser(organisation, authenticatedAs);
  return user !== null && !user.suspended;
}

function vouchingOf(
  organisation: Organisation,
  session: SessionFacts,
  heloDomain: MailDomain | null,
): Vouching {
  if (session.authenticatedAs !== null && isStillSignedIn(organisation, session)) {
    const domain = owningDomainOfPath(organisation, session.authenticatedAs);
    if (domain !== null) return { by: 'auth', domain, user: session.authenticatedAs };
  }
  return heloDomain === null ? null : { by: 'helo', domain: heloDomain };
}
