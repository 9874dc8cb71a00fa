/** Encryption, authentication and listed addresses (SET-3 to SET-5, AUT, PRT). */
import { describe, expect, test } from 'vitest';
import {
  atData,
  atMail,
  authenticatedAs,
  configuration,
  listed,
  sentences,
  tls13,
  unlisted,
  verdict,
  withSetting,
} from './organisation-of-tests.ts';

const from = 'anna@example.com';
const viaAuth = { ipRanges: undefined, smtpAuth: true };

describe('required TLS', () => {
  const requireTls = withSetting({ requireTls: true });
  test('refuses MAIL in plain text with 530 5.7.0 · PRT-4 · SET-5', () => {
    expect(verdict(atMail({ from }, requireTls))).toBe('starttls-first · PRT-4');
  });
  test('takes what is encrypted · SET-5', () => {
    expect(verdict(atMail({ from, session: { tls: tls13 } }, requireTls))).toBe('accepted');
  });
  test.each(['relay', 'smtps'] as const)(
    'is content with encryption on %s, and notes that the page asks for 587 · PRT-1',
    (portRole) => {
      const decision = atData({ from, session: { tls: tls13, portRole } }, requireTls);
      expect(verdict(decision)).toBe('accepted');
      const step = decision.trace.find(({ rule }) => rule === 'PRT-1');
      expect(step).toMatchObject({ outcome: 'note', assumed: true });
    },
  );
});

describe('an authentication lasts as long as its user', () => {
  const any = withSetting({ allowedSenders: 'any' });
  const suspended = configuration({ users: [{ address: 'bo@example.net', suspended: true }] });
  const removed = configuration({ users: [{ address: from }] });
  const renamed = configuration({ users: [{ address: 'b@example.net', aliases: ['bo@example.net'] }] });
  const asked = { from: 'joe@elsewhere.org', session: authenticatedAs('bo@example.net') };
  const under = (now: typeof any) => ({ ...any, organisation: now.organisation });
  test('while it is there it vouches, under another main address too · IDN-1', () => {
    expect(verdict(atData(asked, any))).toBe('accepted');
    expect(verdict(atData(asked, under(renamed)))).toBe('accepted');
  });
  test.each([
    ['suspended', suspended],
    ['removed', removed],
  ])('once it is %s the client is told what AUTH would tell it, at MAIL and at DATA · AUT-6', (_, now) => {
    expect(verdict(atMail(asked, under(now)))).toBe('bad-credentials · AUT-6');
    expect(verdict(atData(asked, under(now)))).toBe('bad-credentials · AUT-6');
    expect(sentences(atMail(asked, under(now)), 'AUT-6')).toEqual([
      'The client signed in as bo@example.net, who is no active user any more: that counts as a wrong password.',
    ]);
  });
});

describe('required authentication', () => {
  const smtpAuth = withSetting({ authentication: viaAuth });
  test('in plain text the way there begins with STARTTLS · AUT-3', () => {
    expect(verdict(atMail({ from }, smtpAuth))).toBe('starttls-first · AUT-2');
  });
  test('inside TLS it answers 530 5.5.1 · AUT-2', () => {
    expect(verdict(atMail({ from, session: { tls: tls13 } }, smtpAuth))).toBe('auth-required · AUT-2');
  });
  test('an authenticated client passes from anywhere · AUT-2', () => {
    const client = { ...authenticatedAs('bo@example.net'), clientAddress: unlisted };
    expect(verdict(atData({ from, session: client }, smtpAuth))).toBe('accepted');
  });
  test('with both boxes ticked both must hold · AUT-5', () => {
    const both = withSetting({ authentication: { ipRanges: [{ range: '203.0.113.0/28' }], smtpAuth: true } });
    const signedIn = authenticatedAs('anna@example.com');
    expect(verdict(atMail({ from, session: { tls: tls13 } }, both))).toBe('auth-required · AUT-2');
    expect(verdict(atData({ from, session: { ...signedIn, clientAddress: unlisted } }, both))).toBe(
      'relay-denied · AUT-1',
    );
    const decision = atData({ from, session: signedIn }, both);
    expect(verdict(decision)).toBe('accepted');
    expect(sentences(decision, 'AUT-5')).toHaveLength(1);
  });
});

