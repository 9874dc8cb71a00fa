/**
 * Who a client's credentials belong to (AUT-6). The client cannot tell a wrong password, an unknown user and a suspended
 * one apart, neither by the answer nor by its time; which it was is for the administrator of the bench. What once matched
 * is remembered for the process's life as a keyed digest, so that a mail server with a connection for each message does
 * not pay for scrypt each time. What has to be hashed is hashed a few at a time.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { findUser } from '../organisation/organisation.ts';
import type { Organisation, SecretHash, User } from '../organisation/types.ts';
import type { Credentials } from '../relay/types.ts';
import { hashesAtOnce, hashSecret, matchesHash } from './secret-hash.ts';
import { createTurns } from './turns.ts';

/**
 * Why credentials are refused; `no-secret` is a user without a password, or without a token, in the bench file.
 * `too-many-at-once`: they were not looked at, since so many others wait to be.
 */
export type SignInRefusal = 'no-such-user' | 'suspended' | 'no-secret' | 'wrong-secret' | 'too-many-at-once';

export type SignInResult =
  | { readonly outcome: 'signed-in'; readonly user: User }
  | { readonly outcome: 'refused'; readonly why: SignInRefusal };

export type SignIn = (organisation: Organisation, credentials: Credentials) => Promise<SignInResult>;

const maxRemembered = 10_000;
/** Sign-ins that may wait for their hash: a second or two of waiting, and a client's connections when it starts. [ours] */
const maxWaiting = 50;

/** Makes a sign-in with its own memory of what matched. */
export function createSignIn(): SignIn {
  const key = randomBytes(32);
  const remembered = new Set<string>();
  const decoy = hashSecret(randomBytes(16).toString('hex'));
  const turns = createTurns(hashesAtOnce, maxWaiting);

  const matches = (hash: SecretHash, secret: string): Promise<boolean> | null => {
    const digest = createHmac('sha256', key).update(hash).update('\0').update(secret).digest('base64');
    if (remembered.has(digest)) return Promise.resolve(true);
    return turns.take(async () => {
      // The same credentials may have matched meanwhile, on another of the client's connections.
      if (remembered.has(digest)) return true;
      if (!(await matchesHash(hash, secret))) return false;
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.add(digest);
      return true;
    });
  };

  return async (organisation, credentials) => {
    const user = findUser(organisation, credentials.user);
    const secret = credentials.kind === 'password' ? credentials.password : credentials.token;
    const known = user === null ? null : secretHashOf(user, credentials);
    if (user === null || user.suspended || known === null) {
      const hashing = turns.take(async () => matchesHash(await decoy, secret));
      if (hashing === null) return refused('too-many-at-once');
      await hashing;
      return refused(user === null ? 'no-such-user' : user.suspended ? 'suspended' : 'no-secret');
    }
    const matching = matches(known, secret);
    if (matching === null) return refused('too-many-at-once');
    return (await matching) ? { outcome: 'signed-in', user } : refused('wrong-secret');
  };
}

function refused(why: SignInRefusal): SignInResult {
  return { outcome: 'refused', why };
}

function secretHashOf(user: User, credentials: Credentials): SecretHash | null {
  return credentials.kind === 'password' ? user.passwordHash : user.accessTokenHash;
}
