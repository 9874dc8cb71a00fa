/** Under whom a message counts, and for how much: what an envelope asks of the quotas (UQ-4, UQ-6, CQ-3). */
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import type { QuotaDemand } from '../quota/types.ts';
import type { Configuration, Envelope } from './types.ts';

/**
 * What an envelope asks of the quotas. It counts under the envelope sender as it came, before any rewriting, and under
 * its user where it is an alias; under nobody where it is no registered user's.
 */
export function demandOf(
  { reversePath, forwardPaths }: Envelope,
  { organisation }: Configuration,
): QuotaDemand {
  const user = reversePath === '' ? null : findUser(organisation, reversePath);
  return { user: user?.key ?? null, recipients: forwardPaths.map(addressKey) };
}
