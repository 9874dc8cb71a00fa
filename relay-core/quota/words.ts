/**
 * Memory of the counts, in words of 32 bits. It is of the kind that threads could share, though none does: V8 counts other
 * buffers towards the limit of its heap, and would collect all of the heap for every few megabytes counted here, which
 * takes several milliseconds each time.
 */
export type Words = Uint32Array<SharedArrayBuffer>;

/** So many words, all 0. */
export function makeWords(count: number): Words {
  return new Uint32Array(new SharedArrayBuffer(count * Uint32Array.BYTES_PER_ELEMENT));
}
