/** Reading the bench file: what is wrong is told with its line, its key and the fix. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import committedSchema from '../../relay-core/bench-file/bench-file.schema.json' with { type: 'json' };
import { exampleBenchFile, isExampleDomain } from '../../relay-core/bench-file/example.ts';
import { benchFileJsonSchema } from '../../relay-core/bench-file/json-schema.ts';
import { readBenchFile } from '../../relay-core/bench-file/read.ts';

const minimal = `customer:
  name: Example AB
  primaryDomain: example.com
users:
  - address: anna@example.com
settings:
  - authentication:
      ipRanges:
        - range: 203.0.113.0/28
`;

const manyElsewhere = (users: number): string =>
  `users:\n${Array.from({ length: users }, (_, i) => `  - address: u${i}@elsewhere.org`).join('\n')}`;

function problems(text: string) {
  const reading = readBenchFile(text);
  return reading.outcome === 'read' ? [] : reading.problems;
}

function read(text: string) {
  const reading = readBenchFile(text);
  if (reading.outcome === 'problems') throw new Error(JSON.stringify(reading.problems));
  return reading.file;
}

/** Nothing is left to its default. */
const everyKey = `
customer:
  name: Example AB
  primaryDomain: example.com
  domains: [example.net]
  domainAliases: [example.org]
  licences: 100
  edition: basic
  billing: paid
  superAdmin: admin@example.com
  mailStorage: false
  vault: true
  organisationalUnits: [/Sales, { path: /Support, mailStorage: true }]
users:
  - address: anna@example.com
    aliases: [a.svensson@example.com]
    password: correct horse
    accessToken: ya29.token
    organisationalUnit: /Sales
  - { address: bo@example.net, suspended: true }
  - { address: admin@example.com }
settings:
  - description: Office servers
    enabled: true
    allowedSenders: registered-users
    authentication:
      ipRanges: [{ description: Head office, range: 203.0.113.0/28, enabled: true }]
      smtpAuth: false
    requireTls: false
propagationMinutes: 60
listeners: { host: 127.0.0.1, relay: 2525, smtps: 4465, submission: 5587, proxy: 2626 }
profile: workspace
submissionPortsNeedAuth: false
refuseGenericHelo: always
limits:
  userMessagesPerDay: 10000
  userUniqueRecipientsPerDay: 13000
  customerRecipientsPerDay: 13000
  customerRecipientsPerTenMinutes: 900
  recipientsPerTransaction: 1000
  messageBytes: 35882577
  genericHeloPerMinute: 20
  connectionsPerMinute: 600
  connectionsAtOnce: 100
filtering:
  spamassassin: { host: 127.0.0.1, port: 783, timeoutMs: 10000 }
  clamav: { host: 127.0.0.1, port: 3310, timeoutMs: 10000 }
  whenScannerFails: pass
  compliance:
    - { description: Footer, match: body, pattern: '.', action: footer, footer: Example AB }
store: { synchronous: full }
`;

