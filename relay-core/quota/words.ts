/**
 * Memory of the counts: words of 32 bits that grow in place, so that millions of records are one object to the garbage
 * collector, a place in them is a plain index, and growth copies nothing. Addresses are set aside at first, memory as it
 * is written to. It begins where a line of the processor's cache does, and V8 does not count it towards its heap, of
 * which it would else collect all for every few megabytes counted here.
 */
export type Words = Uint32Array<SharedArrayBuffer>;

/** Addresses set aside for them: of forty million recipients, nine days of the largest customer. */
const mostBytes = 2 ** 31;
/** Words are added by the mebibyte. */
const stepWords = 2 ** 18;

/** Room for words, and none yet. */
export function makeWords(): Words {
  return new Uint32Array(new SharedArrayBuffer(0, { maxByteLength: mostBytes }), 0, 0);
}

/**
 * The same words with room for at least `count`; those that are added are 0.
 * @throws RangeError when there is no memory for them
 */
export function withRoom(words: Words, count: number): Words {
  if (count <= words.length) return words;
  const grown = Math.ceil(count / stepWords) * stepWords;
  words.buffer.grow(grown * Uint32Array.BYTES_PER_ELEMENT);
  // Its length is told, since V8 is slower with arrays that follow the length of their buffer.
  return new Uint32Array(words.buffer, 0, grown);
}
