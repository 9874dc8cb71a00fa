/** Every `[assumed]` of relay-rules.md: in which situation an answer rests on it, and which steps of the trace say so. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Configuration, Decision } from '../../relay-core/policy/types.ts';
import type { QuotaWindow, WindowCount } from '../../relay-core/quota/types.ts';
import {
  type Asked,
  atData,
  atMail,
  authenticatedAs,
  configuration,
  offices,
  tls13,
  unlisted,
  withSetting,
} from './organisation-of-tests.ts';

const specification = readFileSync(new URL('../../docs/spec/relay-rules.md', import.meta.url), 'utf8');

const anySender = withSetting({ allowedSenders: 'any' });
const domainAddresses = withSetting({ allowedSenders: 'domain-addresses' });
const bothBoxes = withSetting({
  authentication: { ...offices.authentication, smtpAuth: true },
});
const tlsRequired = withSetting({ requireTls: true });
const customer = { name: 'Example AB', primaryDomain: 'example.com', domains: ['example.net'] };
const legacy = configuration({ customer: { ...customer, edition: 'legacy' } });
const billed = (billing: 'unpaid' | 'trial', licences = 100) =>
  configuration({ customer: { ...customer, billing, licences } });
const withPostmaster = configuration({
  users: [{ address: 'postmaster@example.com' }],
  settings: [{ ...offices, allowedSenders: 'any' }],
});
const secondOffice = configuration({
  settings: [
    { ...offices, description: 'Another', authentication: { ipRanges: [{ range: unlisted }] } },
    offices,
  ],
});

const bo = authenticatedAs('bo@example.net');
const anna = configuration().organisation.users[0]?.key ?? null;

const inOrder = [
  'customer-recipients-ten-minutes',
  'customer-recipients-day',
  'user-messages-day',
  'user-unique-recipients-day',
] as const;

/** The windows of a registered sender, or the customer's alone, so much of them used and held. */
function counts(
  of: 'user' | 'customer' = 'user',
  used: Partial<Record<QuotaWindow, number>> = {},
  reserved = 0,
): WindowCount[] {
  return inOrder
    .filter((window) => of === 'user' || window.startsWith('customer'))
    .map((window) => ({
      window,
      user: window.startsWith('user') ? anna : null,
      used: used[window] ?? 0,
      reserved,
      simulated: 0,
      wanted: 1,
      nextFreeAt: null,
    }));
}

interface Situation {
  readonly rule: string;
  readonly situation: string;
  readonly asked: Asked;
  readonly under?: Configuration;
  readonly at?: 'MAIL';
  /** The steps that are marked, by their rule. */
  readonly assumed: readonly string[];
}

const helo = (heloName: string) => ({ session: { heloName } });
const foreign = 'joe@elsewhere.org';

