/** What holds for every decision, whatever the settings, the session and the envelope. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../relay-core/policy/decide.ts';
import type { Configuration, Decision, Question, SessionFacts } from '../../relay-core/policy/types.ts';
import { configuration, type SettingInput, tls13 } from './organisation-of-tests.ts';

const sender = fc.constantFrom(
  '',
  'anna@example.com',
  'x@example.com',
  'former@example.com',
  'joe@elsewhere.org',
  '"odd name"@example.net',
  'postmaster',
);
const address = fc.constantFrom(
  '203.0.113.9',
  '198.51.100.7',
  '192.0.2.9',
  '2001:db8::7',
  '::ffff:203.0.113.9',
  'nonsense',
);

const session: fc.Arbitrary<SessionFacts> = fc
  .record({
    clientAddress: address,
    heloName: fc.constantFrom(
      'mail.example.com',
      'mx.example.org',
      'mail.elsewhere.org',
      'localhost',
      '[192.168.1.176]',
      '',
    ),
    portRole: fc.constantFrom('relay' as const, 'smtps' as const, 'submission' as const),
    channel: fc.constantFrom('plain', 'tls', 'auth'),
  })
  .map(({ channel, ...facts }) => ({
    ...facts,
    tls: channel === 'plain' ? null : tls13,
    authenticatedAs: channel === 'auth' ? (configuration().organisation.users[0]?.key ?? null) : null,
  }));

const setting = fc.record({
  description: fc.constantFrom('', 'One', 'Two'),
  enabled: fc.boolean(),
  allowedSenders: fc.constantFrom('registered-users' as const, 'domain-addresses' as const, 'any' as const),
  requireTls: fc.boolean(),
  authentication: fc.record({
    ipRanges: fc.subarray(
      [
        { range: '203.0.113.0/28' },
        { range: '198.51.100.0/24', enabled: false },
        { range: '2001:db8::/120' },
      ],
      { minLength: 1 },
    ),
    smtpAuth: fc.boolean(),
  }),
});

const settings = fc.array(setting, { maxLength: 3 });
const message = fc.record({
  from: sender,
  to: fc.array(fc.constantFrom('a@elsewhere.org', 'b@elsewhere.org'), { minLength: 1, maxLength: 3 }),
});

function ask(
  under: Configuration,
  who: SessionFacts,
  { from, to }: { from: string; to: string[] },
): Decision {
  const mail = decide(under, { stage: 'mail', session: who, reversePath: from, declaredBytes: null });
  if (mail.outcome === 'rejected') return mail;
  return decide(under, {
    stage: 'data',
    session: who,
    envelope: { reversePath: from, forwardPaths: to },
    counts: [],
    spamSuspendedUntil: null,
  });
}

describe('a decision', () => {
  test('never throws, and equal questions get equal decisions', () => {
    fc.assert(
      fc.property(settings, session, message, (list, who, what) => {
        const under = configuration({ settings: list });
        expect(ask(under, who, what)).toEqual(ask(under, who, what));
      }),
    );
  });
  test('never throws for odd addresses and names at any stage', () => {
    const odd = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(odd, odd, odd, fc.nat(), (from, heloName, clientAddress, bytes) => {
        const who: SessionFacts = {
          clientAddress,
          heloName,
          portRole: 'relay',
          tls: null,
          authenticatedAs: null,
        };
        const envelope = { reversePath: from, forwardPaths: [from] };
        const questions: Question[] = [
          {
            stage: 'helo',
            session: who,
            rates: { connectionsPerMinute: bytes, connectionsAtOnce: 1, genericHeloPerMinute: 1 },
          },
          { stage: 'mail', session: who, reversePath: from, declaredBytes: bytes },
          { stage: 'rcpt', session: who, envelope, forwardPath: from },
          { stage: 'data', session: who, envelope, counts: [], spamSuspendedUntil: null },
        ];
        for (const question of questions)
          expect(['accepted', 'rejected']).toContain(decide(configuration(), question).outcome);
      }),
    );
  });
  test('that refuses has its reason as the last failing step of its trace · SET-8', () => {
    fc.assert(
      fc.property(settings, session, message, (list, who, what) => {
        const decision = ask(configuration({ settings: list }), who, what);
        const failing = decision.trace.filter(({ outcome }) => outcome === 'fail');
        if (decision.outcome === 'accepted') expect(failing).toEqual([]);
        else expect(failing.at(-1)?.rule).toBe(decision.rule);
      }),
    );
  });
});

describe('a change of settings', () => {
  const isAccepted = (
    list: readonly SettingInput[],
    who: SessionFacts,
    what: { from: string; to: string[] },
    domains = ['example.net'],
  ) =>
    ask(
      configuration({
        settings: [...list],
        customer: {
          name: 'Example AB',
          primaryDomain: 'example.com',
          domains,
          domainAliases: ['example.org'],
        },
      }),
      who,
      what,
    ).outcome === 'accepted';

  test('another entry in an address list never turns an accept into a reject · SET-4', () => {
    fc.assert(
      fc.property(settings, session, message, fc.nat(2), (list, who, what, which) => {
        fc.pre(list.length > 0 && isAccepted(list, who, what));
        const wider = list.map((each, index) =>
          index === which % list.length
            ? {
                ...each,
                authentication: {
                  ...each.authentication,
                  ipRanges: [...each.authentication.ipRanges, { range: '192.0.2.0/24' }],
                },
              }
            : each,
        );
        expect(isAccepted(wider, who, what)).toBe(true);
      }),
    );
  });
  test('another domain never turns an accept into a reject · ORG-1', () => {
    fc.assert(
      fc.property(settings, session, message, (list, who, what) => {
        fc.pre(isAccepted(list, who, what));
        expect(isAccepted(list, who, what, ['example.net', 'elsewhere.org'])).toBe(true);
      }),
    );
  });
  test('switching on required TLS never turns a reject into an accept · SET-5', () => {
    fc.assert(
      fc.property(settings, session, message, fc.nat(2), (list, who, what, which) => {
        fc.pre(list.length > 0 && !isAccepted(list, who, what));
        const stricter = list.map((each, index) =>
          index === which % list.length ? { ...each, requireTls: true } : each,
        );
        expect(isAccepted(stricter, who, what)).toBe(false);
      }),
    );
  });
});
