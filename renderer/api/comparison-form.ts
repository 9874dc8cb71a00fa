/**
 * An address as the engine names users in its answers, as far as a page can tell: lower case, the domain in IDNA ASCII.
 * Whose alias an address is, only the engine knows. Pure.
 */

/** What a domain cannot hold, and a URL would read as something else. */
const noDomain = /[/\\?#:@[\]\s]/;

/** `Bücher.example.` → `xn--bcher-kva.example`; what is no domain, in lower case. */
export const domainForm = (domain: string): string => {
  const bare = domain.toLowerCase().replace(/\.$/, '');
  // The browser's own UTS #46, which is the engine's.
  const url = noDomain.test(bare) ? null : URL.parse(`http://${bare}`);
  return url === null || url.hostname === '' ? bare : url.hostname;
};

/** `Anna@Bücher.example` → `anna@xn--bcher-kva.example`; an address without a domain in lower case. */
export const comparisonForm = (address: string): string => {
  const at = address.lastIndexOf('@');
  const localPart = (at === -1 ? address : address.slice(0, at)).normalize('NFC').toLowerCase();
  return at === -1 ? localPart : `${localPart}@${domainForm(address.slice(at + 1))}`;
};
