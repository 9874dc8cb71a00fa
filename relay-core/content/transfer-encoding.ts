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

const padding = 0x3d;

/** Some programs join encoded pieces, each with padding of its own; Buffer stops at the first. */
function decodeBase64(body: Buffer): Buffer {
  const first = body.indexOf(padding);
  if (first === -1 || onlyPaddingFrom(body, first)) return Buffer.from(body.toString('latin1'), 'base64');
  const pieces = body.toString('latin1').split(/=+/);
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
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
    if (byte === padding) {
      const afterBreak = softBreakEnd(body, at + 1);
      if (afterBreak !== null) {
        at = afterBreak - 1;
        lineContentEnd = length;
        continue;
      }
      const escaped = Number.parseInt(body.toString('latin1', at + 1, at + 3), 16);
      const isEscape = /^[0-9a-f]{2}$/i.test(body.toString('latin1', at + 1, at + 3));
      out[length++] = isEscape ? escaped : byte;
      if (isEscape) at += 2;
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

const maxLineCharacters = 75;

/** Text with CR LF line ends; every other byte that is not plain is escaped. */
function encodeQuotedPrintable(content: Buffer): Buffer {
  const lines = content.toString('latin1').split('\r\n');
  return Buffer.from(lines.map(encodeLine).join('\r\n'), 'latin1');
}

function encodeLine(line: string): string {
  const pieces = Array.from(line, (character, index) =>
    isPlain(character, index === line.length - 1) ? character : escapeOf(character),
  );
  let encoded = '';
  let width = 0;
  for (const piece of pieces) {
    if (width + piece.length > maxLineCharacters) {
      encoded += '=\r\n';
      width = 0;
    }
    encoded += piece;
    width += piece.length;
  }
  return encoded;
}

function isPlain(character: string, isLast: boolean): boolean {
  if (character === ' ' || character === '\t') return !isLast;
  return character >= '!' && character <= '~' && character !== '=';
}

function escapeOf(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
