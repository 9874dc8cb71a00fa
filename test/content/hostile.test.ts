/** Messages made to be slow: what is read of each before its 250 costs what others of its size cost, or is left and said so. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { planFooter } from '../../relay-core/content/footer.ts';
import { structuredValue } from '../../relay-core/content/mime-headers.ts';
import { decodedBody, entitiesOf, readMime } from '../../relay-core/content/mime-tree.ts';
import { decodeTransfer, encodeTransfer } from '../../relay-core/content/transfer-encoding.ts';
import { message } from './messages-of-tests.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Milliseconds; the least of some runs, so that other work on the machine does not count. */
function leastTime(run: () => unknown): number {
  const times = Array.from({ length: 3 }, () => {
    const startedAtMs = performance.now();
    run();
    return performance.now() - startedAtMs;
  });
  return Math.min(...times);
}

/** Bytes that are gone through in search of others while `run` reads a message. */
function searchedBytes(run: () => unknown): number {
  const search = vi.spyOn(Buffer.prototype, 'indexOf');
  run();
  const sum = search.mock.calls.reduce((total, [, from], index) => {
    const start = typeof from === 'number' ? from : 0;
    const searched = search.mock.contexts[index];
    const found: unknown = search.mock.results[index]?.value;
    const end = typeof found === 'number' && found !== -1 ? found : (searched?.length ?? 0);
    return total + end - start;
  }, 0);
  search.mockRestore();
  return sum;
}

const unfolded = (text: string) => text.replace(/.{900}/g, '$&\r\n ');

describe('header fields are read', () => {
  test.each([
    ['with one long parameter', (length: number) => `text/plain; x=${'a'.repeat(length)}`],
    ['with a parameter of brackets', (length: number) => `text/plain; x=${'a('.repeat(length / 2)}`],
  ])('%s', (_, text) => {
    // Some 20 ms; to look at all of it for each character takes 6 seconds and more.
    expect(leastTime(() => structuredValue(text(128 * kibibyte)))).toBeLessThan(600);
  });

  test('beyond 256 KiB are left out of what is looked at, and said so', () => {
    const { root, unread } = readMime(
      message(`X: ${unfolded('a'.repeat(300 * kibibyte))}`, 'Content-Type: text/html', '', 'Hello'),
    );
    expect(root.headers).toEqual([]);
    expect(decodedBody(root).toString()).toBe('Hello');
    expect(unread).toBe('header fields beyond the first 256 KiB');
  });

  test('in any number: no more of them are kept than a large message has', () => {
    const part = `--b\r\n${'a:\r\n'.repeat(60 * kibibyte)}\r\n\r\n`;
    const { root, unread } = readMime(
      message('Content-Type: multipart/mixed; boundary=b', '', part.repeat(20)),
    );
    const kept = [...entitiesOf(root)].reduce((sum, { headers }) => sum + headers.length, 0);
    expect(kept).toBeLessThan(200_000);
    expect(unread).toBe('more parts and header fields than are read of one message');
  });
});

