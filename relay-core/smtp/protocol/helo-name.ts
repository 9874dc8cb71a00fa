/**
 * Which arguments HELO and EHLO may have (RFC 5321 §4.1.1.1, §4.1.3), as generously as the relay takes them: host names
 * without a dot, with underscores, and address literals with or without the IPv6 tag. Which of them are too generic is policy.
 */
import { isIP } from 'node:net';

/** RFC 5321 §4.5.3.1.2. */
const maxCharacters = 255;
const hostName = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;

export function isHeloName(text: string): boolean {
  if (text.length > maxCharacters) return false;
  return text.startsWith('[') ? isAddressLiteral(text) : hostName.test(text);
}

/** An address in brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]`, and `[2001:db8::1]` as many clients write it. */
export function isAddressLiteral(text: string): boolean {
  if (!text.startsWith('[') || !text.endsWith(']')) return false;
  const inside = text.slice(1, -1);
  return isIP(/^ipv6:/i.test(inside) ? inside.slice(5) : inside) !== 0;
}
