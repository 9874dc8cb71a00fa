/** Credentials against the organisation's users (AUT-6). */
import { describe, expect, test } from 'vitest';
import { readBench } from '../../relay-core/bench-file/running-bench.ts';
import { hashSecret, matchesHash } from '../../relay-core/credentials/secret-hash.ts';
import { createSignIn } from '../../relay-core/credentials/sign-in.ts';
import type { SecretHash } from '../../relay-core/organisation/types.ts';
import type { Credentials } from '../../relay-core/relay/types.ts';

const yaml = `
customer: { name: Example AB, primaryDomain: example.com }
users:
  - { address: anna@example.com, aliases: [a@example.com], password: correct horse, accessToken: ya29.token }
  - { address: former@example.com, password: correct horse, suspended: true }
  - { address: none@example.com }
settings: [{ authentication: { smtpAuth: true } }]
`;

async function organisation() {
  const reading = await readBench(yaml);
  if (reading.outcome === 'problems') throw new Error(reading.problems[0].message);
  return reading.bench.configuration.organisation;
}

const password = (user: string, secret: string): Credentials => ({
  kind: 'password',
  mechanism: 'PLAIN',
  user,
  password: secret,
});

describe('signing in', () => {
  test('takes the user’s password, by main address and alias, again and again · AUT-2', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    for (const user of ['anna@example.com', 'ANNA@example.com', 'a@example.com', 'anna@example.com']) {
      expect((await signIn(known, password(user, 'correct horse')))?.address).toBe('anna@example.com');
    }
  });
  test('takes the access token for the token mechanisms, and never one for the other · AUT-2', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    const token = (secret: string): Credentials => ({
      kind: 'token',
      mechanism: 'XOAUTH2',
      user: 'anna@example.com',
      token: secret,
    });
    expect((await signIn(known, token('ya29.token')))?.address).toBe('anna@example.com');
    expect(await signIn(known, token('correct horse'))).toBeNull();
    expect(await signIn(known, password('anna@example.com', 'ya29.token'))).toBeNull();
  });
  test('a wrong password, an unknown, a suspended user and one without password look the same · AUT-6', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    const attempts = [
      password('anna@example.com', 'wrong'),
      password('nobody@example.com', 'correct horse'),
      password('former@example.com', 'correct horse'),
      password('none@example.com', ''),
    ];
    for (const attempt of attempts) expect(await signIn(known, attempt)).toBeNull();
  });
});

describe('hashes', () => {
  test('are salted: the same secret twice gives two hashes, both of which match', async () => {
    const [first, second] = await Promise.all([hashSecret('räksmörgås'), hashSecret('räksmörgås')]);
    expect(first).not.toBe(second);
    expect(await matchesHash(second, 'räksmörgås')).toBe(true);
    expect(await matchesHash(first, 'raksmorgas')).toBe(false);
  });
  test('that ask for too much memory match nothing', async () => {
    expect(await matchesHash('$scrypt$ln=30,r=99,p=1$c2FsdA$aGFzaA' as SecretHash, 'x')).toBe(false);
  });
});
