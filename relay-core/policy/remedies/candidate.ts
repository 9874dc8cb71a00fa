/** A single change that might turn a refusal into a pass; whether it does is found out by judging again. */
import type { PatchOperation, RemedySide } from '../../contract/remedies.ts';
import type { Situation } from './situation.ts';

export interface Candidate {
  /** Candidates of one kind stand for each other: the first that works is enough. */
  readonly kind: string;
  readonly side: RemedySide;
  /** One sentence with the real values, in the imperative. */
  readonly text: string;
  /** A settings change as a change to the bench file. */
  readonly change?: readonly PatchOperation[];
  /** Engine time to wait for, epoch milliseconds. */
  readonly until?: number;
  readonly apply: (situation: Situation) => Situation;
}
