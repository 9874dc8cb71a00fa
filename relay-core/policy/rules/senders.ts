/** May this envelope sender send: the table "Who may send", after address and authentication hold (SND-1 to SND-5, SET-2). */
import { reply } from '../../replies/catalogue.ts';
import type { AllowedSenders } from '../../settings/types.ts';
import { type Finding, failing, passing, type SettingCheck, type View } from '../check.ts';
import type { RuleId } from '../rule-book.ts';
import { assumed, fail, pass } from '../trace.ts';
import { relayDenied } from './listed-address.ts';

/** The rule behind each value of allowed senders (SET-2). */
const ruleOf: Readonly<Record<AllowedSenders, RuleId>> = {
  'registered-users': 'SND-1',
  'domain-addresses': 'SND-2',
  any: 'SND-3',
};

export const allowedSender: SettingCheck = (view, setting) => {
  const { sender } = view.standing;
  const { allowedSenders } = setting;
  const rule = ruleOf[allowedSenders];
  switch (sender.kind) {
    case 'null':
      return passing(
        pass(
          'SND-5',
          `The empty sender may send under "${allowedSenders}", once a customer domain vouches for it.`,
        ),
      );
    case 'registered':
      return passing(registeredStep(view, rule, sender.user.address));
    case 'suspended':
      return failing(
        reply('sending-denied'),
        fail(
          allowedSenders === 'registered-users' ? 'SND-1' : 'SND-5',
          `${view.reversePath} belongs to ${sender.user.address}, who is suspended.`,
        ),
      );
    case 'unregistered':
      return allowedSenders === 'registered-users'
        ? failing(
            reply('sending-denied'),
            fail(
              'SND-1',
              `${view.reversePath} is no registered user, and the setting allows "registered-users" only.`,
            ),
          )
        : passing(
            pass(
              rule,
              `${view.reversePath} lies in ${sender.domain}, which is the customer's; "${allowedSenders}" allows it.`,
            ),
          );
    case 'foreign':
      return foreignSender(view, allowedSenders, rule);
  }
};

function registeredStep({ reversePath }: View, rule: RuleId, address: string) {
  return reversePath.toLowerCase() === address.toLowerCase()
    ? pass(rule, `${reversePath} is a registered user.`)
    : assumed(pass(rule, `${reversePath} is an address of the registered user ${address}.`));
}

/** A foreign sender that gets here is vouched for; only `any` lets it through, rewritten (ENV-1). */
function foreignSender(view: View, allowedSenders: AllowedSenders, rule: RuleId): Finding {
  if (allowedSenders === 'any') {
    return passing(pass('SND-3', `${view.reversePath} is outside the customer's domains; "any" allows it.`));
  }
  const authenticated = view.standing.vouching?.by === 'auth';
  return failing(
    authenticated ? relayDenied(view) : reply('invalid-credentials', { ip: view.session.clientAddress }),
    fail(
      rule,
      `${view.reversePath} is outside the customer's domains, and the setting allows "${allowedSenders}" only.`,
    ),
  );
}
