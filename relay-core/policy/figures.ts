/** Numbers and moments in sentences: "4,600,000". One formatter, since making one costs more than a decision. */
const grouped = new Intl.NumberFormat('en');

export function figures(value: number): string {
  return value < 1000 ? String(value) : grouped.format(value);
}

/** A moment in sentences: "2026-01-01 09:30:00 UTC". */
export function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}
