/** Footers: appended where a reader sees the body, every other byte as it was, signed messages left alone (FIL-2). */
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { applyEdits, planFooter } from '../../relay-core/content/footer.ts';
import { composed, message } from './messages-of-tests.ts';

const withFooter = (content: Buffer, footer: string) => {
  const { result, edits } = planFooter(content, footer);
  return { result, relayed: applyEdits(content, edits) };
};
const plain = (...headers: string[]) => message('Subject: x', ...headers, '', 'Hello', '');

describe('a footer is appended · FIL-2', () => {
  test('to plain text, as it stands', () => {
    const { relayed } = withFooter(plain(), 'Example AB\nStockholm');
    expect(relayed.toString()).toBe('Subject: x\r\n\r\nHello\r\n\r\nExample AB\r\nStockholm\r\n');
  });
  test('inside the body of HTML, its own characters escaped', () => {
    const { relayed } = withFooter(
      message('Content-Type: text/html', '', '<HTML><BODY><p>Hi</p></BODY></HTML>', ''),
      'A & B <ab@example.com>',
    );
    expect(relayed.toString()).toContain(
      '<p>Hi</p><div><br>A &amp; B &lt;ab@example.com&gt;</div>\r\n</BODY></HTML>',
    );
  });
  test('to both parts of an alternative, and to neither attachment', async () => {
    const mail = await composed({
      text: 'Hi',
      html: '<p>Hi</p>',
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });
    const { result, relayed } = withFooter(mail, 'Example AB');
    expect(result).toEqual({ outcome: 'appended', parts: ['text/plain', 'text/html'], breaksDkim: false });
    const read = await PostalMime.parse(relayed);
    expect(read.text).toMatch(/^Hi\r?\n\r?\nExample AB/);
    expect(read.html).toContain('<p>Hi</p><div><br>Example AB</div>');
    expect(Buffer.from(read.attachments[0]?.content as ArrayBuffer).toString()).toBe('attached');
  });
  test.each(['base64', 'quoted-printable'] as const)(
    'to a %s body, in that encoding',
    async (textEncoding) => {
      const mail = await composed({ text: 'Räksmörgås '.repeat(30), textEncoding });
      const { relayed } = withFooter(mail, 'Företaget AB');
      const read = await PostalMime.parse(relayed);
      expect(read.text).toMatch(/Räksmörgås \s*Företaget AB\s*$/);
      expect(relayed.toString('latin1')).toContain(`Content-Transfer-Encoding: ${textEncoding}`);
      expect(/[^\0-\x7f]/.test(relayed.toString('latin1'))).toBe(false);
    },
  );
  test.each([
    ['no character set', []],
    ['us-ascii', ['Content-Type: text/plain; charset=us-ascii; format=flowed']],
    ['Latin 1', ['Content-Type: text/plain;', ' charset="iso-8859-1"', 'Content-Transfer-Encoding: 7bit']],
    ['a Japanese one', ['Content-Type: text/plain; charset=iso-2022-jp', 'Content-Transfer-Encoding: 7bit']],
  ])('in UTF-8 where %s cannot hold it', async (_, headers) => {
    const { relayed } = withFooter(plain(...headers), 'Företaget 会社');
    expect((await PostalMime.parse(relayed)).text).toMatch(/^Hello\r?\n\r?\nFöretaget 会社\s*$/);
    expect(relayed.toString('latin1')).toMatch(/^(?:MIME-Version: 1\.0\r\n)?[\s\S]*charset="utf-8"/i);
    expect(/[^\0-\x7f]/.test(relayed.toString('latin1'))).toBe(false);
  });
  test('in Latin 1 text that is 8-bit, its letters kept', async () => {
    const mail = Buffer.from(
      'Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nHej då\r\n',
      'latin1',
    );
    const ascii = withFooter(mail, 'Example AB').relayed;
    expect(ascii.toString('latin1')).toMatch(/iso-8859-1[\s\S]*Hej då\r\n\r\nExample AB\r\n$/);
    expect((await PostalMime.parse(withFooter(mail, '会社').relayed)).text).toMatch(/Hej då\s+会社/);
  });
  test('in lines of their own, also where text flows', async () => {
    const flowed = plain('Content-Type: text/plain; charset=utf-8; format=flowed');
    const read = await PostalMime.parse(withFooter(flowed, 'First \nFrom here').relayed);
    expect(read.text).toContain('First\nFrom here');
  });
  test('to a message that ends in its headers', () => {
    expect(withFooter(Buffer.from('Subject: x\r\n'), 'Example AB').relayed.toString()).toBe(
      'Subject: x\r\n\r\n\r\nExample AB\r\n',
    );
  });
  test('twice, in order', () => {
    const once = withFooter(plain(), 'First').relayed;
    expect(withFooter(once, 'Second').relayed.toString()).toMatch(/Hello\r\n\r\nFirst\r\n\r\nSecond\r\n$/);
  });
  test('and a DKIM signature that it breaks is told', () => {
    expect(withFooter(plain('DKIM-Signature: v=1; a=rsa-sha256'), 'x').result).toMatchObject({
      breaksDkim: true,
    });
  });
});

