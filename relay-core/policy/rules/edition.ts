/** Accounts without the relay service (ORG-6). */

import { type Finding, failing, passing, type View } from '../check.ts';
import { assumed, fail } from '../trace.ts';
import { relayDenied } from './listed-address.ts';

export function relayServiceIncluded(view: View): Finding {
  const { organisation } = view.configuration;
  return organisation.edition === 'legacy'
    ? failing(
        relayDenied(view),
        assumed(
          fail(
            'ORG-6',
            `${organisation.name} has the legacy edition, which has no relay service: a managed, paid account is needed.`,
          ),
        ),
      )
    : passing();
}
