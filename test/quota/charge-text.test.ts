/** Charges read from bytes: what is one, and what is refused. */
import { describe, expect, test } from 'vitest';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import { createChargeCursor, toNextCharge } from '../../relay-core/quota/charge-text.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { endOfText, startOfText, type Texts } from '../../relay-core/quota/texts.ts';
import { asText } from './charges-as-text.ts';

function strings(texts: Texts): string[] {
  return Array.from({ length: texts.count }, (_, position) =>
    new TextDecoder().decode(texts.bytes.subarray(startOfText(texts, position), endOfText(texts, position))),
  );
}

function read(text: Uint8Array) {
  const cursor = createChargeCursor(text);
  const charges: { readonly at: number; readonly user: string[]; readonly recipients: string[] }[] = [];
  while (toNextCharge(cursor)) {
    charges.push({ at: cursor.at, user: strings(cursor.user), recipients: strings(cursor.recipients) });
  }
  return charges;
}

test('a charge is its time, its user or none, and every recipient', () => {
  const recipients = ['a@example.org', 'å@exempel.example', 'a@example.org'].map(addressKey);
  const text = asText([
    { at: 1_700_000_000_001, user: addressKey('anna@example.com'), recipients },
    { at: 0, user: null, recipients: recipients.slice(0, 1) },
  ]);
  expect(read(text)).toEqual([
    { at: 1_700_000_000_001, user: ['anna@example.com'], recipients },
    { at: 0, user: [], recipients: ['a@example.org'] },
  ]);
  expect(read(new Uint8Array())).toEqual([]);
});

test('a piece may begin anywhere in its memory', () => {
  const text = asText([{ at: 7, user: null, recipients: [addressKey('someone@example.org')] }]);
  const memory = new Uint8Array(text.length + 3);
  memory.set(text, 3);
  expect(read(memory.subarray(3))).toEqual(read(text));
  const counts = createQuotaCounts();
  const restore = counts.restorer(7);
  expect(restore(memory.subarray(3))).toBe(1);
});

describe('what is no charge is refused, and not passed over', () => {
  const refused = [
    ['without a time', '\x1fanna@example.com\x1fa@example.org'],
    ['with a time that is no number', '17x\x1fanna@example.com\x1fa@example.org'],
    ['with a time before 1970', '-1\x1fanna@example.com\x1fa@example.org'],
    ['that ends in its time', '17'],
    ['that ends in its user', '17\x1fanna@example.com'],
    ['without recipients', '17\x1fanna@example.com\x1f'],
    ['without recipients, before another', '17\x1fanna@example.com\x1f\x1e18\x1f\x1fa@example.org'],
  ] as const;
  test.each(refused)('one %s', (_, text) => {
    expect(() => read(new TextEncoder().encode(text))).toThrow(/charge without its columns/);
  });
});
