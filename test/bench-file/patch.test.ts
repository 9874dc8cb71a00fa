/** A change laid on the text of a bench file: what it says, and what is left of the writer's own hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { draftWith } from '../../relay-core/bench-file/draft.ts';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { patched } from '../../relay-core/bench-file/patch.ts';
import { withOperation } from '../../relay-core/bench-file/patch-value.ts';
import type { PatchOperation } from '../../relay-core/contract/index.ts';

const add = (path: string, value: PatchOperation['value']): PatchOperation => ({ op: 'add', path, value });

/** The lines of `after` that `before` has not, and the other way round, by their place from both ends. */
function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end))
    end++;
  return { gone: old.slice(start, old.length - end), come: fresh.slice(start, fresh.length - end) };
}

/** As people write: odd blanks, quotes and breaks, comments between and behind, no line end at the end. */
const handWritten = `# ours
customer:   { name: "Example",primaryDomain: example.com,   domains: [example.net] } # keep

users:
- address:  a@example.com   # first
  aliases: [ b@example.com,
    c@example.com ]
# - address: old@example.com
- { address: 'd@example.com' }

settings:
    - authentication:
          ipRanges:
          - {range: 203.0.113.0/28} # office
          # - {range: 192.0.2.0/28}
      contentRules:
          - name: x
            footer: |
                two
                lines

      requireTls:   true
profile: workspace`;

interface Row {
  readonly what: string;
  readonly operation: PatchOperation;
  /** Lines of the file that are no more, and those in their place. */
  readonly gone: string[];
  readonly come: string[];
}

const row = (what: string, operation: PatchOperation, gone: string[], come: string[]): Row => ({
  what,
  operation,
  gone,
  come,
});

describe('a change leaves all other text as it was, and says where it stands', () => {
  test.for([
    row(
      'a value',
      add('/settings/0/requireTls', false),
      ['      requireTls:   true'],
      ['      requireTls:   false'],
    ),
    row(
      'an entry of a list in lines',
      add('/settings/0/authentication/ipRanges/-', { range: '192.0.2.1' }),
      [],
      ['          - {range: 192.0.2.1}'],
    ),
    row(
      'a key of a group in brackets',
      add('/settings/0/authentication/ipRanges/0/enabled', true),
      ['          - {range: 203.0.113.0/28} # office'],
      ['          - {range: 203.0.113.0/28, enabled: true} # office'],
    ),
    row(
      'a list in brackets that grows',
      add('/customer/domains', ['example.net', 'example.org']),
      ['customer:   { name: "Example",primaryDomain: example.com,   domains: [example.net] } # keep'],
      [
        'customer:   { name: "Example",primaryDomain: example.com,   domains: [example.net, example.org] } # keep',
      ],
    ),
    row('a user', add('/users/-', { address: 'e@example.com' }), [], ['- { address: e@example.com }']),
    row('a key of a user', add('/users/0/suspended', true), [], ['  suspended: true']),
    row(
      'a key behind a block of text',
      add('/settings/0/contentRules/0/enabled', false),
      [],
      ['            enabled: false'],
    ),
    row(
      'a block of text',
      add('/settings/0/contentRules/0/footer', 'one'),
      ['            footer: |', '                two', '                lines'],
      ['            footer: one'],
    ),
    row('a key of the file', add('/submissionPortsNeedAuth', false), [], ['submissionPortsNeedAuth: false']),
    row(
      'a group that is missing',
      add('/limits/messageBytes', 5_000_000),
      [],
      ['limits:', '  messageBytes: 5000000'],
    ),
    row(
      'a list that is missing',
      add('/settings/0/heloDomains/-', 'example.org'),
      [],
      ['      heloDomains:', '        - example.org'],
    ),
    row(
      'an entry before another',
      add('/users/0', { address: 'z@example.com' }),
      [],
      ['- address: z@example.com'],
    ),
    row('a value that goes', { op: 'remove', path: '/users/1' }, ["- { address: 'd@example.com' }"], []),
    row(
      'an entry that goes out of brackets',
      { op: 'remove', path: '/users/0/aliases/0' },
      ['  aliases: [ b@example.com,', '    c@example.com ]'],
      ['  aliases: [ c@example.com ]'],
    ),
    row(
      'a key that goes from a dash',
      { op: 'remove', path: '/users/0/address' },
      ['- address:  a@example.com   # first', '  aliases: [ b@example.com,'],
      ['- aliases: [ b@example.com,'],
    ),
  ])('$what', ({ operation, gone, come }) => {
    const { text, lines } = patched(handWritten, [operation]);
    expect(difference(handWritten, text)).toEqual({ gone, come });
    expect(parse(text)).toEqual(withOperation(parse(handWritten), operation));
    const named = text
      .split('\n')
      .filter((_, index) => lines.some(({ from, to }) => from <= index + 1 && index + 1 <= to));
    if (operation.op === 'add') expect(named).toEqual(come);
  });

  test('its line ends too', () => {
    const windows = exampleBenchFile.replaceAll('\n', '\r\n');
    const change = [add('/users/-', { address: 'x@example.com' }), add('/limits/messageBytes', 5_000_000)];
    const { text } = patched(windows, change);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.replaceAll('\r\n', '\n')).toBe(patched(exampleBenchFile, change).text);
  });

  test('changes one after the other, the second where the first has moved it to', () => {
    const { text, lines } = patched(exampleBenchFile, [
      add('/settings/1/requireTls', false),
      add('/users/-', { address: 'x@example.com' }),
      add('/users/0', { address: 'y@example.com' }),
    ]);
    const written = text.split('\n');
    expect(lines.map(({ from }) => written[from - 1]?.trim())).toEqual([
      'requireTls: false',
      '- address: x@example.com',
      '- address: y@example.com',
    ]);
  });

  test('where no piece of the text can hold it, what it says counts for more than how the file looks', () => {
    const odd = '# ours\n? users\n: - address: a@example.com\n';
    const { text } = patched(odd, [{ op: 'remove', path: '/users/0' }]);
    expect(parse(text)).toEqual({ users: [] });
    expect(text).toContain('# ours');
  });

  test('a path through what is no group and no list is refused', () => {
    expect(() => patched(exampleBenchFile, [add('/profile/x', 1)])).toThrow();
    expect(() => patched(exampleBenchFile, [add('/users/9', { address: 'x@example.com' })])).toThrow();
  });
});

