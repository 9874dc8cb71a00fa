/**
 * The SASL mechanisms of the test sender. nodemailer brings PLAIN and LOGIN; the two that carry an access token are here,
 * since its own XOAUTH2 wants a token it can renew. Source: RFC 7628, Google's XOAUTH2 protocol page.
 */
import type { SMTPConnectionAuth, SMTPConnectionCustomAuthContext } from 'nodemailer/lib/smtp-connection';
import type { TestMessage } from '../contract/index.ts';

export type Credentials = NonNullable<TestMessage['auth']>;

/** nodemailer treats the name XOAUTH2 as its own, so both token mechanisms go by a name it does not know. */
const tokenHandler = 'RELAY-BENCH-TOKEN';

/** What SMTPConnection's `customAuth` takes for these credentials. */
export const customAuthFor = ({ mechanism, user, password }: Credentials) => ({
  [tokenHandler]: (context: SMTPConnectionCustomAuthContext) =>
    sendToken(context, `AUTH ${mechanism} ${initialResponse(mechanism, user, password)}`),
});

/** What SMTPConnection's `login` takes for these credentials. Without a mechanism it takes the first one offered. */
export function loginFor({ mechanism, user, password }: Credentials): SMTPConnectionAuth {
  const byToken = mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER';
  const method = byToken ? tokenHandler : mechanism;
  return { ...(method === undefined ? {} : { method }), user, pass: password };
}

function initialResponse(mechanism: Credentials['mechanism'], user: string, token: string): string {
  const response =
    mechanism === 'OAUTHBEARER'
      ? `n,a=${saslName(user)},\x01auth=Bearer ${token}\x01\x01`
      : `user=${user}\x01auth=Bearer ${token}\x01\x01`;
  return Buffer.from(response, 'utf8').toString('base64');
}

/** RFC 5801, 4: what would end the name is written otherwise. */
const saslName = (user: string): string => user.replaceAll('=', '=3D').replaceAll(',', '=2C');

async function sendToken(context: SMTPConnectionCustomAuthContext, command: string): Promise<void> {
  const first = await context.sendCommand(command);
  // A refused token is explained in a 334 challenge; the refusal itself comes behind a dummy answer (RFC 7628, 3.2.3).
  const last = first.response.startsWith('334') ? await context.sendCommand('AQ==') : first;
  if (!last.response.startsWith('2')) throw new Error('The relay refused the access token');
}
