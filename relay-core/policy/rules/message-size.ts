/** Size of a message against what EHLO announced: as declared in MAIL, and as it arrived (RFC 1870). */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { figures } from '../figures.ts';
import { fail, pass } from '../trace.ts';
import type { Configuration } from '../types.ts';

/** @param bytes as declared in MAIL, or as sent */
export function messageSize(
  { messageBytes }: Configuration,
  bytes: number,
  how: 'declared' | 'sent',
): Finding {
  const size = figures(bytes);
  const limit = figures(messageBytes);
  const what =
    how === 'declared' ? `The client declared ${size} bytes` : `The message has ${size} bytes as sent`;
  return bytes > messageBytes
    ? failing(reply('too-large'), fail('RFC-1870', `${what}; EHLO announced ${limit} as the most.`))
    : passing(pass('RFC-1870', `${what} of ${limit}.`));
}
