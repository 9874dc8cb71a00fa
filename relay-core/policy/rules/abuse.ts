/** A registered sender that is suspended for its spam (ABU-2): it may not send, and still receives. */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { fail } from '../trace.ts';

/** @param suspendedUntil epoch milliseconds of engine time; null when the sender is not suspended */
export function notSuspendedForSpam(reversePath: string, suspendedUntil: number | null): Finding {
  return suspendedUntil === null
    ? passing()
    : failing(
        reply('sending-denied'),
        fail(
          'ABU-2',
          `${reversePath} sent much spam and is suspended from sending until ${new Date(suspendedUntil).toISOString()}.`,
        ),
      );
}
