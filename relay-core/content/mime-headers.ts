/**
 * Header fields of a MIME entity with their places in the bytes, and the parameters of structured ones
 * (RFC 5322 §2.2, RFC 2045 §5.1, RFC 2231). Forgiving, as mail readers are: the filters must see what they see.
 */

export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded. */
  readonly value: string;
  /** Its place in the bytes, line end included. */
  readonly start: number;
  readonly end: number;
}

export interface Headers {
  readonly fields: readonly HeaderField[];
  /** Behind the empty line. */
  readonly bodyStart: number;
  /** No field is left out. */
  readonly isWhole: boolean;
}

/** Header bytes of one entity that are read; fields beyond are left out. Long ones, with many ARC sets, have some tens of KiB. */
export const maxHeaderBytes = 256 * 1024;

/** @param mayReadLine asked before each line; reading ends where it says no */
export function readHeaders(source: Buffer, start: number, end: number, mayReadLine: () => boolean): Headers {
  const fields: HeaderField[] = [];
  let isWhole = true;
  let at = start;
  while (at < end && mayReadLine()) {
    const lineEnd = endOfLine(source, at, end);
    if (isEmptyLine(source, at, lineEnd)) return { fields, bodyStart: lineEnd, isWhole };
    let fieldEnd = lineEnd;
    while (fieldEnd < end && isBlank(source[fieldEnd]) && mayReadLine())
      fieldEnd = endOfLine(source, fieldEnd, end);
    if (fieldEnd - start > maxHeaderBytes) isWhole = false;
    else {
      const field = readField(source.toString('utf8', at, fieldEnd));
      if (field !== null) fields.push({ ...field, start: at, end: fieldEnd });
    }
    at = fieldEnd;
  }
  return { fields, bodyStart: end, isWhole };
}

function readField(text: string): { readonly name: string; readonly value: string } | null {
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  const value = text
    .slice(colon + 1)
    .replace(/\r?\n/g, '')
    .trim();
  return { name: text.slice(0, colon).trim().toLowerCase(), value };
}

export interface StructuredValue {
  /** In lower case, without comments. */
  readonly value: string;
  /** Names in lower case, the first of each name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A value with parameters, such as Content-Type. Continuations and character sets of RFC 2231 are put together. */
export function structuredValue(text: string): StructuredValue {
  const [value = '', ...rest] = splitAtSemicolons(text);
  const given = new Map<string, string>();
  for (const piece of rest) {
    const equals = piece.indexOf('=');
    if (equals === -1) continue;
    const name = piece.slice(0, equals).trim().toLowerCase();
    if (!given.has(name)) given.set(name, piece.slice(equals + 1));
  }
  return { value: value.toLowerCase(), parameters: joined(given) };
}

/**
 * Pieces between semicolons, with quotes taken off, comments left out, and blanks around values too; inside quotes
 * everything is content. In a value a bracket opens a comment only behind a blank: `filename=Bill(1).pdf` is one name.
 */
function splitAtSemicolons(text: string): string[] {
  const pieces: string[] = [];
  // In an array: to ask a string that grows by a character what it holds takes a copy of it each time.
  let piece: string[] = [];
  let hasEquals = false;
  let blanks = '';
  let isQuoted = false;
  let commentDepth = 0;
  const addBlanks = () => {
    if (blanks !== '' && piece.length > 0 && piece.at(-1) !== '=') piece.push(blanks);
    blanks = '';
  };
  const add = (character: string) => {
    piece.push(character);
    hasEquals ||= character === '=';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (commentDepth > 0) {
      if (character === '\\') at++;
      else if (character === '(') commentDepth++;
      else if (character === ')') commentDepth--;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      addBlanks();
    } else if (isQuoted) {
      if (character === '\\') at++;
      add(text[at] ?? '');
    } else if (character === ';') {
      pieces.push(piece.join(''));
      piece = [];
      hasEquals = false;
      blanks = '';
    } else if (character === '(' && (blanks !== '' || !hasEquals)) commentDepth++;
    else if (character === ' ' || character === '\t') blanks += character;
    else {
      addBlanks();
      add(character);
    }
  }
  return [...pieces, piece.join('')];
}

const maxContinuations = 100;

/** RFC 2231: `name*0`, `name*1*` … become one `name`; percent escapes are decoded in the character set given. */
function joined(given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const parameters = new Map([...given].filter(([name]) => !name.includes('*')));
  for (const name of new Set([...given.keys()].map((each) => each.split('*', 1)[0] ?? ''))) {
    if (parameters.has(name)) continue;
    const pieces = given.has(`${name}*`) ? [{ text: given.get(`${name}*`) ?? '', escaped: true }] : [];
    for (let index = 0; index < maxContinuations && pieces.length === index; index++) {
      const escaped = given.get(`${name}*${index}*`);
      const plain = given.get(`${name}*${index}`);
      const text = escaped ?? plain;
      if (text !== undefined) pieces.push({ text, escaped: escaped !== undefined });
    }
    if (pieces.length > 0) parameters.set(name, decodedPieces(pieces));
  }
  return parameters;
}

function decodedPieces(pieces: readonly { readonly text: string; readonly escaped: boolean }[]): string {
  const [, charset = 'utf-8', , first] = /^([^']*)'([^']*)'(.*)$/s.exec(pieces[0]?.text ?? '') ?? [];
  const bytes = pieces.map(({ text, escaped }, index) => {
    const own = index === 0 && first !== undefined ? first : text;
    return escaped ? percentBytes(own) : Buffer.from(own, 'utf8');
  });
  return decodeText(Buffer.concat(bytes), charset);
}

function percentBytes(text: string): Buffer {
  const latin1 = Buffer.from(text, 'utf8').toString('latin1');
  const plain = latin1.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}

/** Text in a character set by its MIME name; unknown ones are read as UTF-8. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Behind the line feed that ends the line `at` is in. */
export function endOfLine(source: Buffer, at: number, end: number): number {
  const lineFeed = source.indexOf(0x0a, at);
  return lineFeed === -1 || lineFeed >= end ? end : lineFeed + 1;
}

function isEmptyLine(source: Buffer, at: number, lineEnd: number): boolean {
  return lineEnd - at === 1
    ? source[at] === 0x0a
    : lineEnd - at === 2 && source[at] === 0x0d && source[at + 1] === 0x0a;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
