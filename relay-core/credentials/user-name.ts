/**
 * A user name that a client gave, fit to be kept and shown. Those of the service are whole addresses (AUT-4); what is none
 * may be a password in the wrong field, so it is not shown.
 */

/**
 * RFC 5321 §4.5.3.1: the lengths of a local part and a domain; RFC 6531 §3.3: the characters of an unquoted one. A colon is
 * in neither, so that `user:password` is no address.
 */
const address =
  /^[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{M}\p{N}.-]{1,252}\.[\p{L}\p{M}\p{N}-]{2,63}$/u;

/** The name where it is an address; null where it is not. */
export function shownUserName(name: string): string | null {
  return address.test(name) ? name : null;
}
