/**
 * Which stage of the conversation a line of the dialogue belongs to, and at which stage a rule is checked.
 * Pure. Sources: RFC 5321 4.1 (commands and replies), 4.2.1 (multi-line replies), RFC 2920 (pipelining), RFC 3030 (BDAT),
 * and "The order of checks" of the reply texts.
 */
import type { DecisionView, DialogueLine } from '../../relay-core/contract/index.ts';

export const stages = [
  'connection',
  'EHLO',
  'STARTTLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'end of data',
  'other',
] as const;
export type Stage = (typeof stages)[number];

const stageOfVerb: Record<string, Stage> = {
  EHLO: 'EHLO',
  HELO: 'EHLO',
  STARTTLS: 'STARTTLS',
  AUTH: 'AUTH',
  MAIL: 'MAIL',
  RCPT: 'RCPT',
  DATA: 'DATA',
  BDAT: 'DATA',
  XCLIENT: 'connection',
  PROXY: 'connection',
};

const verbOf = (text: string): string => /^\s*([A-Za-z0-9]+)/.exec(text)?.[1]?.toUpperCase() ?? '';
const isLastReplyLine = (text: string): boolean => !/^\d{3}-/.test(text);

/**
 * The stage of each line of a dialogue, in order.
 * Replies go to commands first in, first out, so that pipelined commands get their own; a reply that nobody waits for
 * is the greeting at the beginning, and else belongs to what came before it (a time-out).
 */
export const stagesOfDialogue = (lines: readonly DialogueLine[]): Stage[] => {
  const waiting: Stage[] = [];
  let inData = false;
  let lastBdatSent = false;
  let latest: Stage = 'connection';
  return lines.map(({ direction, text }) => {
    if (direction === 'client') {
      if (inData) {
        if (waiting[0] !== 'end of data') waiting.unshift('end of data');
        return 'end of data';
      }
      const verb = verbOf(text);
      // Continuations of AUTH are not commands: what follows a 334 belongs to AUTH whatever it looks like.
      const answersChallenge = latest === 'AUTH' && waiting.length === 0 && stageOfVerb[verb] === undefined;
      lastBdatSent = verb === 'BDAT' && /\blast\b/i.test(text);
      const stage = answersChallenge ? 'AUTH' : lastBdatSent ? 'end of data' : (stageOfVerb[verb] ?? 'other');
      waiting.push(stage);
      return stage;
    }
    const stage = waiting[0] ?? latest;
    if (isLastReplyLine(text)) {
      waiting.shift();
      inData = stage === 'DATA' && text.startsWith('354');
      latest = stage;
    }
    return stage;
  });
};

/** Where a rule is checked, when its group does not tell; more than one stage where it is asked again. */
const stagesOfRule: Record<string, readonly Stage[]> = {
  'SET-5': ['MAIL'],
  'SET-6': ['MAIL'],
  'AUT-2': ['MAIL'],
  'AUT-3': ['AUTH'],
  'AUT-4': ['MAIL'],
  'AUT-5': ['MAIL'],
  'AUT-6': ['AUTH'],
  'ENV-2': ['RCPT'],
  'ENV-4': ['RCPT'],
  'ABU-2': ['DATA'],
  // The size is declared with MAIL, and counted at the end.
  'RFC-1870': ['MAIL', 'end of data'],
  'RFC-5321': ['MAIL', 'RCPT'],
  'RFC-3463': ['end of data'],
};

const stageOfGroup: Record<string, Stage> = {
  ORG: 'DATA',
  SET: 'DATA',
  AUT: 'DATA',
  PRT: 'MAIL',
  SND: 'DATA',
  IDN: 'DATA',
  ENV: 'DATA',
  HEL: 'EHLO',
  UQ: 'DATA',
  CQ: 'DATA',
  FIL: 'end of data',
  ABU: 'end of data',
  STO: 'end of data',
};

/** Where a rule is checked, by its id, not before `after`, since a trace goes forward; `other` when it cannot be told. */
export const stageOfRuleId = (rule: string, after: Stage = 'connection'): Stage => {
  const group = stageOfGroup[rule.split('-')[0] ?? ''];
  const candidates = stagesOfRule[rule] ?? (group ? [group] : []);
  const reached = stages.indexOf(after);
  return candidates.find((stage) => stages.indexOf(stage) >= reached) ?? candidates.at(-1) ?? 'other';
};

/** The index of the step that decided: the failed step of the deciding rule, else the last one that failed; null when none did. */
export const decidingStep = ({ outcome, rule, trace }: DecisionView): number | null => {
  if (outcome !== 'rejected') return null;
  const ofRule = trace.findLastIndex((step) => step.outcome === 'fail' && step.rule === rule);
  const index = ofRule >= 0 ? ofRule : trace.findLastIndex((step) => step.outcome === 'fail');
  return index >= 0 ? index : null;
};

/** The indices of the lines in which the deciding reply went out; empty where it cannot be found. */
export const linesOfReply = (decision: DecisionView, lines: readonly DialogueLine[]): number[] => {
  const wanted = decision.reply?.lines ?? [];
  const [first] = wanted;
  if (first === undefined) return [];
  const start = lines.findLastIndex(
    ({ direction, text }) => direction === 'server' && text.trimEnd() === first.trimEnd(),
  );
  return start < 0 ? [] : wanted.map((_, offset) => start + offset).filter((index) => index < lines.length);
};

/** The stage at which the relay gave its answer, read from the dialogue, else told by the rule; null when there was none. */
export const stageOfAnswer = (decision: DecisionView, lines: readonly DialogueLine[]): Stage | null => {
  const [first] = linesOfReply(decision, lines);
  if (first !== undefined) return stagesOfDialogue(lines)[first] ?? null;
  return decision.rule === null ? null : stageOfRuleId(decision.rule);
};

/**
 * The stage of each step of a trace. The deciding step stands where its reply was given, the others where their rule is
 * checked, and none behind the refusal.
 */
export const stagesOfTrace = (decision: DecisionView, lines: readonly DialogueLine[]): Stage[] => {
  const deciding = decidingStep(decision);
  const answer = deciding === null ? null : stageOfAnswer(decision, lines);
  let reached: Stage = 'connection';
  return decision.trace.map((step, index) => {
    const stage = stageOfRuleId(step.rule, reached);
    if (stage !== 'other') reached = stage;
    if (answer === null || answer === 'other') return stage;
    return index === deciding || stages.indexOf(stage) > stages.indexOf(answer) ? answer : stage;
  });
};

/**
 * The places of a trace's steps in the order of the conversation. The engine asks some rules of an earlier stage again
 * later on; steps of one stage keep the engine's order, and a step without a stage stays behind the one before it.
 */
export const pathOrder = (ofSteps: readonly Stage[]): number[] => {
  let before = 0;
  const ranks = ofSteps.map((stage) => {
    if (stage !== 'other') before = stages.indexOf(stage);
    return before;
  });
  return ofSteps.map((_, index) => index).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
};
