/** The table "Who may send" of relay-rules.md, cell by cell. */
import { describe, expect, test } from 'vitest';
import type { SessionFacts } from '../../relay-core/policy/types.ts';
import { atData, authenticatedAs, unlisted, verdict, withSetting } from './organisation-of-tests.ts';

const notVouched: Partial<SessionFacts> = { heloName: 'mail.elsewhere.org' };
const byHelo: Partial<SessionFacts> = { heloName: 'mx9.example.net' };
const byAuth: Partial<SessionFacts> = {
  heloName: 'mail.elsewhere.org',
  ...authenticatedAs('anna@example.com'),
};

type Row = readonly [
  sender: string,
  from: string,
  client: Partial<SessionFacts>,
  registered: string,
  domain: string,
  any: string,
];

const accepted = 'accepted';
const denied = (rule: string) => `relay-denied · ${rule}`;
const invalid = (rule: string) => `invalid-credentials · ${rule}`;
const noSending = (rule: string) => `sending-denied · ${rule}`;

const rows: readonly Row[] = [
  ['a registered user', 'anna@example.com', notVouched, accepted, accepted, accepted],
  ['an alias address', 'A.Svensson@EXAMPLE.com', notVouched, accepted, accepted, accepted],
  ['a user in a domain alias', 'anna@example.org', notVouched, accepted, accepted, accepted],
  [
    'a suspended user · SND-5',
    'former@example.com',
    notVouched,
    noSending('SND-1'),
    noSending('SND-5'),
    noSending('SND-5'),
  ],
  [
    'an alias of a suspended user',
    'old@example.com',
    notVouched,
    noSending('SND-1'),
    noSending('SND-5'),
    noSending('SND-5'),
  ],
  [
    'another address in a customer domain',
    'printer@example.com',
    notVouched,
    noSending('SND-1'),
    accepted,
    accepted,
  ],
  [
    'another address in a subdomain',
    'x@scan.example.net',
    notVouched,
    noSending('SND-1'),
    accepted,
    accepted,
  ],
  [
    'a foreign sender, authenticated',
    'joe@elsewhere.org',
    byAuth,
    denied('SND-1'),
    denied('SND-2'),
    accepted,
  ],
  [
    'a foreign sender, vouched by HELO only',
    'joe@elsewhere.org',
    byHelo,
    invalid('SND-1'),
    invalid('SND-2'),
    accepted,
  ],
  [
    'a foreign sender, not vouched',
    'joe@elsewhere.org',
    notVouched,
    invalid('IDN-1'),
    invalid('IDN-1'),
    invalid('IDN-1'),
  ],
  ['the null sender, vouched by HELO · SND-5', '', byHelo, accepted, accepted, accepted],
  ['the null sender, vouched by AUTH', '', byAuth, accepted, accepted, accepted],
  ['the null sender, not vouched', '', notVouched, invalid('IDN-1'), invalid('IDN-1'), invalid('IDN-1')],
];

describe.each(rows)('%s', (_sender, from, client, registered, domain, any) => {
  test(`under registered-users: ${registered} · SND-1`, () => {
    expect(
      verdict(atData({ from, session: client }, withSetting({ allowedSenders: 'registered-users' }))),
    ).toBe(registered);
  });
  test(`under domain-addresses: ${domain} · SND-2`, () => {
    expect(
      verdict(atData({ from, session: client }, withSetting({ allowedSenders: 'domain-addresses' }))),
    ).toBe(domain);
  });
  test(`under any: ${any} · SND-3`, () => {
    expect(verdict(atData({ from, session: client }, withSetting({ allowedSenders: 'any' })))).toBe(any);
  });
  test('from an address that is not listed: relay-denied, whatever else holds · AUT-1', () => {
    const decision = atData(
      { from, session: { ...client, clientAddress: unlisted } },
      withSetting({ allowedSenders: 'any' }),
    );
    expect(verdict(decision)).toBe('relay-denied · AUT-1');
  });
});

test('header fields are no part of the question: only the envelope is · SND-4', () => {
  const decision = atData({ from: 'anna@example.com' });
  expect(decision).toMatchObject({ outcome: 'accepted', reversePath: 'anna@example.com' });
});
