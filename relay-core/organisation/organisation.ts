/** What can be asked of an organisation: which domain is its own, who is registered (ORG-1, ORG-2). */
import { addressKey, addressParts, mailDomain } from './mail-domain.ts';
import type { AddressKey, MailDomain, Organisation, User } from './types.ts';

/** As much of an organisation as says which domains are its own. */
export type OwnDomains = Pick<Organisation, 'domains' | 'domainAliases'>;

/**
 * The registered domain that holds a name: the domain itself or the longest one it is a subdomain of
 * (`mx9.example.net` → `example.net`); null for a foreign name.
 */
export function owningDomain(organisation: OwnDomains, name: string): MailDomain | null {
  let rest: string = mailDomain(name) ?? '';
  while (rest !== '') {
    const candidate = rest as MailDomain;
    if (organisation.domains.has(candidate) || organisation.domainAliases.has(candidate)) return candidate;
    const dot = rest.indexOf('.');
    rest = dot === -1 ? '' : rest.slice(dot + 1);
  }
  return null;
}

/** The customer domain that a path's domain lies in; null for a foreign or empty path. */
export function owningDomainOfPath(organisation: Organisation, path: string): MailDomain | null {
  const { domain } = addressParts(path);
  return domain === '' ? null : owningDomain(organisation, domain);
}

/** The user an address belongs to: main address, alias, or the same local part in a domain alias (ORG-1, ORG-2). */
export function findUser(organisation: Organisation, path: string): User | null {
  return organisation.usersByAddress.get(addressKey(path)) ?? null;
}

/** Every address by which users can be found, domain aliases spelled out. */
export function indexUsers(
  users: readonly User[],
  primaryDomain: MailDomain,
  domainAliases: ReadonlySet<MailDomain>,
): ReadonlyMap<AddressKey, User> {
  const byAddress = new Map<AddressKey, User>();
  for (const user of users) {
    for (const key of [user.key, ...user.aliases]) {
      byAddress.set(key, user);
      const { localPart, domain } = addressParts(key);
      if (domain !== primaryDomain) continue;
      for (const alias of domainAliases) {
        const inAlias = `${localPart}@${alias}` as AddressKey;
        if (!byAddress.has(inAlias)) byAddress.set(inAlias, user);
      }
    }
  }
  return byAddress;
}
