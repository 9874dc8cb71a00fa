/** Numbers and moments in sentences: "4,600,000". Written for speed, since each decision has a dozen of them. */

/** A whole number from 0 up, in groups of three digits. */
export function figures(value: number): string {
  if (value < 1_000) return String(value);
  const rest = String(value % 1_000).padStart(3, '0');
  return `${figures(Math.floor(value / 1_000))},${rest}`;
}

/** A moment in sentences: "2026-01-01 09:30:00 UTC". */
export function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** The first whole second at which a moment has come, in sentences: who waits until then has waited long enough. */
export function utcFrom(epochMs: number): string {
  return utc(Math.ceil(epochMs / 1_000) * 1_000);
}
