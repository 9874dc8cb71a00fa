/** Numbers in sentences: "4,600,000". One formatter, since making one costs more than a decision. */
const grouped = new Intl.NumberFormat('en');

export function figures(value: number): string {
  return value < 1000 ? String(value) : grouped.format(value);
}
