/** Our reading of a message against postal-mime's: whatever a mail program writes, both see the same parts. */
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../relay-core/content/mime-headers.ts';
import { decodedBody, entitiesOf, readMime } from '../../relay-core/content/mime-tree.ts';
import { decodeTransfer, encodeTransfer } from '../../relay-core/content/transfer-encoding.ts';
import { composed, message } from './messages-of-tests.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replace(/[\r\0]/g, ''));
const attachment = fc.record({
  filename: fc.stringMatching(/^[\wåäö ;()"'-]{1,30}\.(?:pdf|txt|exe)$/u),
  content: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
});

test('attachments and texts are those that postal-mime finds', async () => {
  const mails = fc.record({ text: words, html: words, attachments: fc.array(attachment, { maxLength: 4 }) });
  await fc.assert(
    fc.asyncProperty(mails, async (mail) => {
      const content = await composed(mail);
      const theirs = await PostalMime.parse(content);
      const ours = [...entitiesOf(readMime(content).root)].filter(
        ({ type }) => !type.startsWith('multipart/'),
      );
      const attached = ours.filter(({ disposition }) => disposition === 'attachment');
      expect(attached.map(({ fileName, type }) => [fileName, type])).toEqual(
        theirs.attachments.map(({ filename, mimeType }) => [filename, mimeType]),
      );
      expect(attached.map((part) => decodedBody(part).toString('hex'))).toEqual(
        theirs.attachments.map((each) => Buffer.from(each.content as ArrayBuffer).toString('hex')),
      );
      const html = ours.find(({ type }) => type === 'text/html');
      if (html !== undefined)
        expect(decodeText(decodedBody(html), 'utf-8').trimEnd()).toBe((theirs.html ?? '').trimEnd());
    }),
    { numRuns: 60 },
  );
});

test('any bytes at all are read without an exception', () => {
  const lines = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary="b"',
    'Content-Type: message/rfc822',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    '--b',
    '--b--',
    '',
    'SGVsbG8=',
    '=E2=9C=93 =',
    ' folded',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(lines, words), { maxLength: 30 }), (all) => {
      for (const entity of entitiesOf(readMime(message(...all)).root)) decodedBody(entity);
    }),
  );
});

describe('transfer encodings', () => {
  test.each(['base64', 'quoted-printable', 'identity'] as const)('%s gives back what it took', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const content = Buffer.from(bytes);
        expect(decodeTransfer(encodeTransfer(content, encoding), encoding).equals(content)).toBe(true);
      }),
    );
  });
  test('encoded lines are at most 76 characters', () => {
    const text = Buffer.from('é '.repeat(300));
    for (const encoding of ['base64', 'quoted-printable'] as const) {
      const lines = encodeTransfer(text, encoding).toString('latin1').split('\r\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(76);
    }
  });
});

test('file names of RFC 2231 are put together and decoded', () => {
  const { root } = readMime(
    message(
      'Content-Disposition: attachment; filename*0*=UTF-8\'\'r%C3%A4k; filename*1="ning";',
      ' filename*2*=%20%282%29.pdf',
      '',
      '',
    ),
  );
  expect(root.fileName).toBe('räkning (2).pdf');
});

test.each([
  ['attachment; filename=Bill(1).pdf', 'Bill(1).pdf'],
  ['attachment; filename = "a \\"b\\" ; (c).txt" (as sent); x=y', 'a "b" ; (c).txt'],
  ['attachment (with a comment; of two parts); filename=a.txt', 'a.txt'],
  ['attachment; flag; filename=first.txt; filename=second.txt', 'first.txt'],
])('%s', (disposition, fileName) => {
  expect(readMime(message(`Content-Disposition: ${disposition}`, '', '')).root).toMatchObject({
    disposition: 'attachment',
    fileName,
  });
});
