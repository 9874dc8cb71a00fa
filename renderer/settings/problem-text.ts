/** What the engine says of a problem in a draft, as sentences that can stand beside each other. Pure. */
import type { BenchProblem } from '../../relay-core/contract/index.ts';

const stopped = (text: string): string => (/[.!?]["”]?$/.test(text) ? text : `${text}.`);

/** `did you mean "licences"?` → `Did you mean "licences"?` */
const begun = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is wrong, and then what to do. What is wrong may begin with a key's name, which keeps its small letter. */
export const problemSentences = ({
  message,
  hint,
}: Pick<BenchProblem, 'message' | 'hint'>): { wrong: string; advice: string | null } => ({
  wrong: stopped(message),
  advice: hint === undefined ? null : stopped(begun(hint)),
});

/** Whether what values mean together was not looked at yet: that waits until each is right by itself. */
export const isFirstLook = (problems: readonly BenchProblem[]): boolean =>
  problems.length > 0 && problems.every(({ code }) => code !== 'contradiction');
