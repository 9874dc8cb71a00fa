/**
 * Many charges as one text in UTF-8, as a store hands them over at a start. There are millions of them, so they are counted
 * from the bytes: no string is made of a recipient that is only looked for in a table.
 *
 * A charge is its time in milliseconds, its user or nothing, and its recipients.
 */
import { createTexts, type Texts } from './texts.ts';

/** Control characters, which no address holds (RFC 5321 §4.1.2). */
export const chargeText = {
  betweenColumns: '\x1f',
  betweenRecipients: '\n',
  betweenCharges: '\x1e',
} as const;

const columnByte = chargeText.betweenColumns.charCodeAt(0);
const recipientByte = chargeText.betweenRecipients.charCodeAt(0);
const chargeByte = chargeText.betweenCharges.charCodeAt(0);
const zero = 0x30;

/** One charge after another. Filled in anew for each, which makes nothing to collect. */
export interface ChargeCursor {
  readonly text: Uint8Array;
  /** Engine time. */
  at: number;
  /** None, or the one. */
  readonly user: Texts;
  readonly recipients: Texts;
  /** Where the next charge begins. */
  next: number;
}

/** Before the first charge of a text. */
export function createChargeCursor(text: Uint8Array): ChargeCursor {
  return { text, at: 0, user: createTexts(text), recipients: createTexts(text), next: 0 };
}

/**
 * Goes to the next charge; false when there is none.
 * @throws TypeError when what stands there is no charge
 */
export function toNextCharge(cursor: ChargeCursor): boolean {
  if (cursor.next >= cursor.text.length) return false;
  const user = readTime(cursor, cursor.next);
  const recipients = readUser(cursor, user);
  cursor.next = readRecipients(cursor, recipients);
  return true;
}

/** These three give where the next part begins. */
function readTime(cursor: ChargeCursor, start: number): number {
  const { text } = cursor;
  let at = 0;
  let byte = start;
  for (; text[byte] !== columnByte; byte += 1) {
    const digit = (text[byte] ?? 0) - zero;
    if (digit < 0 || digit > 9) throw notACharge();
    at = at * 10 + digit;
  }
  if (byte === start) throw notACharge();
  cursor.at = at;
  return byte + 1;
}

function readUser({ text, user }: ChargeCursor, start: number): number {
  let byte = start;
  while (byte < text.length && text[byte] !== columnByte) byte += 1;
  user.count = byte === start ? 0 : 1;
  user.starts[0] = start;
  user.starts[1] = byte + 1;
  return byte + 1;
}

function readRecipients({ text, recipients }: ChargeCursor, start: number): number {
  const { starts } = recipients;
  let count = 0;
  let byte = start;
  starts[0] = start;
  for (; byte < text.length && text[byte] !== chargeByte; byte += 1) {
    if (text[byte] === recipientByte) {
      count += 1;
      starts[count] = byte + 1;
    }
  }
  if (byte <= start) throw notACharge();
  recipients.count = count + 1;
  starts[count + 1] = byte + 1;
  return byte + 1;
}

/** What a store that is damaged is refused with. */
export function notACharge(): TypeError {
  return new TypeError('a charge without its columns');
}
