/** Remedies for a refusal of an open transaction: the moment of the refusal, put as a situation that can be judged again. */
import { findRemedies, type Remedies } from '../policy/remedies/find-remedies.ts';
import type { Situation } from '../policy/remedies/situation.ts';
import type { OpenTransaction } from './open-transaction.ts';
import { factsOf, type SessionContext, type SessionState } from './session-state.ts';
import { spamSuspension } from './spam.ts';

/** What a stage asked beside the envelope. */
export type AskedAt = Pick<Situation, 'stage'> &
  Partial<Pick<Situation, 'forwardPath' | 'declaredBytes' | 'messageBytes'>>;

export function remediesFor(
  state: SessionState,
  context: SessionContext,
  { reversePath, accepted }: OpenTransaction,
  asked: AskedAt,
): Remedies {
  const { forecast, freeAt } = context.counts;
  const { spamWatch } = context;
  return findRemedies(
    {
      forwardPath: '',
      declaredBytes: null,
      messageBytes: 0,
      ...asked,
      configuration: context.configuration(),
      session: factsOf(state),
      envelope: { reversePath, forwardPaths: [...accepted] },
      at: context.now(),
    },
    {
      forecast,
      freeAt,
      spamSuspendedUntil: (path, configuration, at) => spamSuspension(spamWatch, configuration, path, at),
    },
  );
}
