/** How the reverse-path leaves the relay (ENV-1, ENV-3). */
import { mailDomain } from '../../organisation/mail-domain.ts';
import { findUser } from '../../organisation/organisation.ts';
import type { View } from '../check.ts';
import { isDomainAlias } from '../standing.ts';
import { assumedIf, note, type Step } from '../trace.ts';

export interface Rewriting {
  readonly reversePath: string;
  readonly steps: readonly Step[];
}

/** The reverse-path after rewriting: a foreign one becomes the postmaster of the vouching domain; the null sender stays null. */
export function rewrittenReversePath(view: View): Rewriting {
  const { reversePath, standing } = view;
  const { sender, vouching } = standing;
  if (sender.kind === 'null') {
    return {
      reversePath,
      steps: [note('ENV-3', 'The null sender stays null, so that bounces cannot loop.')],
    };
  }
  if (sender.kind !== 'foreign' || vouching === null) return { reversePath, steps: [] };
  const rewritten = `postmaster@${vouching.domain}`;
  const source = vouching.by === 'auth' ? `SMTP AUTH as ${vouching.user}` : 'the HELO name';
  return {
    reversePath: rewritten,
    steps: [
      assumedIf(
        isAssumedDomain(view),
        note(
          'ENV-1',
          `The foreign sender ${reversePath} is rewritten to ${rewritten}, the domain known from ${source}.`,
        ),
      ),
      ...countedBefore(view, rewritten),
    ],
  };
}

/** A HELO name that is itself a registered domain leaves nothing to assume; one below it, or in an alias, does (ENV-1, ORG-1). */
function isAssumedDomain({ configuration, session, standing: { vouching } }: View): boolean {
  return (
    vouching !== null &&
    (isDomainAlias(configuration.organisation, vouching.domain) ||
      (vouching.by === 'helo' && mailDomain(session.heloName) !== vouching.domain))
  );
}

/** Only worth a word where the rewritten sender is somebody whose limits could be meant (UQ-6). */
function countedBefore({ configuration, reversePath }: View, rewritten: string): Step[] {
  return findUser(configuration.organisation, rewritten) === null
    ? []
    : [
        note(
          'UQ-6',
          `${rewritten} is a registered user, but its limits do not count this message: ${reversePath} sent it.`,
        ),
      ];
}
