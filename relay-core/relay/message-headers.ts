/**
 * Subject and Message-ID of a message, for its row in the list: read from the first kilobytes only, since this runs for
 * each message before its 250. The whole message is parsed when somebody opens it (`message-view.ts`).
 */

import { decodeWords } from 'postal-mime';

/** Headers beyond this are not looked at. */
const maxHeaderBytes = 16 * 1024;
const maxValueCharacters = 500;

export interface MessageHeaders {
  readonly subject: string;
  readonly messageId: string;
}

export function messageHeaders(content: Uint8Array): MessageHeaders {
  const bytes = Buffer.from(content.buffer, content.byteOffset, Math.min(content.byteLength, maxHeaderBytes));
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end === -1 ? bytes.length : end + 2);
  return {
    subject: inPlainText(headerValue(head, /^subject[ \t]*:/im)),
    messageId: headerValue(head, /^message-id[ \t]*:/im),
  };
}

/** Encoded words read (RFC 2047); most values have none. */
function inPlainText(value: string): string {
  return value.includes('=?') ? decodeWords(value) : value;
}

/** A header's value, unfolded (RFC 5322 §2.2.3); "" where there is none. Bytes above ASCII are taken as UTF-8 (RFC 6532). */
function headerValue(head: string, name: RegExp): string {
  const found = name.exec(head);
  if (found === null) return '';
  const from = found.index + found[0].length;
  const rest = head.slice(from);
  const end = rest.search(/\r?\n(?![ \t])/);
  const folded = (end === -1 ? rest : rest.slice(0, end)).replace(/\r?\n(?=[ \t])/g, '').trim();
  return Buffer.from(folded, 'latin1').toString('utf8').slice(0, maxValueCharacters);
}
