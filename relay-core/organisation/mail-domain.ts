/**
 * Mail domains and addresses in the form they are compared in: IDNA ASCII, lower case, no trailing dot
 * (ORG-1; RFC 5890, UTS #46 as browsers apply it). Nothing is looked up.
 */
import { toASCII } from 'tr46';
import type { AddressKey, MailDomain } from './types.ts';

/** RFC 1035 §2.3.4: 253 characters in text, 63 in a label. */
const maxDomainCharacters = 253;
const plainDomain = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

const idna = {
  checkHyphens: false,
  checkBidi: true,
  checkJoiners: true,
  useSTD3ASCIIRules: false,
  verifyDNSLength: false,
  transitionalProcessing: false,
};

/** The domain in comparison form; null where the text is no possible domain name. */
export function mailDomain(text: string): MailDomain | null {
  const lower = text.toLowerCase();
  const bare = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  if (bare.length > maxDomainCharacters) return null;
  if (plainDomain.test(bare) && !bare.includes('xn--')) return bare as MailDomain;
  const ascii = toASCII(bare, idna);
  return ascii !== null && ascii.length <= maxDomainCharacters && plainDomain.test(ascii)
    ? (ascii as MailDomain)
    : null;
}

export interface AddressParts {
  /** As written. */
  readonly localPart: string;
  /** As written; "" where the address has none. */
  readonly domain: string;
}

/** Splits a path at its last `@` (RFC 5321 §4.1.2; a quoted local part may hold one itself). A source route is dropped. */
export function addressParts(path: string): AddressParts {
  const withoutRoute = path.startsWith('@') ? path.slice(path.indexOf(':') + 1) : path;
  const at = withoutRoute.lastIndexOf('@');
  return at === -1
    ? { localPart: withoutRoute, domain: '' }
    : { localPart: withoutRoute.slice(0, at), domain: withoutRoute.slice(at + 1) };
}

/**
 * The address in the form it is compared and counted in. Local parts are compared without regard to case, as the
 * service's own mailboxes are; a domain that is none stays as written, in lower case.
 */
export function addressKey(path: string): AddressKey {
  if (isOwnKey(path)) return path as AddressKey;
  const { localPart, domain } = addressParts(path);
  const plain = unquoted(localPart).normalize('NFC').toLowerCase();
  return (domain === '' ? plain : `${plain}@${mailDomain(domain) ?? domain.toLowerCase()}`) as AddressKey;
}

/**
 * An address that is its own key, as most are: nothing quoted, nothing but ASCII, no capitals, a plain domain. It is given
 * back as it is, since millions of addresses are kept and compared.
 */
const ownKey = /^[!#-?[-~]+@(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

function isOwnKey(path: string): boolean {
  return (
    ownKey.test(path) && path.length - path.indexOf('@') - 1 <= maxDomainCharacters && !path.includes('xn--')
  );
}

/** An address that was kept in the form it is compared in. Making a key of it again could change it: one may be quoted. */
export function keptAddressKey(text: string): AddressKey {
  return text as AddressKey;
}

/** `"anna"@…` and `anna@…` are the same mailbox (RFC 5321 §4.1.2). */
function unquoted(localPart: string): string {
  return localPart.length >= 2 && localPart.startsWith('"') && localPart.endsWith('"')
    ? localPart.slice(1, -1).replace(/\\(.)/gs, '$1')
    : localPart;
}
