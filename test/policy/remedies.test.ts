/** Remedies: each one, applied, turns the refusal into a pass; the changes to the bench file do what they say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configurationOf } from '../../relay-core/bench-file/configuration.ts';
import { patched } from '../../relay-core/bench-file/patch.ts';
import { readBenchFile } from '../../relay-core/bench-file/read.ts';
import type { Remedy } from '../../relay-core/contract/index.ts';
import type { AddressKey } from '../../relay-core/organisation/types.ts';
import { findRemedies } from '../../relay-core/policy/remedies/find-remedies.ts';
import { judge, type Outlook, type Situation } from '../../relay-core/policy/remedies/situation.ts';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { session, tls13 } from './organisation-of-tests.ts';

const yaml = `
customer: { name: Example AB, primaryDomain: example.com, domains: [example.net], licences: 100 }
users:
  - { address: anna@example.com }
  - { address: former@example.com, suspended: true }
settings:
  - description: Offices
    authentication:
      ipRanges:
        - { description: Head office, range: 203.0.113.0/28 }
        - { description: Old office, range: 198.51.100.0/28, enabled: false }
`;
const now = Date.UTC(2026, 0, 1);

function configuration(text: string): Configuration {
  const reading = readBenchFile(text);
  if (reading.outcome === 'problems') throw new Error(JSON.stringify(reading.problems));
  return configurationOf(reading.file);
}

function situation(changes: Partial<Situation> = {}, text = yaml): Situation {
  return {
    stage: 'data',
    configuration: configuration(text),
    session: session(),
    envelope: { reversePath: 'anna@example.com', forwardPaths: ['a@elsewhere.org'] },
    forwardPath: 'more@elsewhere.org',
    declaredBytes: null,
    messageBytes: 0,
    at: now,
    ...changes,
  };
}

/** What the counts foresee; nobody is suspended for spam, unless told. */
function outlook(
  counts = createQuotaCounts(),
  suspension: { readonly sender: string; readonly until: number } | null = null,
): Outlook {
  return {
    forecast: counts.forecast,
    freeAt: counts.freeAt,
    spamSuspendedUntil: (reversePath, _, at) =>
      suspension !== null && suspension.sender === reversePath && suspension.until > at
        ? suspension.until
        : null,
  };
}

function remedies(refused: Situation, counts = createQuotaCounts()): readonly Remedy[] {
  expect(judge(refused, outlook(counts)).outcome).toBe('rejected');
  return findRemedies(refused, outlook(counts)).remedies;
}

const texts = (list: readonly Remedy[]) => list.map(({ side, text }) => `${side}: ${text}`);

/** The refusal judged again under the bench file with a remedy's change. */
function underChange(refused: Situation, { change }: Remedy, text = yaml): string {
  const counts = createQuotaCounts();
  return judge(
    { ...refused, configuration: configuration(patched(text, change ?? []).text) },
    outlook(counts),
  ).outcome;
}

describe('an address that is not listed', () => {
  const refused = situation({ session: session({ clientAddress: '2001:db8::7' }) });
  test('can be listed, or the client connects from a listed one · AUT-1', () => {
    expect(texts(remedies(refused))).toEqual([
      'client: Connect from a listed address, 203.0.113.0/28 (Head office), instead of 2001:db8::7.',
      'settings: List the address 2001:db8::7 in the setting "Offices".',
    ]);
  });
  test('in an entry that is switched off: switching it on comes first among the settings · SET-4', () => {
    const list = remedies(situation({ session: session({ clientAddress: '198.51.100.7' }) }));
    const settings = list.filter(({ side }) => side === 'settings');
    expect(settings[0]?.text).toBe(
      'Switch on the entry 198.51.100.0/28 (Old office) of the setting "Offices".',
    );
    for (const remedy of settings)
      expect(underChange(situation({ session: session({ clientAddress: '198.51.100.7' }) }), remedy)).toBe(
        'accepted',
      );
  });
});

describe('an address of the customer that is nobody’s', () => {
  const refused = situation({
    envelope: { reversePath: 'no-reply@example.com', forwardPaths: ['a@elsewhere.org'] },
  });
  test('can be registered, or domain addresses allowed, or another sender used · SND-1', () => {
    const list = remedies(refused);
    expect(list.map(({ text }) => text)).toEqual([
      'Send as a registered user, such as anna@example.com, instead of no-reply@example.com.',
      'Register no-reply@example.com as a user (or make it an alias of one).',
      'Allow any address in your domains as sender, registered or not, in the setting "Offices".',
      'Allow any sender (not recommended: more open to abuse) in the setting "Offices".',
    ]);
    for (const remedy of list.filter(({ change }) => change !== undefined))
      expect(underChange(refused, remedy)).toBe('accepted');
  });
});

