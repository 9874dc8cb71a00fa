/** GTUBE and EICAR wherever a mail reader would come upon them, without any scanner (FIL-3). */
import { describe, expect, test } from 'vitest';
import { inspect, realScanners } from '../../relay-core/content/inspect.ts';
import { mayHoldPattern } from '../../relay-core/content/test-patterns.ts';
import type { Filtering } from '../../relay-core/settings/filtering.ts';
import { base64Lines, composed, eicar, gtube, message } from './messages-of-tests.ts';

const nothingAsked: Filtering = {
  spamassassin: null,
  clamav: null,
  whenScannerFails: 'defer',
  compliance: [],
};

/** What is found, as `pattern: where`. */
async function foundIn(content: Uint8Array): Promise<string[]> {
  const verdict = await inspect(content, nothingAsked, realScanners);
  return (verdict?.patterns ?? []).map(({ pattern, where }) => `${pattern}: ${where}`);
}

const inside = (type: string, ...part: string[]) =>
  message('Subject: x', `Content-Type: ${type}; boundary="b1"`, '', '--b1', ...part, '--b1--', '');

describe('the test patterns are found · FIL-3', () => {
  test('in plain text', async () => {
    expect(await foundIn(message('Subject: x', '', 'Hello', gtube, ''))).toEqual([
      'gtube: the text/plain part',
    ]);
  });
  test('in a base64 attachment, named', async () => {
    const mail = await composed({ text: 'Hi', attachments: [{ filename: 'bill.com', content: eicar }] });
    expect(mail.includes(eicar)).toBe(false);
    expect(await foundIn(mail)).toEqual(['eicar: the attachment bill.com']);
  });
  test('in quoted-printable, broken by a soft line break', async () => {
    const half = gtube.slice(0, 30);
    const mail = message(
      'Content-Type: text/html',
      'Content-Transfer-Encoding: Quoted-Printable',
      '',
      `<p>=C3=A9 ${half}=  `,
      `${gtube.slice(30).replace('.', '=2E')}</p>`,
    );
    expect(await foundIn(mail)).toEqual(['gtube: the text/html part']);
  });
  test('in a message attached to a message attached to a message', async () => {
    const innermost = await composed({ attachments: [{ filename: 'a.txt', content: eicar }] });
    const middle = message(
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      base64Lines(innermost),
    );
    const outer = inside('multipart/mixed', 'Content-Type: message/rfc822', '', middle.toString('latin1'));
    expect(await foundIn(outer)).toEqual(['eicar: the attachment a.txt']);
  });
  test('in a digest, whose parts are messages without saying so', async () => {
    const mail = inside('multipart/digest', '', 'Content-Transfer-Encoding: base64', '', base64Lines(gtube));
    expect(await foundIn(mail)).toEqual(['gtube: the text/plain part']);
  });
  test('in UTF-16 text', async () => {
    const mail = message(
      'Content-Type: text/plain; charset=utf-16le',
      'Content-Transfer-Encoding: base64',
      '',
      base64Lines(Buffer.from(gtube, 'utf16le')),
    );
    expect(await foundIn(mail)).toEqual(['gtube: the text/plain part']);
  });
  test('in the subject, in a preamble, behind the last boundary', async () => {
    const outside = ['gtube: the message outside its parts'];
    expect(await foundIn(message(`Subject: ${gtube}`, '', 'Hello'))).toEqual(outside);
    expect(
      await foundIn(Buffer.concat([inside('multipart/mixed', '', 'Hello'), Buffer.from(gtube)])),
    ).toEqual(outside);
  });
  test('in a part that no boundary closes', async () => {
    const mail = message(
      'Content-Type: multipart/mixed; boundary=b1',
      '',
      '--b1',
      'Content-Transfer-Encoding: base64',
      '',
      base64Lines(eicar),
    );
    expect(await foundIn(mail)).toEqual(['eicar: the text/plain part']);
  });
  test('in base64 joined of pieces, and with junk between its characters', async () => {
    const pieces = `${Buffer.from('Hello').toString('base64')}\r\n!${base64Lines(eicar)}`;
    expect(await foundIn(message('Content-Transfer-Encoding: base64', '', pieces))).toHaveLength(1);
  });
  test('behind an encoding whose name has a comment in it, and behind a folded header', async () => {
    for (const header of [
      'Content-Transfer-Encoding: (as usual) base64',
      'Content-Transfer-Encoding:\r\n base64',
    ]) {
      expect(await foundIn(message(header, '', base64Lines(eicar)))).toEqual(['eicar: the text/plain part']);
    }
  });
  test('both, each once', async () => {
    const mail = await composed({ text: `${gtube}\n${gtube}`, attachments: [{ content: eicar }] });
    expect((await foundIn(mail)).map((each) => each.slice(0, 5))).toEqual(['eicar', 'gtube']);
  });
});

describe('nothing is found', () => {
  test.each([
    ['half a pattern', message('Subject: x', '', gtube.slice(0, 40))],
    ['nothing at all', Buffer.alloc(0)],
    ['headers without end', Buffer.from('Subject: x')],
  ])('in %s', async (_, content) => {
    expect(await inspect(content, nothingAsked, realScanners)).toBeNull();
  });
  test('in an ordinary message with an attachment, so that it has no verdict', async () => {
    const mail = await composed({ text: 'Hi', html: '<p>Hi</p>', attachments: [{ content: 'plain words' }] });
    expect(await inspect(mail, nothingAsked, realScanners)).toBeNull();
  });
});

describe('a message is read part by part only where it has to be', () => {
  test.each(['7bit', '8bit', ' 7BIT ', 'binary'])('not for %s', (encoding) => {
    expect(mayHoldPattern(message(`Content-Transfer-Encoding: ${encoding}`, 'Subject: x', '', 'Hello'))).toBe(
      false,
    );
  });
  test.each(['base64', 'quoted-printable', 'x-unknown'])('for %s', (encoding) => {
    expect(mayHoldPattern(message(`Content-transfer-encoding : ${encoding}`, '', 'Hello'))).toBe(true);
  });
});

describe('bounds', () => {
  test('parts beyond ten thousand are left, and said so', async () => {
    const mail = Buffer.from(
      `Content-Type: multipart/mixed; boundary=x\r\nContent-Transfer-Encoding: x\r\n\r\n${'--x\r\n\r\na\r\n'.repeat(12_000)}`,
    );
    expect(await inspect(mail, nothingAsked, realScanners)).toMatchObject({
      unread: 'parts beyond the first 10000',
    });
  });
  test('nesting deeper than fifty levels is left, and said so', async () => {
    const levels = Array.from({ length: 60 }, () => 'Content-Type: message/rfc822\r\n\r\n').join('');
    const mail = Buffer.from(`${levels}Content-Transfer-Encoding: base64\r\n\r\n${base64Lines('Hello')}`);
    expect(await inspect(mail, nothingAsked, realScanners)).toMatchObject({
      unread: 'parts nested more than 50 levels deep',
    });
  });
});