describe('a good file', () => {
  test('needs customer, users and settings only; all else has its default', () => {
    const file = read(minimal);
    expect(file.customer).toMatchObject({
      licences: 100,
      edition: 'basic',
      billing: 'paid',
      domains: [],
      mailStorage: false,
    });
    expect(file.settings[0]).toMatchObject({
      enabled: true,
      allowedSenders: 'registered-users',
      requireTls: false,
    });
    expect(file.listeners).toEqual({
      host: '127.0.0.1',
      relay: 2525,
      smtps: 4465,
      submission: 5587,
      proxy: null,
    });
    expect(file).toMatchObject({
      profile: 'g-suite',
      refuseGenericHelo: 'rate',
      propagationMinutes: 0,
      store: { synchronous: 'normal' },
    });
  });
  test('may have every key of the design', () => {
    const { customer, users, settings, ...rest } = read(everyKey);
    expect(customer).toMatchObject({
      domains: ['example.net'],
      domainAliases: ['example.org'],
      edition: 'basic',
      vault: true,
      organisationalUnits: [{ path: '/Sales' }, { path: '/Support', mailStorage: true }],
    });
    expect(users[0]).toMatchObject({ aliases: ['a.svensson@example.com'], organisationalUnit: '/Sales' });
    expect(settings[0]).toMatchObject({ enabled: true, requireTls: false });
    expect(rest).toMatchObject({
      propagationMinutes: 60,
      listeners: { proxy: 2626 },
      submissionPortsNeedAuth: false,
      refuseGenericHelo: 'always',
      limits: { genericHeloPerMinute: 20, connectionsPerMinute: 600, connectionsAtOnce: 100 },
      filtering: { whenScannerFails: 'pass', clamav: { port: 3310 } },
      store: { synchronous: 'full' },
    });
  });
  test('the example organisation is one, and is known for an example', () => {
    const file = read(exampleBenchFile);
    expect(file.customer.licences).toBe(100);
    expect(isExampleDomain(file.customer.primaryDomain)).toBe(true);
    expect(isExampleDomain('example-industries.com')).toBe(false);
  });
  test('the committed JSON Schema is the one the keys give: run `npm run schema` when this fails', () => {
    expect(committedSchema).toEqual(JSON.parse(JSON.stringify(benchFileJsonSchema())));
  });
});

