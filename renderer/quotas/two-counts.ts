/** The two counts of UQ-5 in the reader's own numbers: unique for a user, total for the customer. Pure. */
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';
import { count, figure, share } from '../design/figures.ts';

export type TwoCounts = {
  user: string;
  unique: number;
  uniqueLimit: number;
  total: number;
  totalLimit: number;
  /** What the user's messages did to both counts; null when the user has sent nothing. */
  sent: string | null;
  /** What UQ-5's own example would do to both. */
  example: string;
};

/** The example of UQ-5: so many messages to each of so many addresses. */
const messagesEach = 1_000;
const addresses = 2;

type Windows = { messages: QuotaWindowState; unique: QuotaWindowState; day: QuotaWindowState };

/** What was sent, without what was filled in by hand, which touches one window only. */
const reallyUsed = ({ used, simulated }: QuotaWindowState): number => used - simulated;

/** Both counts for one user, from that user's windows and the customer's day. */
export const twoCounts = ({ messages, unique, day }: Windows): TwoCounts => {
  const user = unique.user ?? '';
  const [sentMessages, reached] = [reallyUsed(messages), reallyUsed(unique)];
  const inTotal = messagesEach * addresses;
  return {
    user,
    unique: unique.used,
    uniqueLimit: unique.limit,
    total: day.used,
    totalLimit: day.limit,
    sent:
      sentMessages === 0
        ? null
        : `${user} sent ${count(sentMessages, 'message')} to ${figure(reached)} ${reached === 1 ? 'address' : 'addresses'} in the last 24 hours: ${figure(reached)} unique, and at least ${figure(Math.max(sentMessages, reached))} of the customer’s ${figure(reallyUsed(day))}.`,
    example: `${figure(messagesEach)} messages to each of ${addresses} addresses would add ${addresses} unique, and ${figure(inTotal)} to the total: ${share(inTotal, day.limit)} of the customer’s day.`,
  };
};
