/** Which lines of the dialogue led to which steps of the decision, and back, for what a person marked. Pure. */
import type { Transaction } from '../../relay-core/contract/index.ts';
import { decidingStep, linesOfReply, type Stage, stagesOfDialogue, stagesOfTrace } from './stages.ts';

/** What a person chose: a line of the dialogue or a step of the decision, by its place. */
export type Mark = { kind: 'line'; index: number } | { kind: 'step'; index: number };

export type Links = {
  mark: Mark | null;
  stageOfLine: Stage[];
  stageOfStep: Stage[];
  /** The lines of the deciding reply. */
  reply: ReadonlySet<number>;
  /** Marked lines and steps, by their places. */
  lines: ReadonlySet<number>;
  steps: ReadonlySet<number>;
};

const placesOf = (stages: readonly Stage[], wanted: Stage): number[] =>
  stages.flatMap((stage, index) => (stage === wanted ? [index] : []));

/** The links of a transaction under a mark. A line of the deciding reply leads to the deciding step alone. */
export const linksOf = (transaction: Transaction, mark: Mark | null): Links => {
  const { decision, dialogue } = transaction;
  const stageOfLine = stagesOfDialogue(dialogue);
  const stageOfStep = stagesOfTrace(decision, dialogue);
  const deciding = decidingStep(decision);
  const reply = linesOfReply(decision, dialogue);
  const found = (lines: number[], steps: number[]): Links => ({
    mark,
    stageOfLine,
    stageOfStep,
    reply: new Set(reply),
    lines: new Set(lines),
    steps: new Set(steps),
  });
  if (mark === null) return found([], []);
  if (mark.kind === 'line') {
    if (deciding !== null && reply.includes(mark.index)) return found(reply, [deciding]);
    const stage = stageOfLine[mark.index];
    return found([mark.index], stage && stage !== 'other' ? placesOf(stageOfStep, stage) : []);
  }
  const stage = stageOfStep[mark.index];
  if (stage === undefined || stage === 'other') return found([], [mark.index]);
  const ofStage = placesOf(stageOfLine, stage);
  return found(mark.index === deciding ? [...new Set([...ofStage, ...reply])] : ofStage, [mark.index]);
};
