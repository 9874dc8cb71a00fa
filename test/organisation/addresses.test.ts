/** Domains and addresses are compared as the relay does (ORG-1). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressKey, addressParts, mailDomain } from '../../relay-core/organisation/mail-domain.ts';

describe('domains', () => {
  test('are compared without regard to case, by IDNA, and without the last dot · ORG-1', () => {
    expect(mailDomain('Example.COM.')).toBe('example.com');
    expect(mailDomain('räksmörgås.se')).toBe('xn--rksmrgs-5wao1o.se');
    expect(mailDomain('XN--RKSMRGS-5WAO1O.se')).toBe('xn--rksmrgs-5wao1o.se');
  });
  test.each([
    'a..b',
    '-a.b',
    'ex ample.com',
    '[192.0.2.1]',
    '',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
  ])('%j is no domain', (text) => {
    expect(mailDomain(text)).toBeNull();
  });
  test('reading a domain twice changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'grapheme', maxLength: 30 })), (text) => {
        const once = mailDomain(text);
        expect(once === null ? null : mailDomain(once)).toBe(once);
      }),
    );
  });
});

describe('addresses', () => {
  test('are split at the last @, source routes dropped', () => {
    expect(addressParts('"a@b"@example.com')).toEqual({ localPart: '"a@b"', domain: 'example.com' });
    expect(addressParts('@relay.example,@other.example:anna@example.com')).toEqual({
      localPart: 'anna',
      domain: 'example.com',
    });
    expect(addressParts('postmaster')).toEqual({ localPart: 'postmaster', domain: '' });
  });
  test('count as one when only case, quotes or the form of the domain differ · UQ-5', () => {
    expect(
      new Set(['Anna@Example.com', 'anna@EXAMPLE.COM.', '"anna"@example.com'].map(addressKey)).size,
    ).toBe(1);
    expect(addressKey('x@[192.0.2.1]')).toBe('x@[192.0.2.1]');
  });
  test('any text gives a key, and a key with a plain domain is its own', () => {
    const domain = fc.oneof(fc.domain(), fc.string({ unit: 'grapheme', maxLength: 12 }));
    const local = fc.oneof(
      fc.emailAddress().map((each) => each.split('@')[0] ?? ''),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(local, domain, (before, after) => {
        const key = addressKey(`${before}@${after}`);
        expect(typeof key).toBe('string');
        if (mailDomain(after) === after && !/["\\@:]/.test(before)) expect(addressKey(key)).toBe(key);
      }),
    );
  });
  test('an address that is its own key is compared as every other one', () => {
    // With a dot behind its domain it is none, and has to come to the same.
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(addressKey(address.toLowerCase())).toBe(addressKey(`${address}.`));
      }),
    );
  });
});
