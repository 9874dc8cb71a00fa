/**
 * What EHLO offers, in the real service's order (reply-texts.md, Success). XCLIENT works and is not offered, as there.
 */
import type { Conversation } from './conversation.ts';

/** The mechanisms that work here, in the real service's order. */
export const mechanisms = ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] as const;
export type Mechanism = (typeof mechanisms)[number];

/** The lines of EHLO behind the first: AUTH stands inside TLS where STARTTLS stood before it (AUT-3). */
export function capabilities({ relay, tls }: Conversation): readonly string[] {
  return [
    `SIZE ${relay.messageBytes}`,
    '8BITMIME',
    tls ? `AUTH ${mechanisms.join(' ')}` : 'STARTTLS',
    'ENHANCEDSTATUSCODES',
    'PIPELINING',
    'CHUNKING',
    'SMTPUTF8',
  ];
}