describe('the submission ports', () => {
  test.each(['submission', 'smtps'] as const)('%s needs authentication by the page · AUT-4', (portRole) => {
    expect(verdict(atMail({ from, session: { portRole, tls: tls13 } }))).toBe('auth-required · AUT-4');
    expect(verdict(atMail({ from, session: { portRole, ...authenticatedAs('anna@example.com') } }))).toBe(
      'accepted',
    );
  });
  test('587 in plain text asks for STARTTLS first · AUT-4', () => {
    expect(verdict(atMail({ from, session: { portRole: 'submission' } }))).toBe('starttls-first · AUT-4');
  });
  test('address authentication is enough where the profile says so · AUT-4', () => {
    const workspace = configuration({ profile: 'workspace' });
    expect(verdict(atMail({ from, session: { portRole: 'submission', tls: tls13 } }, workspace))).toBe(
      'accepted',
    );
    expect(
      verdict(
        atMail(
          { from, session: { portRole: 'submission' } },
          configuration({ submissionPortsNeedAuth: false }),
        ),
      ),
    ).toBe('accepted');
  });
});

describe('listed addresses', () => {
  test('mail from a listed address counts as the customer’s · AUT-1', () => {
    expect(sentences(atData({ from, session: { clientAddress: listed } }), 'AUT-1')).toEqual([
      '203.0.113.9 lies in 203.0.113.0/28 (Head office).',
    ]);
  });
  test('authentication does not replace the listed address · AUT-1', () => {
    const client = { ...authenticatedAs('anna@example.com'), clientAddress: unlisted };
    expect(verdict(atData({ from, session: client }))).toBe('relay-denied · AUT-1');
  });
  test('an entry that is switched off lists nothing, and the trace says so · SET-4', () => {
    const off = withSetting({
      authentication: { ipRanges: [{ range: '203.0.113.0/28', description: 'Head office', enabled: false }] },
    });
    const decision = atData({ from }, off);
    expect(verdict(decision)).toBe('relay-denied · AUT-1');
    expect(sentences(decision, 'AUT-1')).toEqual([
      '203.0.113.9 lies in 203.0.113.0/28 (Head office), which is switched off.',
    ]);
  });
  test('an IPv4 address in IPv6 clothes is the IPv4 address · SET-4', () => {
    expect(verdict(atData({ from, session: { clientAddress: `::ffff:${listed}` } }))).toBe('accepted');
  });
  test('the refusal names the HELO name, the MAIL domain and their suffixes that hold a dot · AUT-1', () => {
    const decision = atData({
      from: 'x@a.b.elsewhere.org',
      session: { clientAddress: unlisted, heloName: '[192.168.1.176]' },
    });
    expect(decision).toMatchObject({
      reply: {
        text: expect.stringContaining(
          '[192.168.1.176], 168.1.176], 1.176], a.b.elsewhere.org, b.elsewhere.org, elsewhere.org (as',
        ),
      },
    });
  });
});

test('the legacy edition has no relay service: everything is denied, and the trace says why · ORG-6', () => {
  const legacy = configuration({
    customer: { name: 'Old AB', primaryDomain: 'example.com', edition: 'legacy' },
  });
  expect(verdict(atData({ from }, legacy))).toBe('relay-denied · ORG-6');
});

test('mail from subdomains and secondary domains counts as the customer’s · ORG-1', () => {
  const domain = withSetting({ allowedSenders: 'domain-addresses' });
  for (const address of ['x@example.com', 'x@deep.sub.example.com', 'x@example.net', 'x@EXAMPLE.ORG']) {
    expect(verdict(atData({ from: address }, domain))).toBe('accepted');
  }
  expect(verdict(atData({ from: 'x@notexample.com' }, domain))).toBe('invalid-credentials · IDN-1');
});

test('a message declared larger than EHLO announced is refused at MAIL · RFC-1870', () => {
  expect(verdict(atMail({ from, declaredBytes: 35_882_577 }))).toBe('accepted');
  expect(verdict(atMail({ from, declaredBytes: 35_882_578 }))).toBe('too-large · RFC-1870');
});
