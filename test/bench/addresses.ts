/**
 * Addresses out of numbers, for mail that is made up. V8 keeps the text of thousands of numbers it was asked for last; each
 * text would outlive the young generation and be left for a full collection of the heap, which a measurement would see.
 */

const thousand = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

/** The address of a recipient by its number, below 10⁹; a thousand domains take turns. */
export function recipientAddress(recipient: number): string {
  const millions = thousand[Math.floor(recipient / 1_000_000)] ?? '';
  const thousands = thousand[Math.floor(recipient / 1_000) % 1_000] ?? '';
  const ones = thousand[recipient % 1_000] ?? '';
  return `recipient${millions}${thousands}${ones}@example${ones}.org`;
}
