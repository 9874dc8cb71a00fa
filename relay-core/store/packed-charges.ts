/** A batch of charges as it goes from one thread to another: three values, since millions of small ones take long to copy. */
import type { LedgerEntry } from '../quota/types.ts';
import { asKey } from './charges.ts';

export interface PackedCharges {
  readonly at: Float64Array<ArrayBuffer>;
  /** A line for each charge; empty where it has no user. */
  readonly users: string;
  /** The recipients of each charge, on a line each; behind each charge but the last `chargeEnd`. */
  readonly recipients: string;
}

/** No address holds one of these (RFC 5321 §4.1.2). */
const lineEnd = '\n';
const chargeEnd = '\r';

export function packCharges(charges: readonly LedgerEntry[]): PackedCharges {
  return {
    at: Float64Array.from(charges, ({ at }) => at),
    users: charges.map(({ user }) => user ?? '').join(lineEnd),
    recipients: charges.map(({ recipients }) => recipients.join(lineEnd)).join(chargeEnd),
  };
}

export function unpackCharges({ at, users, recipients }: PackedCharges): readonly LedgerEntry[] {
  if (at.length === 0) return [];
  const userOf = users.split(lineEnd);
  return recipients.split(chargeEnd).map((lines, position) => {
    const user = userOf[position] ?? '';
    return {
      at: at[position] ?? 0,
      user: user === '' ? null : asKey(user),
      recipients: lines.split(lineEnd).map(asKey),
    };
  });
}
