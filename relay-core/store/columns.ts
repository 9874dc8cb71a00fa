/** Columns of a row that are known by their type alone, checked by hand: where a schema would be too much. */
import type { SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** @throws TypeError where the column is something else, or there is no row */
export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is no number`);
  return value;
}

/** @throws TypeError where the column is something else */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
  return value;
}
