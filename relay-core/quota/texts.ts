/** Some texts in UTF-8, one behind the other with a byte between them, of which no strings are made. */
export interface Texts {
  readonly bytes: Uint8Array;
  /** The same bytes, to be read four at a time. */
  readonly view: DataView;
  count: number;
  /** A text begins at its start, and ends a byte before the next one's: there is one more than there are texts. */
  readonly starts: number[];
}

/** No texts of these bytes yet. */
export function createTexts(bytes: Uint8Array): Texts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, count: 0, starts: [0] };
}

export function startOfText({ starts }: Texts, position: number): number {
  return starts[position] ?? 0;
}

export function endOfText({ starts }: Texts, position: number): number {
  return (starts[position + 1] ?? 0) - 1;
}
