/** Credentials against the organisation's users (AUT-6). */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readBench } from '../../relay-core/bench-file/running-bench.ts';
import { hashesAtOnce, hashSecret, matchesHash } from '../../relay-core/credentials/secret-hash.ts';
import { createSignIn, type SignIn, type SignInRefusal } from '../../relay-core/credentials/sign-in.ts';
import type { Organisation, SecretHash } from '../../relay-core/organisation/types.ts';
import type { Credentials } from '../../relay-core/relay/types.ts';

vi.mock('../../relay-core/credentials/secret-hash.ts', { spy: true });

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

const isAnna = { outcome: 'signed-in', user: { address: 'anna@example.com' } } as const;
const refused = (why: SignInRefusal) => ({ outcome: 'refused', why }) as const;

describe('signing in', () => {
  test('takes the user’s password, by main address and alias, again and again · AUT-2', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    for (const user of ['anna@example.com', 'ANNA@example.com', 'a@example.com', 'anna@example.com']) {
      expect(await signIn(known, password(user, 'correct horse'))).toMatchObject(isAnna);
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
    expect(await signIn(known, token('ya29.token'))).toMatchObject(isAnna);
    expect(await signIn(known, token('correct horse'))).toEqual(refused('wrong-secret'));
    expect(await signIn(known, password('anna@example.com', 'ya29.token'))).toEqual(refused('wrong-secret'));
  });
  test('says which it was: a wrong password, no such user, a suspended one, one without password · AUT-6', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    const attempts = [
      ['anna@example.com', 'wrong', 'wrong-secret'],
      ['nobody@example.com', 'correct horse', 'no-such-user'],
      ['former@example.com', 'correct horse', 'suspended'],
      ['former@example.com', 'wrong', 'suspended'],
      ['none@example.com', '', 'no-secret'],
    ] as const;
    for (const [user, secret, why] of attempts)
      expect(await signIn(known, password(user, secret))).toEqual(refused(why));
  });
  test('computes one hash for every reason, so that its time does not tell them apart · AUT-6', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    const attempts = ['anna@example.com', 'nobody@example.com', 'former@example.com', 'none@example.com'];
    for (const user of attempts) {
      vi.mocked(matchesHash).mockClear();
      await signIn(known, password(user, 'wrong'));
      expect(matchesHash).toHaveBeenCalledTimes(1);
    }
  });
});

describe('many sign-ins at once', () => {
  /** As many that are wrong, each for a hash that takes until `release`; how many hashes ran at once at the most. */
  function wrongOnes(count: number, signIn: SignIn, known: Organisation) {
    let [running, most] = [0, 0];
    const released: (() => void)[] = [];
    vi.mocked(matchesHash).mockImplementation(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => released.push(resolve));
      running -= 1;
      return false;
    });
    const users = ['anna@example.com', 'nobody@example.com', 'former@example.com', 'none@example.com'];
    const answers = Array.from({ length: count }, (_, number) =>
      signIn(known, password(users[number % users.length] ?? '', `wrong ${number}`)),
    );
    const release = async () => {
      const all = Promise.all(answers);
      const done = all.then(() => true);
      while (!(await Promise.race([done, new Promise((resolve) => setImmediate(resolve))])))
        for (const each of released.splice(0)) each();
      return all;
    };
    return { release, most: () => most };
  }
  afterEach(() => vi.mocked(matchesHash).mockRestore());

  test('take two of the threads that hash, and read files, at the most', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    const { release, most } = wrongOnes(40, signIn, known);
    expect(await release()).toHaveLength(40);
    expect(most()).toBe(hashesAtOnce);
    expect(hashesAtOnce).toBeLessThanOrEqual(2);
  });
  test('wait in line, fifty of them; those behind are refused at once, whoever they are · AUT-6', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    await signIn(known, password('anna@example.com', 'correct horse'));
    const { release } = wrongOnes(hashesAtOnce + 50, signIn, known);
    for (const user of ['anna@example.com', 'nobody@example.com', 'former@example.com', 'none@example.com'])
      expect(await signIn(known, password(user, 'wrong'))).toEqual(refused('too-many-at-once'));
    // What has matched before needs no hash, and is not kept waiting.
    expect(await signIn(known, password('anna@example.com', 'correct horse'))).toMatchObject(isAnna);
    const answers = await release();
    expect(answers).not.toContainEqual(refused('too-many-at-once'));
  });
  test('with the same right password take one hash for each turn, not one for each', async () => {
    const [signIn, known] = [createSignIn(), await organisation()];
    vi.mocked(matchesHash).mockClear();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => signIn(known, password('anna@example.com', 'correct horse'))),
    );
    for (const answer of answers) expect(answer).toMatchObject(isAnna);
    expect(matchesHash).toHaveBeenCalledTimes(hashesAtOnce);
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
