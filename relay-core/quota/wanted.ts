/**
 * A user's recipients as they are looked for in the table of pairs: their texts in UTF-8 and their hashes. What a message
 * wants is asked for more than once, and worked out once.
 */

import { endOfText, startOfText, type Texts } from './texts.ts';

/** RFC 5321 §4.5.3.1 allows 320 characters; SMTPUTF8 makes up to three bytes of one. */
const maxTextBytes = 1024;
const maxCharacters = Math.floor(maxTextBytes / 3);
const wordBytes = 4;

/** Stands for recipients that are known by their texts alone. */
const ofTexts: readonly string[] = [];

/** Filled in anew for each message, so that looking for something makes nothing to collect. */
export interface Wanted {
  user: number;
  recipients: readonly string[];
  /** How many recipients there are. */
  count: number;
  /** For each recipient its hash and its user's, the length of its text in bytes, and the text, its last word filled up with zeros. */
  words: Uint32Array<ArrayBuffer>;
  /** By recipient, where its words begin. */
  readonly starts: number[];
}

const hashWord = 0;
const lengthWord = 1;
const textWord = 2;
const mostWords = textWord + maxTextBytes / wordBytes;

/** Nothing is wanted yet. */
export function createWanted(): Wanted {
  return { user: 0, recipients: [], count: 0, words: new Uint32Array(mostWords), starts: [] };
}

/**
 * Sets what is wanted.
 * @throws RangeError when a recipient is longer than any path of SMTP
 */
export function setWanted(wanted: Wanted, user: number, recipients: readonly string[]): void {
  wanted.user = user;
  wanted.recipients = recipients;
  wanted.count = recipients.length;
  let start = 0;
  for (let position = 0; position < recipients.length; position += 1) {
    wanted.starts[position] = start;
    start = setOne(wanted, start, recipients[position] ?? '');
  }
}

/**
 * Sets what is wanted from texts, without a string for each.
 * @throws RangeError when a recipient is longer than any path of SMTP
 */
export function setWantedTexts(wanted: Wanted, user: number, texts: Texts): void {
  wanted.user = user;
  wanted.recipients = ofTexts;
  wanted.count = texts.count;
  let start = 0;
  for (let position = 0; position < texts.count; position += 1) {
    wanted.starts[position] = start;
    start = setOneOfTexts(wanted, start, texts, position);
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

/** Whether the same recipient stands before this one. */
export function isRepeat(wanted: Wanted, position: number): boolean {
  for (let before = 0; before < position; before += 1) {
    const isSameHash = wantedHash(wanted, before) === wantedHash(wanted, position);
    if (isSameHash && isSameText(wanted, before, position)) return true;
  }
  return false;
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

/** Text and hash of a recipient in one pass over its characters. Gives where the next one's words begin. */
function setOne(wanted: Wanted, start: number, recipient: string): number {
  const { length } = recipient;
  if (length > maxCharacters) throw new RangeError('A recipient longer than any SMTP path.');
  const words = withRoomFor(wanted, start + mostWords);
  let at = start + textWord;
  let hash = wanted.user;
  let seen = 0;
  let word = 0;
  for (let character = 0; character < length; character += 1) {
    const code = recipient.charCodeAt(character);
    const place = character & (wordBytes - 1);
    seen |= code;
    word |= code << (place * 8);
    if (place !== wordBytes - 1 && character + 1 < length) continue;
    words[at] = word;
    at += 1;
    hash = mixed(hash, word);
    word = 0;
  }
  if (seen > 0x7f) return setBeyondAscii(wanted, start, recipient);
  words[start + hashWord] = finished(hash, length);
  words[start + lengthWord] = length;
  return at;
}

/** The same of bytes that are UTF-8 already. */
function setOneOfTexts(wanted: Wanted, start: number, texts: Texts, position: number): number {
  const { bytes, view } = texts;
  const end = endOfText(texts, position);
  let byte = startOfText(texts, position);
  const length = end - byte;
  if (length > maxTextBytes) throw new RangeError('A recipient longer than any SMTP path.');
  const words = withRoomFor(wanted, start + mostWords);
  let at = start + textWord;
  let hash = wanted.user;
  for (; byte + wordBytes <= end; byte += wordBytes) {
    const word = view.getUint32(byte, true);
    words[at] = word;
    at += 1;
    hash = mixed(hash, word);
  }
  if (byte < end) {
    let word = 0;
    for (let shift = 0; byte < end; byte += 1, shift += 8) word |= (bytes[byte] ?? 0) << shift;
    words[at] = word;
    at += 1;
    hash = mixed(hash, word);
  }
  words[start + hashWord] = finished(hash, length);
  words[start + lengthWord] = length;
  return at;
}

function setBeyondAscii({ user, words }: Wanted, start: number, recipient: string): number {
  const text = start + textWord;
  const bytes = new Uint8Array(words.buffer, text * wordBytes, maxTextBytes);
  const { written } = new TextEncoder().encodeInto(recipient, bytes);
  const end = wordsFor(written);
  bytes.fill(0, written, end * wordBytes);
  words[start + hashWord] = hashOf(user, words, text, written);
  words[start + lengthWord] = written;
  return text + end;
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
