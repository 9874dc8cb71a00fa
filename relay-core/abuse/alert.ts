/** An alert to the super administrator, with the mail that would have been sent (ABU-1). */
import { utc, utcFrom } from '../policy/figures.ts';
import type { SpamConsequence, SpamSender } from './spam-watch.ts';

/** An alert as it is kept; times are epoch milliseconds of engine time. */
export interface AlertRecord {
  readonly at: number;
  readonly rule: 'ABU-1' | 'ABU-2';
  readonly sender: string;
  readonly text: string;
  readonly suspendedUntil: number | null;
  readonly mail: { readonly to: string | null; readonly subject: string; readonly body: string };
}

interface Customer {
  readonly name: string;
  readonly superAdmin: string | null;
}

/** Puts a consequence into words. */
export function alertOf(
  sender: SpamSender,
  { rule, messages, suspendedUntil }: Extract<SpamConsequence, { kind: 'alert' }>,
  customer: Customer,
  at: number,
): AlertRecord {
  const who = sender.address === '' ? 'the null sender' : sender.address;
  const text = [
    `${messages} messages of ${who} were found to be spam within 24 hours.`,
    ...consequence(sender, rule, suspendedUntil),
  ].join(' ');
  return {
    at,
    rule,
    sender: sender.address,
    text,
    suspendedUntil,
    mail: {
      to: customer.superAdmin,
      subject: `Alert: spam from ${who} through the SMTP relay`,
      body: [
        `To the administrator of ${customer.name}:`,
        '',
        text,
        '',
        'Check whether the account or the device that sends as this address is in the wrong hands,',
        'and who may send through the relay setting that let it through.',
        '',
        `Seen at ${utc(at)}.`,
      ].join('\n'),
    },
  };
}

function consequence({ registered }: SpamSender, rule: string, suspendedUntil: number | null): string[] {
  if (suspendedUntil !== null) {
    return [`The user is suspended from sending until ${utcFrom(suspendedUntil)}, and still receives.`];
  }
  if (!registered)
    return rule === 'ABU-2'
      ? ['This is the second alert; an address that is no user cannot be suspended.']
      : ['It is no registered user.'];
  return [];
}