describe('the null sender without a domain that vouches', () => {
  test('needs a customer domain in HELO, or SMTP AUTH · IDN-1', () => {
    const list = remedies(situation({ envelope: { reversePath: '', forwardPaths: ['a@elsewhere.org'] } }));
    expect(texts(list)).toEqual([
      'client: Let the client present a name in example.com in HELO or EHLO, such as mail.example.com.',
      'client: Let the client authenticate inside TLS as a registered user, such as anna@example.com.',
    ]);
  });
});

test('who is named to authenticate can: a user with a password comes before one without · AUT-2', () => {
  const bo = '  - { address: bo@example.com, passwordHash: "$scrypt$ln=14,r=8,p=1$YQ$YQ" }';
  const text = yaml.replace('settings:', () => `${bo}\nsettings:`);
  const list = remedies(
    situation({ envelope: { reversePath: '', forwardPaths: ['a@elsewhere.org'] } }, text),
  );
  expect(list[1]?.text).toContain('such as bo@example.com.');
});

describe('a foreign sender without a domain that vouches', () => {
  const refused = situation({
    envelope: { reversePath: 'tool@elsewhere.org', forwardPaths: ['a@elsewhere.org'] },
  });
  test('can take the way the service names: any sender, vouched for by HELO or SMTP AUTH · IDN-1 · MTA-10', () => {
    expect(judge(refused, outlook())).toMatchObject({ rule: 'IDN-1' });
    const list = remedies(refused);
    expect(list.map(({ text }) => text)).toEqual([
      'Send as a registered user, such as anna@example.com, instead of tool@elsewhere.org.',
      'Let the client present a name in example.com in HELO or EHLO, such as mail.example.com. And: Allow any sender (not recommended: more open to abuse) in the setting "Offices".',
      'Let the client authenticate inside TLS as a registered user, such as anna@example.com. And: Allow any sender (not recommended: more open to abuse) in the setting "Offices".',
    ]);
    expect(list.at(-2)).toMatchObject({ side: 'settings', change: [{ path: '/settings/0/allowedSenders' }] });
  });
  test('where HELO vouches already, any sender alone is enough · SND-1', () => {
    const vouched = { ...refused, session: session({ heloName: 'mail.example.com' }) };
    expect(remedies(vouched).some(({ text }) => text.includes(' And: '))).toBe(false);
  });
});

describe('a client whose user was suspended or removed since it signed in', () => {
  const signedIn = session({ tls: tls13, authenticatedAs: 'former@example.com' as AddressKey });
  test('signs in as somebody who is active, or the suspension is lifted · AUT-6', () => {
    const refused = situation({ stage: 'mail', session: signedIn });
    expect(judge(refused, outlook())).toMatchObject({ rule: 'AUT-6' });
    expect(texts(remedies(refused))).toEqual([
      'client: Let the client authenticate inside TLS as a registered user, such as anna@example.com.',
      'settings: Lift the suspension of former@example.com.',
    ]);
  });
});

describe('two things at once', () => {
  test('take a pair: a foreign sender from an address that is not listed · AUT-1 · IDN-1', () => {
    const refused = situation({
      session: session({ clientAddress: '192.0.2.9', heloName: '[192.168.1.176]' }),
      envelope: { reversePath: 'tool@elsewhere.org', forwardPaths: ['a@elsewhere.org'] },
    });
    const list = remedies(refused);
    expect(list.length).toBeGreaterThan(0);
    expect(list[0]?.text).toContain(' And: ');
    expect(list.some(({ text }) => text.includes('List the address 192.0.2.9'))).toBe(true);
  });
});

