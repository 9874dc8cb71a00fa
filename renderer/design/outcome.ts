/** The four ways a transaction can end for a person: a temporary refusal (4xx) is told apart from a final one. */
import type { DecisionView } from '../../relay-core/contract/index.ts';

export type OutcomeKind = 'accepted' | 'refused' | 'deferred' | 'abandoned';

export const outcomeWord: Record<OutcomeKind, string> = {
  accepted: 'Accepted',
  refused: 'Refused',
  deferred: 'Deferred',
  abandoned: 'Abandoned',
};

/** Which of the four a decision is. */
export const outcomeKind = (decision: DecisionView): OutcomeKind => {
  if (decision.outcome === 'accepted') return 'accepted';
  if (decision.outcome === 'abandoned') return 'abandoned';
  return decision.reply && decision.reply.code < 500 ? 'deferred' : 'refused';
};

/** The reply code with its enhanced code, `550 5.4.5`; null where no reply decided. */
export const outcomeCode = ({ reply }: DecisionView): string | null =>
  reply && (reply.enhancedCode ? `${reply.code} ${reply.enhancedCode}` : String(reply.code));
