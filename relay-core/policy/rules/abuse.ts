/** Much spam: a sender that is suspended from sending (ABU-2), a client address that is put off (ABU-1). */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { utcFrom } from '../figures.ts';
import { assumed, fail } from '../trace.ts';

/** From so many spam messages of one client address in a day, further ones are put off with 421 (ABU-1). [ours] */
export const unsolicitedRateFrom = 20;

/** Spam from an address that has sent much of it: an unusual rate, which closes the connection. */
export function unsolicitedRate(clientAddress: string, spamMessages: number): Finding {
  return spamMessages < unsolicitedRateFrom
    ? passing()
    : failing(
        reply('unsolicited-rate', { ip: clientAddress }),
        assumed(
          fail(
            'ABU-1',
            `${clientAddress} sent ${spamMessages} spam messages in the last 24 hours; from ${unsolicitedRateFrom} on more is put off.`,
          ),
        ),
      );
}

/** @param suspendedUntil epoch milliseconds of engine time; null when the sender is not suspended */
export function notSuspendedForSpam(reversePath: string, suspendedUntil: number | null): Finding {
  return suspendedUntil === null
    ? passing()
    : failing(
        reply('sending-denied'),
        fail(
          'ABU-2',
          `${reversePath} sent much spam and is suspended from sending until ${utcFrom(suspendedUntil)}.`,
        ),
      );
}
