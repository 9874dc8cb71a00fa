/** How the reverse-path leaves the relay (ENV-1, ENV-3). */
import type { View } from '../check.ts';
import { note, type Step } from '../trace.ts';

export interface Rewriting {
  readonly reversePath: string;
  readonly steps: readonly Step[];
}

/** The reverse-path after rewriting: a foreign one becomes the postmaster of the vouching domain; the empty one stays empty. */
export function rewrittenReversePath({ reversePath, standing }: View): Rewriting {
  const { sender, vouching } = standing;
  if (sender.kind === 'null') {
    return {
      reversePath,
      steps: [note('ENV-3', 'The empty sender stays empty, so that bounces cannot loop.')],
    };
  }
  if (sender.kind !== 'foreign' || vouching === null) return { reversePath, steps: [] };
  const rewritten = `postmaster@${vouching.domain}`;
  const source = vouching.by === 'auth' ? `SMTP AUTH as ${vouching.user}` : 'the HELO name';
  return {
    reversePath: rewritten,
    steps: [
      note(
        'ENV-1',
        `The foreign sender ${reversePath} is rewritten to ${rewritten}, the domain known from ${source}.`,
      ),
    ],
  };
}