describe('refusals at MAIL and RCPT', () => {
  test('plain text where TLS is required: start TLS, or do without · PRT-4', () => {
    const text = yaml.replace('description: Offices', 'description: Offices\n    requireTls: true');
    const list = remedies(situation({ stage: 'mail' }, text));
    expect(list.map(({ side }) => side)).toEqual(['client', 'client', 'settings']);
    expect(
      underChange(situation({ stage: 'mail' }, text), list[2] ?? { side: 'settings', text: '' }, text),
    ).toBe('accepted');
  });
  test('587 without authentication: authenticate, or use 25, or let addresses do · AUT-4', () => {
    const list = remedies(
      situation({ stage: 'mail', session: session({ portRole: 'submission', tls: tls13 }) }),
    );
    expect(list.map(({ text }) => text.split(' ').slice(0, 4).join(' '))).toEqual([
      'Let the client authenticate',
      'Let the client connect',
      'Let ports 465 and',
    ]);
  });
  test('the null sender’s second recipient: one recipient in each transaction · ENV-2', () => {
    const list = remedies(
      situation({ stage: 'rcpt', envelope: { reversePath: '', forwardPaths: ['a@elsewhere.org'] } }),
    );
    expect(texts(list)).toEqual([
      'client: Send to one recipient in each transaction: the null sender takes exactly one.',
    ]);
  });
  test('a message declared too large: a smaller one · RFC-1870', () => {
    expect(texts(remedies(situation({ stage: 'mail', declaredBytes: 99_999_999 })))).toEqual([
      'client: Send a message of at most 35,882,577 bytes.',
    ]);
  });
});

describe('quotas', () => {
  function afterSending(recipients: number, text: string) {
    const counts = createQuotaCounts();
    const demand = {
      user: 'anna@example.com' as AddressKey,
      recipients: Array.from({ length: recipients }, (_, i) => `r${i}@elsewhere.org` as AddressKey),
    };
    counts.charge(counts.reserve(demand, now - 60_000), now - 60_000);
    return { counts, refused: situation({ at: now }, text) };
  }
  test('the customer’s peak: wait until a named moment, or have more licences · CQ-2', () => {
    const { counts, refused } = afterSending(900, yaml);
    const list = remedies(refused, counts);
    expect(list.map(({ side }) => side)).toEqual(['wait', 'settings']);
    expect(list[0]).toMatchObject({ until: new Date(now + 540_000).toISOString() });
    expect(list[1]).toMatchObject({ change: [{ op: 'add', path: '/customer/licences', value: 101 }] });
  });
  test('a limit of the bench file can be raised there · CQ-1', () => {
    const { counts, refused } = afterSending(5, `${yaml}limits: { customerRecipientsPerDay: 5 }\n`);
    expect(remedies(refused, counts).at(-1)).toMatchObject({
      text: 'Raise limits.customerRecipientsPerDay of the bench file to 6 or more.',
      change: [{ op: 'add', path: '/limits/customerRecipientsPerDay', value: 6 }],
    });
  });
  test('fewer recipients, where some would fit · CQ-1', () => {
    const { counts, refused } = afterSending(5, `${yaml}limits: { customerRecipientsPerDay: 7 }\n`);
    const many = {
      ...refused,
      envelope: { ...refused.envelope, forwardPaths: ['a@x.org', 'b@x.org', 'c@x.org'] },
    };
    expect(texts(remedies(many, counts))[0]).toBe('client: Send to at most 2 recipients now; 3 do not fit.');
  });
  test('a message that alone is more than the peak: smaller ones, or a higher limit; waiting is no use · CQ-2', () => {
    const large = {
      reversePath: 'anna@example.com',
      forwardPaths: Array.from({ length: 1_000 }, (_, index) => `to${index}@x.org`),
    };
    const told = (used: number) => {
      const { counts, refused } = afterSending(used, yaml);
      return remedies({ ...refused, envelope: large }, counts);
    };
    const places = (used: number) =>
      `Have ${used} licences or more instead of 100: the limits grow with them.`;
    expect(texts(told(400))).toEqual([
      'client: Send to at most 900 recipients a message: 1,000 in one can never pass; 500 fit now.',
      `settings: ${places(156)}`,
    ]);
    const full = told(900);
    expect(texts(full)).toEqual([
      'client: Send to at most 900 recipients a message: 1,000 in one can never pass; the next place frees up at 2026-01-01 00:09:00 UTC.',
      `settings: ${places(212)}`,
    ]);
    expect(full[0]).toMatchObject({ until: new Date(now + 540_000).toISOString() });
  });
  test('an unpaid customer can pay · CQ-5', () => {
    const { counts, refused } = afterSending(
      50,
      yaml.replace('licences: 100', 'licences: 100, billing: unpaid'),
    );
    expect(texts(remedies(refused, counts))).toContain(
      'settings: Pay the invoice: that raises the relay limits.',
    );
  });
});

