/** SMTP authentication: what a setting asks (AUT-2, AUT-5) and what the submission ports ask (AUT-4). */
import { reply } from '../../replies/catalogue.ts';
import { type Finding, failing, passing, type SettingCheck, type View } from '../check.ts';
import { fail, note, pass } from '../trace.ts';
import type { SessionFacts } from '../types.ts';
import { standsForPort } from './encryption.ts';

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

/** Relaying over 587 and 465 needs SMTP AUTH, whatever the settings say (AUT-4). */
export function submissionPortsNeedAuthentication({
  configuration,
  session,
}: Pick<View, 'configuration' | 'session'>): Finding {
  const port = standsForPort[session.portRole];
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
