/**
 * Content transfer encodings of MIME bodies (RFC 2045 §6): decoding as forgiving as mail readers are, so that nothing
 * hides from the filters; encoding for bodies that get a footer. Bytes in, bytes out.
 */

export type TransferEncoding = 'identity' | 'base64' | 'quoted-printable';

/** The encoding a Content-Transfer-Encoding header names; comments and unknown names are read as mail readers do. */
export function transferEncodingOf(header: string): TransferEncoding {
  const name = header.replace(/\([^()]*\)/g, '').toLowerCase();
  if (name.includes('base64')) return 'base64';
  return name.includes('quoted-printable') ? 'quoted-printable' : 'identity';
}

export function decodeTransfer(body: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case 'identity':
      return body;
    case 'base64':
      return decodeBase64(body);
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
  }
}

/** @param content encoded with lines of at most 76 characters, ending in CR LF */
export function encodeTransfer(content: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case 'identity':
      return content;
    case 'base64':
      return Buffer.from(content.toString('base64').replace(/.{1,76}/g, '$&\r\n'), 'latin1');
    case 'quoted-printable':
      return encodeQuotedPrintable(content);
  }
}

/** Padding of base64, and the escape of quoted-printable. */
const equals = 0x3d;

/** Some programs join encoded pieces, each with padding of its own; Buffer stops at the first. */
function decodeBase64(body: Buffer): Buffer {
  const first = body.indexOf(equals);
  if (first === -1 || onlyPaddingFrom(body, first)) return Buffer.from(body.toString('latin1'), 'base64');
  return decodePieces(body);
}

/** By a byte's value: its six bits of base64 and of base64url, or -1 for a byte that says nothing. */
const sixBits = new Int8Array(256).fill(-1);
for (const alphabet of ['+/', '-_']) {
  const characters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (const [bits, byte] of Buffer.from(characters, 'latin1').entries()) sixBits[byte] = bits;
}

/** Without a string or Buffer for each piece: there may be one for every second byte. */
function decodePieces(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((body.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (const byte of body) {
    const six = sixBits[byte] ?? -1;
    if (byte === equals) count = 0;
    if (six === -1) continue;
    bits = ((bits << 6) | six) & 0xfff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out[length++] = bits >> count;
  }
  return out.subarray(0, length);
}

function onlyPaddingFrom(body: Buffer, from: number): boolean {
  return /^[=\s]*$/.test(body.toString('latin1', from));
}

const cr = 0x0d;
const lf = 0x0a;
const space = 0x20;
const tab = 0x09;

/** Soft line breaks go, blanks at line ends go (RFC 2045 §6.7 rule 3), what is no escape stays as it is. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  let lineContentEnd = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (byte === equals) {
      const afterBreak = softBreakEnd(body, at + 1);
      if (afterBreak !== null) {
        at = afterBreak - 1;
        lineContentEnd = length;
        continue;
      }
      const escaped = escapedByte(body, at + 1);
      out[length++] = escaped ?? byte;
      if (escaped !== null) at += 2;
      lineContentEnd = length;
    } else if (byte === lf || byte === cr) {
      length = lineContentEnd;
      out[length++] = byte;
      lineContentEnd = length;
    } else {
      out[length++] = byte;
      if (byte !== space && byte !== tab) lineContentEnd = length;
    }
  }
  return out.subarray(0, length);
}

/** Where the next line begins when an equals sign and blanks end this one; null when they do not. */
function softBreakEnd(body: Buffer, from: number): number | null {
  let at = from;
  while (body[at] === space || body[at] === tab) at++;
  if (body[at] === lf) return at + 1;
  if (body[at] === cr && body[at + 1] === lf) return at + 2;
  return at >= body.length ? at : null;
}

/** The byte that two hexadecimal digits stand for; null when they are none. */
function escapedByte(body: Buffer, at: number): number | null {
  const high = hexDigit(body[at]);
  const low = hexDigit(body[at + 1]);
  return high === null || low === null ? null : high * 16 + low;
}

function hexDigit(byte = 0): number | null {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : null;
}

const maxLineCharacters = 75;

/** Text with CR LF line ends; every other byte that is not plain is escaped. */
function encodeQuotedPrintable(content: Buffer): Buffer {
  // Into one Buffer: text by the character takes a hundred times the memory. A soft break stands behind 73 at least.
  const out = Buffer.allocUnsafe(Math.ceil(content.length * 3 * (1 + 3 / 73)));
  let length = 0;
  let width = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0;
    if (isLineEnd(content, at)) {
      out[length++] = cr;
      out[length++] = lf;
      width = 0;
      at++;
      continue;
    }
    const plain = isPlain(byte, at + 1 === content.length || isLineEnd(content, at + 1));
    const characters = plain ? 1 : 3;
    if (width + characters > maxLineCharacters) {
      out[length++] = equals;
      out[length++] = cr;
      out[length++] = lf;
      width = 0;
    }
    width += characters;
    if (plain) out[length++] = byte;
    else {
      out[length++] = equals;
      out[length++] = hexCharacter(byte >> 4);
      out[length++] = hexCharacter(byte & 0xf);
    }
  }
  return out.subarray(0, length);
}

function isLineEnd(content: Buffer, at: number): boolean {
  return content[at] === cr && content[at + 1] === lf;
}

function isPlain(byte: number, isLast: boolean): boolean {
  if (byte === space || byte === tab) return !isLast;
  return byte > space && byte < 0x7f && byte !== equals;
}

function hexCharacter(value: number): number {
  return value < 10 ? 0x30 + value : 0x37 + value;
}
