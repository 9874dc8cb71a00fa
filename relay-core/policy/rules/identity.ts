/** Which customer domain vouches for a foreign or null sender (IDN-1, IDN-2). */
import { reply } from '../../replies/catalogue.ts';
import { failing, passing, type SettingCheck } from '../check.ts';
import { isDomainAlias } from '../standing.ts';
import { assumedIf, fail, note, pass, type Step } from '../trace.ts';

export const vouchedIdentity: SettingCheck = ({ configuration, session, reversePath, standing }) => {
  const { sender, vouching, heloDomain } = standing;
  if (sender.kind !== 'foreign' && sender.kind !== 'null') return passing();
  const who = sender.kind === 'null' ? 'The null sender' : `${reversePath}, outside the customer's domains,`;
  if (vouching === null) {
    return failing(
      reply('invalid-credentials', { ip: session.clientAddress }),
      fail(
        'IDN-1',
        `${who} needs a customer domain from SMTP AUTH or HELO: the client did not authenticate, and its HELO name "${session.heloName}" lies in none of the customer's domains.`,
      ),
    );
  }
  return vouching.by === 'helo'
    ? passing(
        assumedIf(
          isDomainAlias(configuration.organisation, vouching.domain),
          pass(
            'IDN-1',
            `${who} is vouched for by the HELO name "${session.heloName}", which lies in ${vouching.domain}.`,
          ),
        ),
      )
    : passing(
        pass('IDN-1', `${who} is vouched for by SMTP AUTH as ${vouching.user}.`),
        ...authWins(vouching.domain, heloDomain),
      );
};

function authWins(authDomain: string, heloDomain: string | null): Step[] {
  return heloDomain === null || heloDomain === authDomain
    ? []
    : [note('IDN-2', `The HELO name lies in ${heloDomain}, but SMTP AUTH wins: ${authDomain} vouches.`)];
}