describe('multiparts', () => {
  const inMultipart = (...lines: readonly string[]) =>
    message('Content-Type: multipart/mixed; boundary=A', '', ...lines);
  const manyInner = Array.from(
    { length: 9_000 },
    (_, index) => `--A\r\nContent-Type: multipart/mixed; boundary=q${index}\r\n\r\n`,
  ).join('\r\n');
  const dashes = `${'-'.repeat(70)}\r\n`.repeat(6_000);

  test.each([
    ['nine thousand in one', inMultipart(manyInner)],
    ['nine thousand in one, before a long part', inMultipart(manyInner, '--A', '', dashes)],
    ['a line of boundaries', inMultipart('--A'.repeat(50_000))],
  ])('%s are searched some times and no more', (_, content) => {
    const searched = searchedBytes(() => readMime(content));
    expect(searched).toBeGreaterThan(content.length / 2);
    expect(searched).toBeLessThan(8 * content.length);
  });

  /** A multipart in a multipart and so on, around a text; each level is searched for its own boundary. */
  const nested = (levels: number, text: string, encoding = '7bit') =>
    message(
      ...Array.from({ length: levels }, (_, level) => [
        `Content-Type: multipart/mixed; boundary=level-${level}-of-them`,
        `Content-Transfer-Encoding: ${encoding}`,
        '',
        `--level-${level}-of-them`,
      ]).flat(),
      '',
      text,
    );

  test('in one another are searched up to a bound, and what is left is said', () => {
    const content = nested(40, `${'text '.repeat(14)}\r\n`.repeat(30_000));
    let unread: string | null = null;
    const searched = searchedBytes(() => {
      unread = readMime(content).unread;
    });
    expect(unread).toBe('more parts and header fields than are read of one message');
    expect(searched).toBeLessThan(8 * content.length + 4 * mebibyte);
  });

  test('in one another are decoded up to a bound, and what is left is said', () => {
    const content = nested(40, `${'text '.repeat(14)}\r\n`.repeat(30_000), 'quoted-printable');
    const { root, unread } = readMime(content);
    expect(unread).toBe('more parts and header fields than are read of one message');
    const held = new Set([...entitiesOf(root)].map(({ source }) => source));
    expect(held.size).toBeGreaterThan(1);
    expect(held.size).toBeLessThan(5);
  });

  test.each([
    ['a small one with forty', nested(40, 'Hello')],
    ['a large one with five', nested(5, 'Hello\r\n'.repeat(mebibyte))],
  ])('%s levels is read whole', (_, content) => {
    const { root, unread } = readMime(content);
    expect(unread).toBeNull();
    const texts = [...entitiesOf(root)].filter(({ type }) => type === 'text/plain');
    expect(texts.map((text) => decodedBody(text).subarray(0, 5).toString())).toEqual(['Hello']);
  });

  test('a long boundary is compared with the lines that begin like it only', () => {
    const boundary = 'a'.repeat(32 * kibibyte);
    const content = message(
      `Content-Type: multipart/mixed; boundary=${boundary}`,
      '',
      `--${boundary.slice(1)}\r\n`.repeat(8),
      boundary.repeat(4),
      `--${boundary}`,
      '',
      'Hello',
      `--${boundary}--`,
    );
    expect(readMime(content).root.children.map((part) => decodedBody(part).toString())).toEqual(['Hello']);
    // Some 10 ms; a search for all of it takes 5 seconds.
    expect(leastTime(() => readMime(content))).toBeLessThan(500);
  });

  test('file names in encoded words are decoded up to a bound', () => {
    const part = `--A\r\nContent-Disposition: attachment; filename="${'=?utf-8?B?YWFh?= '.repeat(3_500)}"\r\n\r\n`;
    const { root, unread } = readMime(inMultipart(part.repeat(12)));
    const names = root.children.map(({ fileName }) => fileName?.slice(0, 8));
    expect(new Set(names)).toEqual(new Set(['aaaaaaaa', '=?utf-8?', undefined]));
    expect(unread).toBe('more parts and header fields than are read of one message');
  });
});

describe('transfer encodings', () => {
  test('base64 in pieces, each with padding, is decoded into one Buffer', () => {
    const encoded = Buffer.from('QQ='.repeat(50_000));
    const made = vi.spyOn(Buffer, 'from');
    const decoded = decodeTransfer(encoded, 'base64');
    expect(made.mock.calls.length).toBeLessThan(3);
    expect(decoded.toString()).toBe('A'.repeat(50_000));
  });

  test('base64 in pieces is what the pieces are', () => {
    const characters = fc.constantFrom(...'AQ9+/-_=\r\n =?é'.split(''));
    const encoded = fc.string({ unit: characters, maxLength: 60 });
    fc.assert(
      fc.property(encoded, (text) => {
        const pieces = text.split(/=+/).map((piece) => Buffer.from(piece, 'base64'));
        const decoded = decodeTransfer(Buffer.from(text, 'latin1'), 'base64');
        expect(decoded.toString('hex')).toBe(Buffer.concat(pieces).toString('hex'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('quoted-printable is written into one Buffer', () => {
    const content = Buffer.alloc(12 * mebibyte, '\n');
    // Some 100 ms; text by the character takes a gigabyte and some seconds.
    const startedAtMs = performance.now();
    const encoded = encodeTransfer(content, 'quoted-printable');
    expect(performance.now() - startedAtMs).toBeLessThan(1_500);
    expect(encoded.toString('latin1', 0, 80)).toBe(`${'=0A'.repeat(25)}=\r\n=0`);
  });

  test('quoted-printable makes no string of what it decodes', () => {
    const texts = vi.spyOn(Buffer.prototype, 'toString');
    const decoded = decodeTransfer(Buffer.from('==C3=A9=zz='.repeat(1_000)), 'quoted-printable');
    expect(texts).not.toHaveBeenCalled();
    expect(decoded.toString()).toBe('=é=zz='.repeat(1_000).slice(0, -1));
  });
});

describe('a footer', () => {
  test('to a part whose Content-Type ends in semicolons and blanks', () => {
    const { edits } = planFooter(message('Content-Type: text/plain ; ;', ' ;', '', 'Hello'), 'Grüße');
    expect(edits.map(({ bytes }) => bytes.toString('latin1'))[0]).toBe(
      'Content-Type: text/plain; charset="utf-8"\r\n',
    );
  });

  test('to a part whose Content-Type is full of them', () => {
    const content = message(`Content-Type: text/plain${unfolded(';'.repeat(64 * kibibyte))}x`, '', 'Hello');
    // Some 20 ms; to begin anew at each semicolon takes half a minute.
    expect(leastTime(() => planFooter(content, 'Grüße'))).toBeLessThan(2_000);
  });
});
