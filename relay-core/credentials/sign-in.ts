/**
 * Who a client's credentials belong to (AUT-6). A wrong password, an unknown user and a suspended one cannot be told
 * apart, neither by the answer nor by its time. What once matched is remembered for the process's life as a keyed
 * digest, so that a mail server with a connection for each message does not pay for scrypt each time.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { findUser } from '../organisation/organisation.ts';
import type { Organisation, SecretHash, User } from '../organisation/types.ts';
import type { Credentials } from '../relay/types.ts';
import { hashSecret, matchesHash } from './secret-hash.ts';

export type SignIn = (organisation: Organisation, credentials: Credentials) => Promise<User | null>;

const maxRemembered = 10_000;

/** Makes a sign-in with its own memory of what matched. It gives the user, or null for every kind of failure. */
export function createSignIn(): SignIn {
  const key = randomBytes(32);
  const remembered = new Set<string>();
  const decoy = hashSecret(randomBytes(16).toString('hex'));

  const matches = async (hash: SecretHash, secret: string): Promise<boolean> => {
    const digest = createHmac('sha256', key).update(hash).update('\0').update(secret).digest('base64');
    if (remembered.has(digest)) return true;
    if (!(await matchesHash(hash, secret))) return false;
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.add(digest);
    return true;
  };

  return async (organisation, credentials) => {
    const user = findUser(organisation, credentials.user);
    const hash = user === null || user.suspended ? null : secretHashOf(user, credentials);
    const secret = credentials.kind === 'password' ? credentials.password : credentials.token;
    if (user === null || hash === null) {
      await matchesHash(await decoy, secret);
      return null;
    }
    return (await matches(hash, secret)) ? user : null;
  };
}

function secretHashOf(user: User, credentials: Credentials): SecretHash | null {
  return credentials.kind === 'password' ? user.passwordHash : user.accessTokenHash;
}