describe('what is wrong is named with line, key and fix', () => {
  const cases: readonly (readonly [string, string, object])[] = [
    [
      'an unknown key, with the nearest known one',
      minimal.replace('primaryDomain', 'primryDomain'),
      { line: 3, path: 'customer.primryDomain', hint: 'did you mean "primaryDomain"?' },
    ],
    [
      'an unknown key that is like none, with those known',
      `${minimal}colour: red\n`,
      { line: 10, path: 'colour', hint: expect.stringContaining('known keys: customer, users') },
    ],
    [
      'a wrong choice',
      `${minimal}profile: gsuite\n`,
      { line: 10, path: 'profile', hint: 'did you mean "g-suite"?' },
    ],
    [
      'a wrong type',
      `${minimal}propagationMinutes: soon\n`,
      { line: 10, message: 'propagationMinutes must be a number, not "soon"' },
    ],
    [
      'a number where text is meant',
      minimal.replace('Example AB', '42'),
      { line: 2, hint: 'write it in quotes: "42"' },
    ],
    [
      'a value out of bounds',
      `${minimal}propagationMinutes: 61\n`,
      { line: 10, message: 'propagationMinutes is too large: at most 60' },
    ],
    ['broken YAML', `${minimal}profile: [\n`, { code: 'syntax', line: 11 }],
    [
      'a key that stands twice',
      `${minimal}users: []\n`,
      { code: 'syntax', line: 10, message: 'the key "users" stands here twice' },
    ],
    [
      'a key that stands twice inside a list, on one line',
      `${minimal}listeners: { relay: 2525, proxy: 26, relay: 2526 }\n`,
      { code: 'syntax', line: 10, column: 38 },
    ],
    [
      'half a character, which would be another one on disk',
      minimal.replace('Example AB', 'Example \ud83d\ude00 # \udc00'),
      { code: 'syntax', line: 2, column: 22, hint: expect.stringContaining('write the character anew') },
    ],
    [
      'a missing part',
      'customer: { name: X, primaryDomain: example.com }\nusers: []\n',
      { path: 'settings', hint: 'add the key "settings"' },
    ],
    ['an empty file', '', { message: 'the file is empty' }],
    [
      'a setting with neither box · SET-3',
      minimal.replace(/ipRanges:[\s\S]*/, 'smtpAuth: false\n'),
      { line: 8, path: 'settings[0].authentication', hint: expect.stringContaining('SET-3') },
    ],
    [
      'the IP box without an entry · SET-4',
      minimal.replace(/ipRanges:[\s\S]*/, 'ipRanges: []\n'),
      { line: 8, path: 'settings[0].authentication.ipRanges' },
    ],
    [
      'a range with host bits · SET-4',
      minimal.replace('203.0.113.0/28', '203.0.113.4/28'),
      { line: 9, hint: 'write 203.0.113.0/28' },
    ],
    [
      'a user outside the domains',
      minimal.replace('anna@example.com', 'anna@exmple.com'),
      { line: 5, path: 'users[0].address' },
    ],
    [
      'an address that two users claim',
      minimal.replace('settings:', '  - address: ANNA@example.com\nsettings:'),
      { line: 6, message: expect.stringContaining('users[0].address already') },
    ],
    [
      'alerts to gmail.com · ORG-2',
      minimal.replace('users:', '  superAdmin: boss@gmail.com\nusers:'),
      { path: 'customer.superAdmin', message: expect.stringContaining('never sent to gmail.com') },
    ],
    [
      'relay settings in a sub-unit · ORG-4',
      minimal.replace('users:', '  organisationalUnits:\n    - path: /Sales\n      settings: []\nusers:'),
      {
        line: 6,
        path: 'customer.organisationalUnits[0].settings',
        message: expect.stringContaining('at the root organisational unit only'),
        hint: expect.stringContaining('every unit inherits'),
      },
    ],
    [
      'an organisational unit listed twice',
      minimal.replace(
        'users:',
        '  organisationalUnits: [/Sales, { path: /Sales, mailStorage: true }]\nusers:',
      ),
      { path: 'customer.organisationalUnits[1]', message: expect.stringContaining('listed already') },
    ],
    [
      'the root as a unit of its own',
      minimal.replace('users:', '  organisationalUnits: [{ path: /, mailStorage: true }]\nusers:'),
      { path: 'customer.organisationalUnits[0]', hint: expect.stringContaining('customer.mailStorage') },
    ],
    [
      'a unit with an empty part',
      minimal.replace('users:', '  organisationalUnits: [/Sales//North]\nusers:'),
      { path: 'customer.organisationalUnits[0]', hint: expect.stringContaining('/Sales/North') },
    ],
    [
      'a port used twice · PRT-3',
      `${minimal}listeners: { relay: 2525, smtps: 2525 }\n`,
      { path: 'listeners.smtps' },
    ],
    [
      'a password beside its hash',
      minimal.replace(
        'anna@example.com',
        'anna@example.com\n    password: a\n    passwordHash: $scrypt$ln=14,r=8,p=1$YQ$YQ',
      ),
      { path: 'users[0].password' },
    ],
    [
      'a compliance pattern that is none',
      `${minimal}filtering: { compliance: [{ match: body, pattern: "(", action: reject }] }\n`,
      { path: 'filtering.compliance[0].pattern' },
    ],
  ];
  test.each(cases)('%s', (_what, text, expected) => {
    expect(problems(text)[0]).toMatchObject(expected);
  });
  test('all problems are told at once', () => {
    expect(problems(`${minimal}colour: red\nshape: round\nprofile: x\n`)).toHaveLength(3);
  });
  test.each([
    ['keys that nobody knows', Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['keys that stand twice', Array.from({ length: 5_001 }, () => 'k: 1').join('\n')],
    [
      'users in no domain',
      `${minimal}\n`.replace('users:\n  - address: anna@example.com', manyElsewhere(5_000)),
    ],
  ])('of thousands of problems the first hundred are told, and how many there are: %s', (_, text) => {
    const told = problems(text);
    expect(told).toHaveLength(101);
    expect(told[99]).toMatchObject({ line: expect.any(Number) });
    expect(told[100]).toMatchObject({ message: expect.stringMatching(/^4,90[03] more problems/) });
  });
});

describe('hostile input gets one clear answer', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['huge', `${minimal}# ${'x'.repeat(5 * 1024 * 1024)}`],
    ['deep in brackets', '['.repeat(200_000)],
    ['deep in lists', `${'- '.repeat(50_000)}x`],
    [
      'full of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `b${i}: &b${i} [${`*${i === 0 ? 'a' : `b${i - 1}`},`.repeat(9)}]`).join('\n')}`,
    ],
    ['referring to itself', 'customer: &c { name: *c }'],
  ];
  test.each(hostile)('%s', (_what, text) => {
    expect(problems(text).length).toBeGreaterThan(0);
  });
  test('any text is either read or answered with problems', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(problems(text)).not.toHaveLength(0);
      }),
    );
  });
});
