/** What RCPT can be refused for: the null sender's second recipient (ENV-2) and the ceiling (ENV-4). */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing } from '../check.ts';
import { fail } from '../trace.ts';
import type { Configuration, Envelope } from '../types.ts';

/** Whether one more recipient fits. `envelope` holds those accepted so far. */
export function oneMoreRecipient(configuration: Configuration, envelope: Envelope): Finding {
  const accepted = envelope.forwardPaths.length;
  if (envelope.reversePath === '' && accepted >= 1) {
    return failing(
      reply('too-many-for-null'),
      fail('ENV-2', 'The null sender takes exactly one recipient, and this was another.'),
    );
  }
  const ceiling = configuration.recipientsPerTransaction;
  if (accepted >= ceiling) {
    return failing(
      reply('too-many-recipients'),
      fail('ENV-4', `The transaction holds ${accepted} recipients, the most it may; this one is too many.`),
    );
  }
  return passing();
}
