/** Long bench files: read as short ones are, while SMTP goes on. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareBenchFile, preparedHere } from '../../relay-core/bench-file/prepare.ts';

/** The file of an organisation with so many users, of whom the first has a password. */
function benchFile(users: number, more = ''): string {
  const others = Array.from({ length: users - 1 }, (_, index) => `  - address: user${index}@example.com\n`);
  return [
    'customer: { name: Example AB, primaryDomain: example.com, licences: 40000 }\n',
    'settings: [{ authentication: { smtpAuth: true } }] # one for all\n',
    'users:\n  - { address: anna@example.com, password: battery staple }\n',
    ...others,
    more,
  ].join('');
}

test('a long file has the same content as when it is read here', async () => {
  const text = benchFile(2_000);
  const aside = await prepareBenchFile(text, 'looking');
  expect(aside).toEqual(await preparedHere({ text, readFor: 'looking' }));
  expect(aside).toMatchObject({ outcome: 'prepared', yaml: text, replaced: false });
});

test('a long file to be kept has hashes for its secrets, and its layout', async () => {
  const text = benchFile(2_000);
  const prepared = await prepareBenchFile(text, 'keeping');
  if (prepared.outcome !== 'prepared') throw new Error('the file has problems');
  expect(prepared.replaced).toBe(true);
  expect(prepared.yaml).not.toContain('battery staple');
  expect(prepared.yaml).toContain('# one for all');
  expect(prepared.file.users).toHaveLength(2_000);
  expect(prepared.file.users[0]).toHaveProperty('passwordHash');
});

test('problems of a long file come with line, key and fix', async () => {
  expect(await prepareBenchFile(benchFile(2_000, 'setings: []\n'), 'looking')).toMatchObject({
    outcome: 'problems',
    problems: [{ line: 2_004, path: 'setings', hint: expect.stringContaining('settings') }],
  });
});

test('the event loop turns while a long file is read', async () => {
  let isRead = false;
  const reading = prepareBenchFile(benchFile(5_000), 'looking').then(() => {
    isRead = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(isRead).toBe(false);
  await reading;
});
