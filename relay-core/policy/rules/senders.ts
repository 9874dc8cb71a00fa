/** May this envelope sender send: the table "Who may send", after address and authentication hold (SND-1 to SND-5, SET-2). */

import type { User } from '../../organisation/types.ts';
import { reply } from '../../replies/catalogue.ts';
import type { AllowedSenders } from '../../settings/types.ts';
import { type Finding, failing, passing, type SettingCheck, type View } from '../check.ts';
import type { RuleId } from '../rule-book.ts';
import { isAliasOf, isDomainAlias, isInRegisteredDomain } from '../standing.ts';
import { assumedIf, fail, pass } from '../trace.ts';
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
          `The null sender may send under "${allowedSenders}", once a customer domain vouches for it.`,
        ),
      );
    case 'registered':
      return passing(registeredStep(view, allowedSenders, sender.user));
    case 'suspended':
      return failing(
        reply('sending-denied'),
        assumedIf(
          isAliasOf(sender.user, view.reversePath),
          fail(
            allowedSenders === 'registered-users' ? 'SND-1' : 'SND-5',
            `${view.reversePath} belongs to ${sender.user.address}, who is suspended.`,
          ),
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
            assumedIf(
              allowedSenders === 'domain-addresses'
                ? !isInRegisteredDomain(view.configuration.organisation, view.reversePath)
                : isDomainAlias(view.configuration.organisation, sender.domain),
              pass(
                rule,
                `${view.reversePath} lies in ${sender.domain}, which is the customer's; "${allowedSenders}" allows it.`,
              ),
            ),
          );
    case 'foreign':
      return foreignSender(view, allowedSenders, rule);
  }
};

/** Another address of a user counts as the user by assumption (ORG-1, SND-1); wider settings need that less. */
function registeredStep({ configuration, reversePath }: View, allowedSenders: AllowedSenders, user: User) {
  const rule = ruleOf[allowedSenders];
  if (!isAliasOf(user, reversePath)) return pass(rule, `${reversePath} is a registered user.`);
  return assumedIf(
    allowedSenders === 'registered-users' || !isInRegisteredDomain(configuration.organisation, reversePath),
    pass(rule, `${reversePath} is an address of the registered user ${user.address}.`),
  );
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
