/** The quota windows in words, the same wherever they show (UQ-1, UQ-2, CQ-1, CQ-2). */
import type { QuotaWindow } from '../../relay-core/contract/index.ts';

export const windowName: Record<QuotaWindow, string> = {
  'user-messages-day': 'User, messages in 24 hours',
  'user-unique-recipients-day': 'User, unique recipients in 24 hours',
  'customer-recipients-day': 'Customer, 24 hours',
  'customer-recipients-ten-minutes': 'Customer, 10 minutes',
};

/** What a window counts. */
export const windowUnit: Record<QuotaWindow, string> = {
  'user-messages-day': 'messages',
  'user-unique-recipients-day': 'unique recipients',
  'customer-recipients-day': 'recipients',
  'customer-recipients-ten-minutes': 'recipients',
};
