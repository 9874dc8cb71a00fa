/** Which of its connection's transactions one is. Pure. */
import type { TransactionSummary } from '../../relay-core/contract/index.ts';

/** From 1: a transaction's id is its session's, a hyphen and this number. Null where it is not so. */
export const placeOnConnection = ({ id, sessionId }: Pick<TransactionSummary, 'id' | 'sessionId'>) => {
  const number = id.startsWith(`${sessionId}-`) ? id.slice(sessionId.length + 1) : '';
  return /^[1-9]\d{0,9}$/.test(number) ? Number(number) : null;
};