const situations: readonly Situation[] = [
  // ORG: domain aliases, the legacy edition
  {
    rule: 'ORG-1',
    situation: 'a user’s address in a domain alias',
    asked: { from: 'anna@example.org' },
    assumed: ['SND-1'],
  },
  {
    rule: 'ORG-1',
    situation: 'a user’s address in a domain alias, where the domain is what matters',
    asked: { from: 'anna@example.org' },
    under: domainAddresses,
    assumed: ['SND-2'],
  },
  {
    rule: 'ORG-1',
    situation: 'nobody’s address in a domain alias under "any", which would be foreign else',
    asked: { from: 'printer@example.org' },
    under: anySender,
    assumed: ['SND-3'],
  },
  {
    rule: 'ORG-1',
    situation: 'a domain alias that vouches',
    asked: { from: foreign, ...helo('example.org') },
    under: anySender,
    assumed: ['IDN-1', 'ENV-1'],
  },
  {
    rule: 'ORG-1',
    situation: 'a user of the primary domain itself',
    asked: { from: 'anna@example.com' },
    assumed: [],
  },
  {
    rule: 'ORG-6',
    situation: 'the legacy edition’s reply',
    asked: { from: 'anna@example.com' },
    under: legacy,
    assumed: ['ORG-6'],
  },
  // SET: several settings
  {
    rule: 'SET-8',
    situation: 'a setting that was passed over',
    asked: { from: 'anna@example.com' },
    under: secondOffice,
    assumed: ['SET-8'],
  },
  {
    rule: 'SET-8',
    situation: 'none that is enabled',
    asked: { from: 'anna@example.com' },
    under: withSetting({ enabled: false }),
    assumed: ['SET-8'],
  },
  { rule: 'SET-8', situation: 'a single setting', asked: { from: 'anna@example.com' }, assumed: [] },
  // AUT: authentication beside listed addresses
  {
    rule: 'AUT-1',
    situation: 'an unlisted address, authenticated',
    asked: { from: 'anna@example.com', session: { ...bo, clientAddress: unlisted } },
    assumed: ['AUT-1'],
  },
  {
    rule: 'AUT-1',
    situation: 'an unlisted address that did not authenticate',
    asked: { from: 'anna@example.com', session: { clientAddress: unlisted } },
    assumed: [],
  },
  {
    rule: 'AUT-1',
    situation: 'a listed address, authenticated',
    asked: { from: 'anna@example.com', session: bo },
    assumed: [],
  },
  {
    rule: 'AUT-5',
    situation: 'both boxes, both held',
    asked: { from: 'anna@example.com', session: bo },
    under: bothBoxes,
    assumed: ['AUT-5'],
  },
  // PRT: encrypted on another port than 587
  {
    rule: 'PRT-1',
    situation: 'required TLS on port 25',
    asked: { from: 'anna@example.com', session: { tls: tls13 } },
    under: tlsRequired,
    assumed: ['PRT-1'],
  },
  {
    rule: 'PRT-1',
    situation: 'required TLS on port 587',
    asked: { from: 'anna@example.com', session: { ...bo, portRole: 'submission' } },
    under: tlsRequired,
    assumed: [],
  },
  // SND: whose address it is
  {
    rule: 'SND-1',
    situation: 'an alias address',
    asked: { from: 'a.svensson@example.com' },
    assumed: ['SND-1'],
  },
  {
    rule: 'SND-1',
    situation: 'an alias address of a suspended user',
    asked: { from: 'old@example.com' },
    assumed: ['SND-1'],
  },
  {
    rule: 'SND-1',
    situation: 'a suspended user’s own address',
    asked: { from: 'former@example.com' },
    assumed: [],
  },
  {
    rule: 'SND-1',
    situation: 'an alias address where any address of the domain may send',
    asked: { from: 'a.svensson@example.com' },
    under: domainAddresses,
    assumed: [],
  },
  {
    rule: 'SND-2',
    situation: 'an address in a subdomain',
    asked: { from: 'x@sub.example.com' },
    under: domainAddresses,
    assumed: ['SND-2'],
  },
  {
    rule: 'SND-2',
    situation: 'an address in a registered domain',
    asked: { from: 'printer@EXAMPLE.com' },
    under: domainAddresses,
    assumed: [],
  },
  {
    rule: 'SND-2',
    situation: 'an address in a subdomain under "any", which ORG-1 counts as the customer’s',
    asked: { from: 'x@sub.example.com' },
    under: anySender,
    assumed: [],
  },
  {
    rule: 'SND-5',
    situation: 'the null sender under "registered-users"',
    asked: { from: '', ...helo('example.com') },
    assumed: ['SND-5', 'ENV-3'],
  },
  {
    rule: 'SND-5',
    situation: 'a suspended user under "any"',
    asked: { from: 'former@example.com' },
    under: anySender,
    assumed: ['SND-5'],
  },
  // IDN, ENV: who vouches, and what is written
  {
    rule: 'IDN-2',
    situation: 'SMTP AUTH and a HELO name of another domain',
    asked: { from: foreign, session: { ...bo, heloName: 'example.com' } },
    under: anySender,
    assumed: ['IDN-2'],
  },
  {
    rule: 'ENV-1',
    situation: 'a HELO name below a registered domain',
    asked: { from: foreign, ...helo('mx9.example.net') },
    under: anySender,
    assumed: ['ENV-1'],
  },
  {
    rule: 'ENV-1',
    situation: 'a HELO name that is a registered domain',
    asked: { from: foreign, ...helo('Example.NET') },
    under: anySender,
    assumed: [],
  },
  {
    rule: 'ENV-1',
    situation: 'the domain of the authenticated user',
    asked: { from: foreign, session: bo },
    under: anySender,
    assumed: [],
  },
  {
    rule: 'ENV-3',
    situation: 'the null sender',
    asked: { from: '', ...helo('example.com') },
    under: anySender,
    assumed: ['SND-5', 'ENV-3'],
  },
  // UQ, CQ: what is counted, and against which limit
  {
    rule: 'UQ-6',
    situation: 'a foreign sender that is rewritten to a registered user',
    asked: { from: foreign, ...helo('example.com'), counts: counts('customer') },
    under: withPostmaster,
    assumed: ['UQ-6'],
  },
  {
    rule: 'CQ-4',
    situation: 'a foreign sender that only AUTH vouches for',
    asked: { from: foreign, session: bo, counts: counts('customer') },
    under: anySender,
    assumed: ['CQ-4', 'CQ-2', 'CQ-1'],
  },
  {
    rule: 'CQ-4',
    situation: 'a foreign sender that HELO vouches for',
    asked: { from: foreign, ...helo('example.com'), counts: counts('customer') },
    under: anySender,
    assumed: [],
  },
  {
    rule: 'CQ-4',
    situation: 'a sender of the customer’s, authenticated',
    asked: { from: 'anna@example.com', session: bo, counts: counts() },
    assumed: [],
  },
  {
    rule: 'CQ-5',
    situation: 'an unpaid customer: its users’ limits',
    asked: { from: 'anna@example.com', counts: counts() },
    under: billed('unpaid'),
    assumed: ['UQ-1', 'UQ-2'],
  },
  {
    rule: 'CQ-5',
    situation: 'a customer on trial: all its limits',
    asked: { from: 'anna@example.com', counts: counts() },
    under: billed('trial'),
    assumed: ['CQ-2', 'CQ-1', 'UQ-1', 'UQ-2'],
  },
  {
    rule: 'CQ-5',
    situation: 'a customer on trial where the formula gives less',
    asked: { from: 'anna@example.com', counts: counts('customer') },
    under: billed('trial', 5),
    // 9 × 5 is less than 50; 130 × 5 is more than 100.
    assumed: ['CQ-1'],
  },
  {
    rule: 'CQ-5',
    situation: 'an unpaid customer over its user’s limit',
    asked: { from: 'anna@example.com', counts: counts('user', { 'user-messages-day': 100 }) },
    under: billed('unpaid'),
    assumed: ['UQ-1'],
  },
  {
    rule: 'CQ-7',
    situation: 'peak and day passed at once',
    asked: {
      from: 'anna@example.com',
      counts: counts('user', { 'customer-recipients-ten-minutes': 900, 'customer-recipients-day': 13_000 }),
    },
    assumed: ['CQ-7'],
  },
  {
    rule: 'CQ-7',
    situation: 'the peak and a user’s limit passed at once, which CQ-6 orders',
    asked: {
      from: 'anna@example.com',
      counts: counts('user', { 'customer-recipients-ten-minutes': 900, 'user-messages-day': 10_000 }),
    },
    assumed: [],
  },
  {
    rule: 'CQ-8',
    situation: 'places that are only held',
    asked: { from: 'anna@example.com', counts: counts('user', {}, 900) },
    assumed: ['CQ-2'],
  },
  {
    rule: 'CQ-8',
    situation: 'places that are used, beside held ones',
    asked: {
      from: 'anna@example.com',
      counts: counts('user', { 'customer-recipients-ten-minutes': 900 }, 5),
    },
    assumed: [],
  },
  {
    rule: 'CQ-9',
    situation: 'an alias that counts under its user',
    asked: { from: 'a.svensson@example.com', counts: counts() },
    under: anySender,
    assumed: ['UQ-1', 'UQ-2'],
  },
  {
    rule: 'AUT-6',
    situation: 'a client whose user was suspended since it signed in',
    asked: { from: 'anna@example.com', session: bo },
    under: configuration({ users: [{ address: 'bo@example.net', suspended: true }] }),
    at: 'MAIL',
    assumed: ['AUT-6'],
  },
];

const assumedIn = (decision: Decision) =>
  decision.trace.filter((step) => step.assumed).map(({ rule }) => rule);

describe.each(situations)('$situation · $rule', ({ asked, under = configuration(), at, assumed }) => {
  test(`marks ${assumed.length === 0 ? 'no step' : assumed.join(', ')} as an assumption`, () => {
    expect(assumedIn(at === 'MAIL' ? atMail(asked, under) : atData(asked, under))).toEqual(assumed);
  });
});

test('every rule that relay-rules.md marks has a situation in which a step is marked', () => {
  const marked = [...specification.matchAll(/^- ([A-Z]+-\d+) (.*)$/gm)]
    .filter(([, , text = '']) => text.includes('[assumed'))
    .map(([, id]) => id);
  const shown = situations.filter(({ assumed }) => assumed.length > 0).map(({ rule }) => rule);
  expect(marked.length).toBeGreaterThan(15);
  expect(marked.filter((id) => id !== undefined && !shown.includes(id))).toEqual([]);
});
