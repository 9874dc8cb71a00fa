/** Listed addresses and ranges (SET-4). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressBytes,
  isPrivateRange,
  rangeHolds,
  rangeSize,
  readRange,
} from '../../relay-core/settings/ip-range.ts';

function range(text: string) {
  const reading = readRange(text);
  if (reading.outcome === 'problem') throw new Error(reading.problem.message);
  return reading;
}

function problem(text: string) {
  const reading = readRange(text);
  return reading.outcome === 'problem' ? `${reading.problem.message}; ${reading.problem.fix}` : 'none';
}

describe('an IPv6 address', () => {
  const forms = [
    '1050:0000:0000:0000:0005:0600:300c:326b',
    '1050:0:0:0:5:600:300c:326b',
    '1050::5:600:300c:326b',
    '1050::5:600:300C:326B',
  ];
  test('is the same in full, without leading zeros, and shortened · SET-4', () => {
    for (const listed of forms)
      for (const seen of forms) expect(rangeHolds(range(listed), addressBytes(seen))).toBe(true);
  });
});

describe('a range', () => {
  test('holds its addresses and no others · SET-4', () => {
    const office = range('203.0.113.0/28');
    expect(rangeSize(office)).toBe(16);
    expect(rangeHolds(office, addressBytes('203.0.113.15'))).toBe(true);
    expect(rangeHolds(office, addressBytes('203.0.113.16'))).toBe(false);
    expect(rangeHolds(office, addressBytes('2001:db8::1'))).toBe(false);
    expect(rangeHolds(office, addressBytes('nonsense'))).toBe(false);
  });
  test('holds at most 65,536 addresses · SET-4', () => {
    expect(problem('10.0.0.0/16')).toBe('none');
    expect(problem('2001:db8::/112')).toBe('none');
    expect(problem('10.0.0.0/15')).toContain('more than 65,536 addresses');
    expect(problem('2001:db8::/111')).toContain('use a prefix of /112 or longer');
  });
  test('with host bits set is refused with the range that was meant · SET-4', () => {
    expect(problem('203.0.113.9/28')).toContain('write 203.0.113.0/28');
    expect(problem('2001:db8::1/120')).toContain('write 2001:db8::/120');
  });
  test.each([
    '010.1.1.1',
    '1.2.3',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    'fe80::1%eth0',
    'example.com',
    '',
    '0x7f.1',
  ])('%j is refused with the fix · SET-4', (text) => expect(problem(text)).toMatch(/write /));
  test('of private space is told apart: the page asks for the public address · SET-4', () => {
    expect(
      ['10.0.0.0/24', '192.168.1.1', 'fd00::1', '127.0.0.1', '100.64.0.1'].map((text) =>
        isPrivateRange(range(text)),
      ),
    ).toEqual(Array.from({ length: 5 }, () => true));
    expect(isPrivateRange(range('8.8.8.8'))).toBe(false);
  });
  test('holds an address exactly when their first bits agree · SET-4', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 16, max: 32 }), (first, second, prefix) => {
        const bits = (text: string) => addressBytes(text).reduce((value, byte) => value * 256 + byte, 0);
        const size = 2 ** (32 - prefix);
        const network = Math.floor(bits(first) / size) * size;
        const text = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
        expect(rangeHolds(range(`${text}/${prefix}`), addressBytes(second))).toBe(
          Math.floor(bits(second) / size) * size === network,
        );
      }),
    );
  });
});
