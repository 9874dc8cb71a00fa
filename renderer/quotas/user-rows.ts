/** The users' windows as rows of a table, a user each, in the order the engine gives them. Pure. */
import type { QuotaWindowState } from '../../relay-core/contract/index.ts';

export type UserRow = {
  user: string;
  messages: QuotaWindowState | null;
  unique: QuotaWindowState | null;
};

/** Rows of the users' windows among `windows`; the customer's are passed over. */
export const userRows = (windows: readonly QuotaWindowState[]): UserRow[] => {
  const rows = new Map<string, UserRow>();
  for (const state of windows) {
    const { user } = state;
    if (user === undefined) continue;
    const row = rows.get(user) ?? { user, messages: null, unique: null };
    if (state.window === 'user-messages-day') row.messages = state;
    else if (state.window === 'user-unique-recipients-day') row.unique = state;
    rows.set(user, row);
  }
  return [...rows.values()];
};

/** How much of its limit a window has used, reservations included. */
export const shareUsed = ({ used, reserved, limit }: QuotaWindowState): number =>
  limit > 0 ? (used + reserved) / limit : used + reserved > 0 ? Number.POSITIVE_INFINITY : 0;

/** The user's window that is nearest its limit; null when neither is known. */
export const fullest = ({ messages, unique }: UserRow): QuotaWindowState | null => {
  if (!messages || !unique) return messages ?? unique;
  return shareUsed(unique) > shareUsed(messages) ? unique : messages;
};