const word = fc.stringMatching(/^[a-z]{1,6}$/);
const scalar = fc.oneof(
  word,
  fc.integer({ min: 0, max: 999 }),
  fc.boolean(),
  fc.constantFrom('::1', 'a: b', '# x', 'a, b', '', 'two\nlines', '- x'),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(word, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** A pointer to some place in a value, and its end: there, or a new one. */
function pointerInto(value: unknown, choices: readonly number[]): string {
  const [choice = 0, ...others] = choices;
  if (typeof value !== 'object' || value === null || choices.length === 0) return '';
  const keys = Object.keys(value);
  if (choice % 4 === 0 || keys.length === 0) return Array.isArray(value) ? '/-' : '/fresh';
  const key = keys[choice % keys.length] ?? '';
  return `/${key}${pointerInto(new Map(Object.entries(value)).get(key), others)}`;
}

test('whatever the file and the change, the file says afterwards what RFC 6902 says it should', () => {
  fc.assert(
    fc.property(
      fc.dictionary(word, anyValue, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
      fc.constantFrom<object>({}, { collectionStyle: 'flow' }, { indent: 4 }, { indentSeq: false }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('add' as const, 'replace' as const, 'remove' as const),
      anyValue,
      (file, style, choices, op, fresh) => {
        const path = pointerInto(file, choices);
        if (op !== 'add' && /\/(?:-|fresh)$/.test(path)) return;
        const operation: PatchOperation = { op, path, value: JSON.parse(JSON.stringify(fresh)) };
        const text = stringify(file, { lineWidth: 60, ...style });
        expect(parse(patched(text, [operation]).text)).toEqual(withOperation(file, operation));
      },
    ),
    { numRuns: 400 },
  );
});

describe('a draft that has edits already', () => {
  const change = [add('/settings/1/requireTls', false)];
  const running = exampleBenchFile.replace(/ {4}password: .*\n/, '');
  const drafted = (draft: string) => draftWith({ running, draft, change });

  test('takes the change beside them', async () => {
    const draft = running.replace('licences: 100', 'licences: 250');
    expect(await drafted(draft)).toEqual({
      outcome: 'drafted',
      text: draft.replace('requireTls: true', 'requireTls: false'),
      lines: [{ from: 31, to: 31 }],
    });
  });

  test('takes a second change, whatever the first has added', async () => {
    const first = await draftWith({
      running,
      draft: running,
      change: [add('/users/-', { address: 'x@example.com' })],
    });
    const draft = first.outcome === 'drafted' ? first.text : '';
    expect(await drafted(draft)).toMatchObject({ outcome: 'drafted', lines: [{ from: 32, to: 32 }] });
  });

  test('that cannot run is left alone, and the first thing wrong with it told', async () => {
    expect(await drafted(running.replace('licences:', 'licenses:'))).toMatchObject({
      outcome: 'problem',
      problem: { path: 'customer.licenses', line: 7 },
    });
  });

  test('that has another setting in the place of the change is left alone', async () => {
    const one = running.replace(/ {2}- description: Mail servers[\s\S]*?(?= {2}- description: App)/, '');
    expect(await drafted(one)).toEqual({ outcome: 'elsewhere', path: 'settings[1]' });
    const [before = '', after = ''] = running.split('settings:\n');
    const other = `${before}settings:\n  - description: New\n    authentication: { smtpAuth: true }\n${after}`;
    expect(await drafted(other)).toEqual({ outcome: 'elsewhere', path: 'settings[1]' });
  });

  test('that is long is worked on in a thread, with the same answer', async () => {
    const users = Array.from({ length: 1_000 }, (_, index) => `  - address: user-${index}@example.com\n`);
    const draft = running.replace('users:\n', `users:\n${users.join('')}`);
    expect(await drafted(draft)).toEqual({
      outcome: 'drafted',
      text: draft.replace('requireTls: true', 'requireTls: false'),
      lines: [{ from: 1_031, to: 1_031 }],
    });
  });
});
