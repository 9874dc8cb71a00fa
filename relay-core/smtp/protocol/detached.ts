/**
 * A copy of a piece of text that stands for itself. V8 makes a slice of a string as a view that keeps the whole string in
 * memory, so a short piece that is kept holds the longest line a client may send (16 KB) until it goes.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
