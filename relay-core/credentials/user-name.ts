/**
 * A user name that a client gave, fit to be kept and shown. Those of the service are whole addresses (AUT-4); what is none
 * may be a password in the wrong field, so it is not shown.
 */

/** RFC 5321 §4.5.3.1: a local part, and a domain. */
const address = /^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,252}\.[^\s@.\p{Cc}]{2,63}$/u;

/** The name where it is an address; null where it is not. */
export function shownUserName(name: string): string | null {
  return address.test(name) ? name : null;
}
