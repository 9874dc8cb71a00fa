/** Where a cursor stands in the bench file, what the schema says there, and what the file offers to the test sender. */
import { describe, expect, test } from 'vitest';
import { addressIn, suggestionsFrom } from '../../renderer/send/suggestions.ts';
import { changedLinesText } from '../../renderer/settings/changed-lines.ts';
import { isFirstLook, problemSentences } from '../../renderer/settings/problem-text.ts';
import { schemaLookup } from '../../renderer/settings/schema-lookup.ts';
import { lineOfPath, placeAt } from '../../renderer/settings/yaml-place.ts';
import { benchJsonSchema, benchYaml } from '../fixtures/pages/organisation.ts';

describe('the place of a cursor', () => {
  test.for([
    ['', { kind: 'key', path: [], typed: '' }],
    ['cust', { kind: 'key', path: [], typed: 'cust' }],
    ['customer:\n  na', { kind: 'key', path: ['customer'], typed: 'na' }],
    ['customer:\n  billing: pa', { kind: 'value', path: ['customer', 'billing'], typed: 'pa' }],
    ['customer:\n  name: X\nusers:\n  - addr', { kind: 'key', path: ['users', '[]'], typed: 'addr' }],
    ['users:\n  - address: a@b\n    sus', { kind: 'key', path: ['users', '[]'], typed: 'sus' }],
    ['users:\n- address: a@b\n- addr', { kind: 'key', path: ['users', '[]'], typed: 'addr' }],
    [
      'settings:\n  - description: x\n    authentication:\n      ipRanges:\n        - ra',
      { kind: 'key', path: ['settings', '[]', 'authentication', 'ipRanges', '[]'], typed: 'ra' },
    ],
    [
      'settings:\n  - authentication:\n      ipRanges:\n        - { description: x, ra',
      { kind: 'key', path: ['settings', '[]', 'authentication', 'ipRanges', '[]'], typed: 'ra' },
    ],
    ['listeners: { host: 127.0.0.1, re', { kind: 'key', path: ['listeners'], typed: 're' }],
    ['listeners: { host: 127.', { kind: 'value', path: ['listeners', 'host'], typed: '127.' }],
    ['# a comment: ', null],
    ['profile: g-suite # why: ', null],
  ] as const)('%s', ([before, place]) => {
    expect(placeAt(before)).toEqual(place);
  });

  test('a path leads to its line, or to its nearest parent’s', () => {
    const lines = benchYaml.split('\n');
    expect(lines[(lineOfPath(benchYaml, 'settings[1].allowedSenders') ?? 0) - 1]).toContain(
      'allowedSenders: any',
    );
    expect(lines[(lineOfPath(benchYaml, 'customer.licences.more') ?? 0) - 1]).toContain('licences');
    expect(lineOfPath(benchYaml, 'nowhere')).toBeNull();
  });
});

describe('the schema', () => {
  const schema = schemaLookup(benchJsonSchema);

  test('names the keys of a place, through references and lists', () => {
    expect(schema.keysAt(['users', '[]']).map(({ name }) => name)).toContain('suspended');
    expect(
      schema.keysAt(['settings', '[]', 'authentication', 'ipRanges', '[]']).map(({ name }) => name),
    ).toEqual(['description', 'range', 'enabled']);
  });

  test('names the values where they are few', () => {
    expect(schema.valuesAt(['profile'])).toEqual(['g-suite', 'workspace']);
    expect(schema.valuesAt(['settings', '[]', 'requireTls'])).toEqual(['true', 'false']);
    expect(schema.valuesAt(['customer', 'name'])).toEqual([]);
  });

  test('explains a key, with its default', () => {
    expect(schema.describe(['customer', 'billing'])).toEqual({
      name: 'billing',
      description: 'Changes the limits (CQ-5).',
      type: 'trial | unpaid | paid',
      value: '"paid"',
    });
    expect(schema.describe(['nowhere'])).toBeNull();
  });

  test('a schema that goes round in circles is read to an end', () => {
    const circle = schemaLookup({
      $ref: '#/$defs/a',
      $defs: { a: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'object', properties: { b: {} } }] } },
    });
    expect(circle.keysAt([]).map(({ name }) => name)).toEqual(['b']);
  });

  test('what is no schema offers nothing', () => {
    expect(schemaLookup('nonsense').keysAt([])).toEqual([]);
  });
});

describe('what is said of a draft', () => {
  test('what is wrong and what to do are two sentences, and a key keeps its small letter', () => {
    expect(
      problemSentences({ message: '"licenses" is no key of customer', hint: 'did you mean "licences"?' }),
    ).toEqual({ wrong: '"licenses" is no key of customer.', advice: 'Did you mean "licences"?' });
    expect(problemSentences({ message: 'profile must be one of g-suite, workspace, not "x"' })).toEqual({
      wrong: 'profile must be one of g-suite, workspace, not "x".',
      advice: null,
    });
    expect(problemSentences({ message: 'Cannot listen on 127.0.0.1 port 25: it is taken.' }).wrong).toBe(
      'Cannot listen on 127.0.0.1 port 25: it is taken.',
    );
  });

  test('more may show for as long as no value was looked at beside others', () => {
    const problem = (code: string) => ({ code, message: 'x' });
    expect(isFirstLook([problem('unknown-key'), problem('wrong-value')])).toBe(true);
    expect(isFirstLook([problem('contradiction')])).toBe(false);
    expect(isFirstLook([])).toBe(false);
  });

  test('lines that a change stands on, from the top', () => {
    expect(changedLinesText([{ from: 28, to: 28 }])).toBe('Line 28');
    expect(
      changedLinesText([
        { from: 31, to: 33 },
        { from: 19, to: 19 },
      ]),
    ).toBe('Lines 19 and 31 to 33');
  });
});

describe('what the bench file offers to the test sender', () => {
  test('a HELO name in ASCII where the domain is not', () => {
    const { heloName } = suggestionsFrom('customer: { primaryDomain: Bücher.example }');
    expect(heloName).toBe('mail.xn--bcher-kva.example');
  });

  test('active users, an address that is listed, a HELO name of the domain', () => {
    expect(suggestionsFrom(benchYaml)).toEqual({
      senders: ['anna@example.com', 'carin@example.com'],
      addresses: ['203.0.113.1', '198.51.0.1'],
      heloName: 'mail.example.com',
    });
  });

  test('a range offers an address inside it, a single address itself', () => {
    expect(['203.0.113.0/28', '203.0.113.9', '203.0.113.9/32', '2001:db8::/112'].map(addressIn)).toEqual([
      '203.0.113.1',
      '203.0.113.9',
      '203.0.113.9',
      '2001:db8::',
    ]);
  });

  test('a file that cannot be read offers nothing', () => {
    expect(suggestionsFrom('users: [').senders).toEqual([]);
    expect(suggestionsFrom('users: 5').senders).toEqual([]);
  });
});
