/**
 * A user's recipients as they are looked for in the table of pairs: their texts in UTF-8 and their hashes. What a message
 * wants is asked for more than once, and worked out once.
 */

import { endOfText, startOfText, type Texts } from './texts.ts';

/** RFC 5321 §4.5.3.1 allows 320 characters; SMTPUTF8 makes up to three bytes of one. */
const maxTextBytes = 1024;
const wordBytes = 4;

const encoder = new TextEncoder();
/** The text that is being set, and no other: written and read in one go. */
const encoded = new Uint8Array(maxTextBytes);
const viewOfEncoded = new DataView(encoded.buffer);

/** Stands for recipients that are known by their texts alone, or not all set yet. */
const ofTexts: readonly string[] = [];

/** Filled in anew for each message, so that looking for something makes nothing to collect. */
export interface Wanted {
  user: number;
  /** As they were given, repeats included. */
  recipients: readonly string[];
  /** How many different recipients there are. */
  count: number;
  /** For each of them its hash and its user's, the length of its text in bytes, and the text, its last word filled up with zeros. */
  words: Uint32Array<ArrayBuffer>;
  /** By recipient, where its words begin. */
  readonly starts: number[];
  /** Whether there are several. */
  mayRepeat: boolean;
  /** If so: by hash, one more than the position of a recipient; twice as many slots as recipients at least. */
  slots: Uint32Array<ArrayBuffer>;
}

const hashWord = 0;
const lengthWord = 1;
const textWord = 2;
const mostWords = textWord + maxTextBytes / wordBytes;
const tooLong = 'A recipient longer than any SMTP path.';

/** Nothing is wanted yet. */
export function createWanted(): Wanted {
  return {
    user: 0,
    recipients: [],
    count: 0,
    words: new Uint32Array(mostWords),
    starts: [],
    mayRepeat: false,
    slots: new Uint32Array(),
  };
}

/**
 * Sets what is wanted, repeats left out.
 * @throws RangeError when a recipient is longer than any path of SMTP
 */
export function setWanted(wanted: Wanted, user: number, recipients: readonly string[]): void {
  begin(wanted, user, recipients.length);
  for (const recipient of recipients) {
    const { read, written } = encoder.encodeInto(recipient, encoded);
    if (read < recipient.length) throw new RangeError(tooLong);
    addBytes(wanted, viewOfEncoded, 0, written);
  }
  wanted.recipients = recipients;
}

/**
 * Sets what is wanted from texts, without a string for each.
 * @throws RangeError when a recipient is longer than any path of SMTP
 */
export function setWantedTexts(wanted: Wanted, user: number, texts: Texts): void {
  begin(wanted, user, texts.count);
  for (let position = 0; position < texts.count; position += 1) {
    addBytes(wanted, texts.view, startOfText(texts, position), endOfText(texts, position));
  }
}

export function wantedHash({ words, starts }: Wanted, position: number): number {
  return words[(starts[position] ?? 0) + hashWord] ?? 0;
}

/** Bytes of the text. */
export function wantedLength({ words, starts }: Wanted, position: number): number {
  return words[(starts[position] ?? 0) + lengthWord] ?? 0;
}

/** The word of `words` the text begins with. */
export function wantedText({ starts }: Wanted, position: number): number {
  return (starts[position] ?? 0) + textWord;
}

function isSameText(wanted: Wanted, one: number, other: number): boolean {
  const length = wantedLength(wanted, one);
  if (wantedLength(wanted, other) !== length) return false;
  const [text, otherText] = [wantedText(wanted, one), wantedText(wanted, other)];
  for (let word = 0; word < wordsFor(length); word += 1) {
    if (wanted.words[text + word] !== wanted.words[otherText + word]) return false;
  }
  return true;
}

/** Words that a text of so many bytes takes. */
export function wordsFor(length: number): number {
  return (length + wordBytes - 1) >>> 2;
}

/** MurmurHash3 (x86, 32 bits) over the words of a text, seeded with the user. Equal hashes only cost a comparison. */
export function hashOf(user: number, words: Uint32Array, start: number, length: number): number {
  let hash = user;
  for (let place = start; place < start + wordsFor(length); place += 1) hash = mixed(hash, words[place] ?? 0);
  return finished(hash, length);
}

/** Nothing is wanted yet of so many recipients at most. */
function begin(wanted: Wanted, user: number, most: number): void {
  wanted.user = user;
  wanted.recipients = ofTexts;
  wanted.count = 0;
  wanted.starts[0] = 0;
  wanted.mayRepeat = most > 1;
  if (!wanted.mayRepeat) return;
  const slots = 2 ** (32 - Math.clz32(2 * most - 1));
  if (wanted.slots.length === slots) wanted.slots.fill(0);
  else wanted.slots = new Uint32Array(slots);
}

/** Adds a recipient whose text in UTF-8 is given, if it is not there already. */
function addBytes(wanted: Wanted, view: DataView, from: number, to: number): void {
  const start = wanted.starts[wanted.count] ?? 0;
  const end = setBytes(wanted, start, view, from, to);
  if (isRepeat(wanted)) return;
  wanted.count += 1;
  wanted.starts[wanted.count] = end;
}

/** Whether the recipient behind the others is one of them; if not, it is one from now on. */
function isRepeat(wanted: Wanted): boolean {
  const { slots, count } = wanted;
  if (!wanted.mayRepeat) return false;
  for (let slot = wantedHash(wanted, count); ; slot += 1) {
    const place = slot & (slots.length - 1);
    const known = slots[place] ?? 0;
    if (known === 0) {
      slots[place] = count + 1;
      return false;
    }
    if (isSameText(wanted, known - 1, count)) return true;
  }
}

/** Sets a text and its hash. Gives where the next one's words begin. */
function setBytes(wanted: Wanted, start: number, view: DataView, from: number, to: number): number {
  const length = to - from;
  if (length > maxTextBytes) throw new RangeError(tooLong);
  const words = withRoomFor(wanted, start + mostWords);
  let byte = from;
  let at = start + textWord;
  let hash = wanted.user;
  for (; byte + wordBytes <= to; byte += wordBytes) {
    const word = view.getUint32(byte, true);
    words[at] = word;
    at += 1;
    hash = mixed(hash, word);
  }
  if (byte < to) {
    let word = 0;
    for (let shift = 0; byte < to; byte += 1, shift += 8) word |= view.getUint8(byte) << shift;
    words[at] = word;
    at += 1;
    hash = mixed(hash, word);
  }
  words[start + hashWord] = finished(hash, length);
  words[start + lengthWord] = length;
  return at;
}

function withRoomFor(wanted: Wanted, words: number): Uint32Array<ArrayBuffer> {
  if (wanted.words.length < words) {
    const longer = new Uint32Array(words * 2);
    longer.set(wanted.words);
    wanted.words = longer;
  }
  return wanted.words;
}

function mixed(hash: number, word: number): number {
  const first = Math.imul(word, 0xcc9e2d51);
  const second = hash ^ Math.imul((first << 15) | (first >>> 17), 0x1b873593);
  return (Math.imul((second << 13) | (second >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number, length: number): number {
  let last = hash ^ length;
  last = Math.imul(last ^ (last >>> 16), 0x85ebca6b);
  last = Math.imul(last ^ (last >>> 13), 0xc2b2ae35);
  return (last ^ (last >>> 16)) >>> 0;
}
