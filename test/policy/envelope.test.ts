/** How the reverse-path is rewritten, and what limits the recipients (ENV, IDN). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { owningDomainOfPath } from '../../relay-core/organisation/organisation.ts';
import { decide } from '../../relay-core/policy/decide.ts';
import {
  atData,
  authenticatedAs,
  configuration,
  sentences,
  session,
  verdict,
  withSetting,
} from './organisation-of-tests.ts';

const any = withSetting({ allowedSenders: 'any' });

describe('rewriting', () => {
  test('a foreign sender becomes the postmaster of the domain that holds the HELO name · ENV-1', () => {
    const decision = atData({ from: 'joe@elsewhere.org', session: { heloName: 'mx9.example.net' } }, any);
    expect(decision).toMatchObject({ outcome: 'accepted', reversePath: 'postmaster@example.net' });
    expect(sentences(decision, 'ENV-1')).toEqual([
      'The foreign sender joe@elsewhere.org is rewritten to postmaster@example.net, the domain known from the HELO name.',
    ]);
  });
  test('SMTP AUTH wins over the HELO name · IDN-2', () => {
    const client = { ...authenticatedAs('anna@example.com'), heloName: 'mx9.example.net' };
    const decision = atData({ from: 'joe@elsewhere.org', session: client }, any);
    expect(decision).toMatchObject({ outcome: 'accepted', reversePath: 'postmaster@example.com' });
    expect(sentences(decision, 'IDN-2')).toHaveLength(1);
  });
  test('the null sender stays null · ENV-3', () => {
    expect(atData({ from: '', session: { heloName: 'mx.example.com' } })).toMatchObject({
      outcome: 'accepted',
      reversePath: '',
    });
  });
  test('a sender of the customer stays as it was sent', () => {
    expect(atData({ from: 'A.Svensson@Example.COM' })).toMatchObject({
      reversePath: 'A.Svensson@Example.COM',
    });
  });
  test('no accepted reverse-path is ever outside the customer’s domains, but the empty one · ENV-1', () => {
    const { organisation } = any;
    const helo = fc.constantFrom(
      'mx.example.com',
      'example.org',
      'mail.elsewhere.org',
      'xexample.com',
      '[203.0.113.9]',
    );
    const from = fc.oneof(
      fc.emailAddress(),
      fc.constantFrom('', 'anna@example.com', 'x@sub.example.net', 'x@notexample.com'),
    );
    fc.assert(
      fc.property(from, helo, (reversePath, heloName) => {
        const decision = atData({ from: reversePath, session: { heloName } }, any);
        if (decision.outcome === 'rejected' || decision.reversePath === '') return;
        expect(owningDomainOfPath(organisation, decision.reversePath)).not.toBeNull();
      }),
    );
  });
});

describe('recipients', () => {
  const rcpt = (reversePath: string, forwardPaths: readonly string[], ceiling?: number) =>
    decide(configuration(ceiling === undefined ? {} : { limits: { recipientsPerTransaction: ceiling } }), {
      stage: 'rcpt',
      session: session(),
      envelope: { reversePath, forwardPaths },
      forwardPath: 'one.more@elsewhere.org',
    });

  test('the null sender takes one recipient · ENV-2', () => {
    expect(verdict(rcpt('', []))).toBe('accepted');
    expect(verdict(rcpt('', ['a@elsewhere.org']))).toBe('too-many-for-null · ENV-2');
  });
  test('more than a hundred recipients are handled, up to the profile’s ceiling · ENV-4', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `r${index}@elsewhere.org`);
    expect(verdict(rcpt('anna@example.com', many(150)))).toBe('accepted');
    expect(verdict(rcpt('anna@example.com', many(999)))).toBe('accepted');
    expect(verdict(rcpt('anna@example.com', many(1000)))).toBe('too-many-recipients · ENV-4');
    expect(verdict(rcpt('anna@example.com', many(3), 3))).toBe('too-many-recipients · ENV-4');
  });
});
