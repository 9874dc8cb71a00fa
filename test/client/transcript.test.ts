/** From bytes to the lines of a dialogue, however the bytes are cut into packets. */
import { describe, expect, test } from 'vitest';
import { createTranscript, type Direction } from '../../relay-core/client/transcript.ts';

type Said = readonly [Direction, string];

/** Gives the transcript the bytes in pieces of this size, and takes all lines. */
function linesOf(said: readonly Said[], pieceBytes: number): string[] {
  const transcript = createTranscript();
  const lines: string[] = [];
  for (const [direction, text] of said) {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      lines.push(...transcript.take(direction, bytes.subarray(from, from + pieceBytes)));
    }
  }
  return [...lines, ...transcript.rest('server'), ...transcript.rest('client')];
}

const message = (data: string): readonly Said[] => [
  ['client', 'DATA\r\n'],
  ['server', '354  Go ahead\r\n'],
  ['client', data],
  ['server', '250 2.0.0 OK\r\n'],
  ['client', 'QUIT\r\n'],
];

describe.each([1, 2, 3, 5, 100_000])('in pieces of %i bytes', (pieceBytes) => {
  test.each([
    ['a message', 'Subject: x\r\n\r\nHello\r\n.\r\n', 21],
    ['dot-stuffing, which is no part of the size', '..first\r\nx\r\n..\r\n...\r\n.\r\n', 18],
    ['dots that end nothing', 'a\r\n..\nb\n.\nc\r.\rd\r\n.\r\n', 16],
    ['nothing at all', '.\r\n', 0],
    ['an empty line', '\r\n.\r\n', 2],
  ])('%s is folded to its size', (_, data, bytes) => {
    expect(linesOf(message(data), pieceBytes)).toEqual([
      'DATA',
      '354  Go ahead',
      `(${bytes} bytes)`,
      '250 2.0.0 OK',
      'QUIT',
    ]);
  });

  test('secrets are blanked', () => {
    const said: readonly Said[] = [
      ['client', 'auth login\r\n'],
      ['server', '334 VXNlcm5hbWU6\r\n'],
      ['client', `${Buffer.from('anna@example.com').toString('base64')}\r\n`],
      ['server', '334 UGFzc3dvcmQ6\r\n'],
      ['client', `${Buffer.from('secret').toString('base64')}\r\n`],
      ['server', '535 5.7.8 No\r\n'],
      ['client', 'NOOP\r\n'],
    ];
    const lines = linesOf(said, pieceBytes);
    expect(lines[2]).toContain('anna@example.com');
    expect(lines.slice(4)).toEqual(['(password blanked)', '535 5.7.8 No', 'NOOP']);
  });
});

test('what was begun and not ended is kept when the connection closes', () => {
  expect(
    linesOf(
      [
        ['client', 'NOO'],
        ['server', '250'],
      ],
      10,
    ),
  ).toEqual(['250', 'NOO']);
  const [data, goAhead] = message('');
  if (data === undefined || goAhead === undefined) throw new Error('no message');
  expect(linesOf([data, goAhead, ['client', 'Subject: x\r\n']], 10).at(-1)).toBe('(12 bytes), not ended');
});

test('a line that never ends is cut, so that nothing grows without bound', () => {
  const lines = linesOf([['server', 'x'.repeat(200_000)]], 1_000);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join('')).toHaveLength(200_000);
});

test('bytes that are no UTF-8 are shown each for itself', () => {
  const transcript = createTranscript();
  expect(transcript.take('server', Buffer.from('250 \xe5\r\n', 'latin1'))).toEqual(['250 å']);
});
