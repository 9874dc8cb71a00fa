/** SMTP authentication: what a setting asks (AUT-2, AUT-5), what the submission ports ask (AUT-4), how long it lasts (AUT-6). */
import { portOfRole } from '../../contract/word-tables.ts';
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing, type SettingCheck, type View } from '../check.ts';
import { isStillSignedIn } from '../standing.ts';
import { assumed, fail, note, pass } from '../trace.ts';
import type { SessionFacts } from '../types.ts';

/** AUTH is offered inside TLS only (AUT-3), so in plain text the way there begins with STARTTLS. */
function authenticationMissing(session: SessionFacts) {
  return session.tls === null ? reply('starttls-first') : reply('auth-required');
}

function missingText(session: SessionFacts): string {
  return session.tls === null
    ? 'the client neither started TLS nor authenticated (AUTH is offered inside TLS only)'
    : 'the client did not authenticate';
}

export const requiredAuthentication: SettingCheck = ({ session }, setting) => {
  const { smtpAuth, ipRanges } = setting.authentication;
  if (!smtpAuth) return passing(pass('AUT-2', 'The setting does not ask for SMTP authentication.'));
  const both =
    ipRanges === null
      ? []
      : [
          note(
            'AUT-5',
            'The setting ticks both boxes, so a listed address and SMTP authentication must both hold.',
          ),
        ];
  if (session.authenticatedAs === null) {
    return failing(
      authenticationMissing(session),
      ...both,
      fail('AUT-2', `The setting asks for SMTP authentication, and ${missingText(session)}.`),
    );
  }
  return passing(
    ...both,
    pass('AUT-2', `The setting asks for SMTP authentication, and the client is ${session.authenticatedAs}.`),
  );
};

/**
 * A user can be removed or suspended while its client is connected. Nothing says what becomes of that connection: it is
 * told what it would be told at AUTH, where unknown and suspended users look like a wrong password (AUT-6).
 */
export function stillSignedIn({ configuration, session }: Pick<View, 'configuration' | 'session'>): Finding {
  const { authenticatedAs } = session;
  return authenticatedAs === null || isStillSignedIn(configuration.organisation, session)
    ? passing()
    : failing(
        reply('bad-credentials'),
        assumed(
          fail(
            'AUT-6',
            `The client signed in as ${authenticatedAs}, who is no active user any more: that counts as a wrong password.`,
          ),
        ),
      );
}

/** Relaying over 587 and 465 needs SMTP AUTH, whatever the settings say (AUT-4). */
export function submissionPortsNeedAuthentication({
  configuration,
  session,
}: Pick<View, 'configuration' | 'session'>): Finding {
  const port = portOfRole[session.portRole];
  if (session.portRole === 'relay') return passing();
  if (!configuration.submissionPortsNeedAuth) {
    return passing(
      note('AUT-4', `Port ${port} takes address authentication alone, as submissionPortsNeedAuth is false.`),
    );
  }
  if (session.authenticatedAs !== null) {
    return passing(
      pass('AUT-4', `Port ${port} needs SMTP authentication, and the client is ${session.authenticatedAs}.`),
    );
  }
  return failing(
    authenticationMissing(session),
    fail('AUT-4', `Port ${port} needs SMTP authentication, and ${missingText(session)}.`),
  );
}
