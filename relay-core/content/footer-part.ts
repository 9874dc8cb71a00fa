/**
 * One text part with a footer: decoded, appended to, encoded again. The character set stays where it can hold the
 * footer, and becomes UTF-8 where it cannot; a part of 7-bit text becomes quoted-printable where it must.
 */
import type { Edit } from './footer.ts';
import { decodedBody, type MimeEntity } from './mime-tree.ts';
import { encodeTransfer, type TransferEncoding } from './transfer-encoding.ts';

export type PartWithFooter =
  | { readonly outcome: 'changed'; readonly edits: readonly Edit[] }
  | { readonly outcome: 'impossible'; readonly reason: string };

/** @param isWholeMessage whether the part is the message itself, which needs MIME-Version beside new MIME headers */
export function partWithFooter(part: MimeEntity, footer: string, isWholeMessage: boolean): PartWithFooter {
  const charset = (part.parameters.get('charset') ?? '').toLowerCase();
  const text = footerText(part, footer);
  const body = bodyWith(decodedBody(part), charset, part.type, text);
  if (body === null)
    return { outcome: 'impossible', reason: `its text cannot be read as ${charset || 'ASCII'}` };
  const encoding = encodingFor(part, body.content);
  const edits: Edit[] = [...headerEdits(part, body.isNowUtf8, encoding, isWholeMessage)];
  const start = part.bodyStart;
  const gap = endsInEmptyLine(part) ? '' : '\r\n';
  const encoded = encodeTransfer(body.content, encoding);
  edits.push({ start, end: part.bodyEnd, bytes: Buffer.concat([Buffer.from(gap), encoded]) });
  return { outcome: 'changed', edits };
}

function footerText({ type, parameters }: MimeEntity, footer: string): string {
  const lines = footer.trimEnd().split(/\r\n|\r|\n/);
  if (type === 'text/html') return `<div><br>${lines.map(escapeHtml).join('<br>\r\n')}</div>\r\n`;
  const isFlowed = (parameters.get('format') ?? '').toLowerCase() === 'flowed';
  const shown = isFlowed ? lines.map(fixedLine) : lines;
  return `\r\n${shown.join('\r\n')}\r\n`;
}

/** A line of format=flowed text that stays a line of its own (RFC 3676 §4). */
function fixedLine(line: string): string {
  const text = line.trimEnd();
  return /^(?:[ >]|From )/.test(text) ? ` ${text}` : text;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Character sets in which ASCII text is not its own bytes, or may follow a shift. */
const notAsciiBased = /^(?:utf-?(?:16|32|7)|ucs-|iso-2022-|hz-)/;
const utf8Names = /^(?:utf-?8|unicode-1-1-utf-8)$/;

interface NewBody {
  readonly content: Buffer;
  readonly isNowUtf8: boolean;
}

/** Null when the footer cannot simply be added, and the body cannot be read as its character set. */
function bodyWith(body: Buffer, charset: string, type: string, footer: string): NewBody | null {
  const isPlainAscii = isAscii(footer) && !notAsciiBased.test(charset);
  if (isPlainAscii || utf8Names.test(charset)) {
    // Each byte as one character: what is there stays as it is, whatever it means.
    const inserted = Buffer.from(footer, 'utf8').toString('latin1');
    return {
      content: Buffer.from(insertInto(body.toString('latin1'), type, inserted), 'latin1'),
      isNowUtf8: false,
    };
  }
  const text = exactText(body, /^(?:us-ascii|ascii)?$/.test(charset) ? 'utf-8' : charset);
  return text === null
    ? null
    : { content: Buffer.from(insertInto(text, type, footer), 'utf8'), isNowUtf8: true };
}

/** Null when the bytes are no text of that character set: taking them for some would break them. */
function exactText(bytes: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Behind plain text, and inside the body of HTML. */
function insertInto(body: string, type: string, footer: string): string {
  if (type !== 'text/html')
    return body === '' || body.endsWith('\n') ? body + footer : `${body}\r\n${footer}`;
  const lower = body.toLowerCase();
  const end = Math.max(lower.lastIndexOf('</body'), -1);
  const at = end === -1 ? lower.lastIndexOf('</html') : end;
  return at === -1 ? body + footer : body.slice(0, at) + footer + body.slice(at);
}

/** RFC 5321 §4.5.3.1.6, without the line end. */
const maxLineBytes = 998;

function encodingFor(part: MimeEntity, content: Buffer): TransferEncoding {
  if (part.encoding !== 'identity') return part.encoding;
  const declared = part.headers.find(({ name }) => name === 'content-transfer-encoding')?.value ?? '7bit';
  const mayHold8Bit = /8bit|binary/i.test(declared);
  const text = content.toString('latin1');
  const fits = (mayHold8Bit || isAscii(text)) && longestLine(text) <= maxLineBytes;
  // Text that was against its own declaration before is not made worse.
  return fits || hadSameFault(part, mayHold8Bit) ? 'identity' : 'quoted-printable';
}

function hadSameFault(part: MimeEntity, mayHold8Bit: boolean): boolean {
  const before = decodedBody(part).toString('latin1');
  return (!mayHold8Bit && !isAscii(before)) || longestLine(before) > maxLineBytes;
}

function longestLine(text: string): number {
  let longest = 0;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    longest = Math.max(longest, end - start);
    start = end + 1;
  }
  return Math.max(longest, text.length - start);
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function* headerEdits(
  part: MimeEntity,
  isNowUtf8: boolean,
  encoding: TransferEncoding,
  isWholeMessage: boolean,
): Generator<Edit, void, void> {
  const added: string[] = [];
  const field = (name: string) => part.headers.find((each) => each.name === name);
  if (isNowUtf8) {
    const contentType = field('content-type');
    if (contentType === undefined) added.push(`Content-Type: ${part.type}; charset="utf-8"\r\n`);
    else {
      const raw = part.source.toString('latin1', contentType.start, contentType.end);
      yield { ...contentType, bytes: Buffer.from(withUtf8(raw), 'latin1') };
    }
  }
  if (encoding !== part.encoding) {
    const line = `Content-Transfer-Encoding: ${encoding}\r\n`;
    const transfer = field('content-transfer-encoding');
    if (transfer === undefined) added.push(line);
    else yield { ...transfer, bytes: Buffer.from(line, 'latin1') };
  }
  if (added.length === 0) return;
  if (isWholeMessage && field('mime-version') === undefined) added.unshift('MIME-Version: 1.0\r\n');
  yield { start: part.headerStart, end: part.headerStart, bytes: Buffer.from(added.join(''), 'latin1') };
}

function withUtf8(contentType: string): string {
  const named = /(;\s*charset\s*=\s*)(?:"[^"]*"|[^;\s]+)/i;
  if (named.test(contentType)) return contentType.replace(named, '$1"utf-8"');
  return `${withoutEnd(contentType)}; charset="utf-8"\r\n`;
}

/** Without semicolons and blanks at its end; a regular expression would begin anew at each of those before. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ';\t\r\n '.includes(text[end - 1] ?? '')) end--;
  return text.slice(0, end);
}

/** Whether an empty line stands between the headers and the body; a part that ends in its headers has none. */
function endsInEmptyLine({ source, headerStart, bodyStart }: MimeEntity): boolean {
  const before = source.toString('latin1', Math.max(headerStart, bodyStart - 3), bodyStart);
  return /(?:^|\n)\r?\n$/.test(before) || (bodyStart - headerStart <= 2 && bodyStart > headerStart);
}