describe('a sender that is suspended for its spam', () => {
  const until = now + 3_600_000;
  const suspended = outlook(createQuotaCounts(), { sender: 'anna@example.com', until });
  const twoUsers = yaml.replace('users:', 'users:\n  - { address: bo@example.net }');
  test('can wait until that is over, or another user sends: nothing else helps · ABU-2', () => {
    const refused = situation({}, twoUsers);
    expect(judge(refused, suspended)).toMatchObject({ outcome: 'rejected', rule: 'ABU-2' });
    const { remedies: list } = findRemedies(refused, suspended);
    expect(texts(list)).toEqual([
      'client: Send as a registered user, such as bo@example.net, instead of anna@example.com.',
      'wait: Wait until 2026-01-01 01:00:00 UTC, when the suspension of the sender is over.',
    ]);
    expect(list[1]).toMatchObject({ until: new Date(until).toISOString() });
  });
  test('is told a whole second by which that is over · ABU-2', () => {
    const later = outlook(createQuotaCounts(), { sender: 'anna@example.com', until: until + 1 });
    expect(texts(findRemedies(situation({}, yaml), later).remedies).at(-1)).toBe(
      'wait: Wait until 2026-01-01 01:00:01 UTC, when the suspension of the sender is over.',
    );
  });
});

test('the legacy edition: a managed account · ORG-6', () => {
  const list = remedies(situation({}, yaml.replace('licences: 100', 'edition: legacy')));
  expect(texts(list)).toEqual([
    'settings: Move to a managed, paid account: the legacy edition has no relay service.',
  ]);
});

test('where nothing helps the list is empty, and the reason is one sentence', () => {
  const hopeless = situation(
    {
      session: session({ clientAddress: '192.0.2.9' }),
      envelope: { reversePath: 'tool@elsewhere.org', forwardPaths: ['a@elsewhere.org'] },
    },
    yaml.replace('licences: 100', 'edition: legacy'),
  );
  const { remedies: none, reason } = findRemedies(hopeless, outlook());
  expect(none).toEqual([]);
  expect(reason).toMatch(/^No known change .*\.$/);
});

test('every settings remedy, applied to the bench file itself, turns the refusal into a pass', () => {
  const sender = fc.constantFrom(
    '',
    'anna@example.com',
    'x@example.com',
    'former@example.com',
    'joe@elsewhere.org',
  );
  const address = fc.constantFrom('203.0.113.9', '198.51.100.7', '192.0.2.9', '2001:db8::7');
  const helo = fc.constantFrom('mail.example.com', 'mail.elsewhere.org', 'localhost');
  const role = fc.constantFrom('relay' as const, 'smtps' as const, 'submission' as const);
  const stage = fc.constantFrom('mail' as const, 'data' as const);
  const required = fc.record({ requireTls: fc.boolean(), smtpAuth: fc.boolean(), encrypted: fc.boolean() });
  fc.assert(
    fc.property(
      sender,
      address,
      helo,
      role,
      stage,
      required,
      (reversePath, clientAddress, heloName, portRole, at, needs) => {
        const text = yaml.replace(
          '    authentication:',
          `    requireTls: ${needs.requireTls}\n    authentication:\n      smtpAuth: ${needs.smtpAuth}`,
        );
        const asked = situation(
          {
            stage: at,
            session: session({ clientAddress, heloName, portRole, tls: needs.encrypted ? tls13 : null }),
            envelope: { reversePath, forwardPaths: ['a@elsewhere.org'] },
          },
          text,
        );
        if (judge(asked, outlook()).outcome === 'accepted') return;
        for (const remedy of findRemedies(asked, outlook()).remedies) {
          // Of two parts, both must be changes to the file for the file alone to bring the pass about.
          if (remedy.change?.length !== remedy.text.split(' And: ').length) continue;
          expect(underChange(asked, remedy, text), remedy.text).toBe('accepted');
        }
      },
    ),
  );
});

test('a change keeps the file’s comments, and is a JSON Patch on it read as JSON', () => {
  const { text: changed } = patched(`# mine\n${yaml}`, [
    { op: 'add', path: '/settings/0/authentication/ipRanges/-', value: { range: '192.0.2.1' } },
  ]);
  expect(changed).toMatch(/^# mine/);
  expect(parse(changed).settings[0].authentication.ipRanges.at(-1)).toEqual({ range: '192.0.2.1' });
});