describe('a message is left alone, byte for byte · FIL-2', () => {
  const within = (type: string, part: string) =>
    message(
      `Content-Type: ${type}; boundary=b`,
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      part,
      '--b--',
      '',
    );
  test.each([
    ['it is signed', within('multipart/signed', 'Hello')],
    ['it is encrypted', within('multipart/encrypted', 'Hello')],
    ['it is a delivery report', within('multipart/report', 'Hello')],
    ['it is signed or encrypted (S/MIME)', message('Content-Type: application/pkcs7-mime', '', 'MIIB')],
    ['it is signed or encrypted (PGP)', message('', '-----BEGIN PGP SIGNED MESSAGE-----', 'Hello')],
    ['it has no text part to append to', message('Content-Type: image/png', '', '')],
    ['its text cannot be read as x-klingon', plain('Content-Type: text/plain; charset=x-klingon')],
  ])('%s', (reason, content) => {
    const { result, relayed } = withFooter(content, 'Företaget AB');
    expect(result).toEqual({ outcome: 'left-alone', reason });
    expect(relayed.equals(content)).toBe(true);
  });
});

test('whatever a mail program writes, the text before a footer and all attachments stay', async () => {
  const text = fc.stringMatching(/^[a-zåé .,]{1,120}$/u);
  const mails = fc.record({
    text,
    html: fc.option(text, { nil: undefined }),
    textEncoding: fc.constantFrom('base64', 'quoted-printable'),
    attachments: fc.array(
      fc.record({ content: fc.uint8Array({ maxLength: 99 }).map((b) => Buffer.from(b)) }),
      {
        maxLength: 2,
      },
    ),
  });
  await fc.assert(
    fc.asyncProperty(mails, text, async ({ html, textEncoding, ...mail }, footer) => {
      const encoding = textEncoding === 'base64' ? 'base64' : 'quoted-printable';
      const content = await composed({
        ...mail,
        ...(html === undefined ? {} : { html }),
        textEncoding: encoding,
      });
      const before = await PostalMime.parse(content);
      const after = await PostalMime.parse(withFooter(content, footer).relayed);
      const bytes = (each: typeof before) =>
        each.attachments.map(({ content: held }) => Buffer.from(held as ArrayBuffer));
      expect(bytes(after)).toEqual(bytes(before));
      expect(after.text?.startsWith((before.text ?? '').trimEnd())).toBe(true);
      expect(after.text).toContain(footer.trimEnd());
      expect(after.headers.map(({ key }) => key)).toEqual(before.headers.map(({ key }) => key));
    }),
    { numRuns: 60 },
  );
});
