/** Required TLS (SET-5, PRT-1, PRT-4): the engine enforces the encryption, not the port number. */
import { portOfRole } from '../../contract/word-tables.ts';
import { reply } from '../../replies/catalogue.ts';
import { failing, passing, type SettingCheck } from '../check.ts';
import { assumed, fail, note, pass } from '../trace.ts';

export const requiredEncryption: SettingCheck = ({ session }, setting) => {
  if (!setting.requireTls) {
    return passing(pass('SET-5', 'The setting does not ask for TLS.'));
  }
  if (session.tls === null) {
    return failing(
      reply('starttls-first'),
      note('SET-5', 'The setting asks for TLS.'),
      fail('PRT-4', 'The setting asks for TLS, and the client sent MAIL without STARTTLS.'),
    );
  }
  const encrypted = pass('SET-5', `The setting asks for TLS, and the session uses ${session.tls.version}.`);
  const port = portOfRole[session.portRole];
  return session.portRole === 'submission'
    ? passing(encrypted)
    : passing(
        encrypted,
        assumed(
          note(
            'PRT-1',
            `With required TLS the service asks for port 587; this session came in on ${port}, encrypted, which is taken.`,
          ),
        ),
      );
};
