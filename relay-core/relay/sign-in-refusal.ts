/**
 * Why a sign-in was refused, as a finding: the client is told the same for all reasons (AUT-6), the administrator of the
 * bench which it was. A user name that is no address is not repeated: it may be the password.
 */
import type { Finding } from '../contract/index.ts';
import type { SignInRefusal } from '../credentials/sign-in.ts';
import { shownUserName } from '../credentials/user-name.ts';
import type { Credentials } from './types.ts';

export function refusedSignIn(credentials: Credentials, why: SignInRefusal): Finding {
  const { mechanism, kind } = credentials;
  const user = shownUserName(credentials.user);
  const as = user === null ? 'with a user name that is no address' : `as ${user}`;
  const [reason, fix] = sentences(kind, why, user !== null);
  return {
    rule: 'AUT-6',
    severity: 'problem',
    text: `AUTH ${mechanism} ${as} was refused: ${reason}.`,
    fix,
  };
}

function sentences(
  kind: Credentials['kind'],
  why: SignInRefusal,
  isAddress: boolean,
): readonly [reason: string, fix: string] {
  switch (why) {
    case 'no-such-user':
      return [
        'no user of the bench file in force has this name',
        isAddress
          ? 'Check the user name in the client, or register the user, or this as an alias of it, in the bench file.'
          : 'Let the client give the whole address of the user, such as anna@example.com.',
      ];
    case 'suspended':
      return [
        'this user is suspended in the bench file in force',
        'Let the client sign in as another user, or lift the suspension in the bench file.',
      ];
    case 'no-secret':
      return kind === 'password'
        ? [
            'this user has no password in the bench file in force',
            'Give the user a `password` in the bench file.',
          ]
        : [
            'this user has no access token in the bench file in force',
            'Give the user an `accessToken` in the bench file, or let the client sign in by password (PLAIN or LOGIN).',
          ];
    case 'too-many-at-once':
      return [
        'so many other sign-ins were waiting that this one was not looked at',
        'Let clients open fewer connections at once, and send several messages on each; this one may try again.',
      ];
    case 'wrong-secret':
      return [
        kind === 'password' ? 'wrong password' : 'wrong token',
        `Check the ${kind} in the client against that of the user in the bench file.`,
      ];
  }
}
