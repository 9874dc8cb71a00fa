/** Figures as CSV (RFC 4180), for spreadsheets and scripts: times in UTC, numbers without grouping. Pure. */
import type { QuotaHistory } from '../../../relay-core/contract/index.ts';

/** A spreadsheet takes a text that begins so for a formula: an apostrophe before it keeps it text. */
const formulaLike = /^[=+\-@\t\r]/;

const field = (value: string | number): string => {
  if (typeof value === 'number') return String(value);
  const text = formulaLike.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows under a header, each line ended with CRLF. */
export const csvOf = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');

/** A history as it was read, every point of it. */
export const historyCsv = ({ points, limit }: QuotaHistory): string =>
  csvOf(
    ['at', 'used', 'refused', 'limit'],
    points.map(({ at, used, refused }) => [at, used, refused, limit]),
  );
