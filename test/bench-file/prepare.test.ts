/** Long bench files: read as short ones are, while SMTP goes on. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareBenchFile, preparedHere } from '../../relay-core/bench-file/prepare.ts';
import { knownHashes, nothingKnown } from '../../relay-core/bench-file/secrets.ts';
import { hashSecret } from '../../relay-core/credentials/secret-hash.ts';

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
  expect(aside).toEqual(await preparedHere({ text, readFor: 'looking', known: nothingKnown }));
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

test('a secret that its user has already keeps its hash, and one that is new gets one', async () => {
  const text = benchFile(2_000).replace('user7@example.com', 'user7@example.com\n    accessToken: t');
  const first = await prepareBenchFile(text, 'keeping');
  if (first.outcome !== 'prepared') throw new Error('the file has problems');
  const changed = text.replace('accessToken: t', 'accessToken: other');
  const again = await prepareBenchFile(changed, 'keeping', () => knownHashes(first.file.users));
  if (again.outcome !== 'prepared') throw new Error('the file has problems');
  expect(again.file.users[0]).toEqual(first.file.users[0]);
  expect(again.file.users[8]?.accessTokenHash).toMatch(/^\$scrypt/);
  expect(again.file.users[8]?.accessTokenHash).not.toBe(first.file.users[8]?.accessTokenHash);
});

test('hashes of users who may sign in meanwhile do not wait for all those of a file', async () => {
  const text = benchFile(41).replace(/(user\d+@example\.com)/g, '$1\n    password: battery staple');
  let isHashed = false;
  const hashing = prepareBenchFile(text, 'keeping').then(() => {
    isHashed = true;
  });
  for (let signedIn = 0; signedIn < 3; signedIn += 1) await hashSecret('correct horse');
  expect(isHashed).toBe(false);
  await hashing;
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
