/** Charges in the form a store hands them over in at a start. */
import { chargeText } from '../../relay-core/quota/charge-text.ts';
import type { LedgerEntry } from '../../relay-core/quota/types.ts';

const { betweenColumns, betweenRecipients, betweenCharges } = chargeText;

export function asText(charges: readonly LedgerEntry[]): Uint8Array {
  const texts = charges.map(({ at, user, recipients }) =>
    [at, user ?? '', recipients.join(betweenRecipients)].join(betweenColumns),
  );
  return new TextEncoder().encode(texts.join(betweenCharges));
}
