/** Whether a message that was put off can ever get through as it is. Pure. */
import type { TransactionSummary } from '../../relay-core/contract/index.ts';

/** With more recipients than the peak window ever takes it is told to come again, and never passes (CQ-2). */
export const neverPasses = ({
  decision,
  quota,
  envelope,
}: Pick<TransactionSummary, 'decision' | 'quota' | 'envelope'>): boolean =>
  decision.rule === 'CQ-2' &&
  quota.some(
    ({ window, limit }) => window === 'customer-recipients-ten-minutes' && envelope.after.to.length > limit,
  );
