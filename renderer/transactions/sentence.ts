/** The one sentence on top of a transaction, as a person would say it. Pure: built from the decision, its trace and the dialogue. */
import type { Transaction } from '../../relay-core/contract/index.ts';
import { bytes, count } from '../design/figures.ts';
import { outcomeKind, outcomeWord } from '../design/outcome.ts';
import { decidingStep, type Stage, stageOfAnswer, stagesOfDialogue } from './stages.ts';

/** Words that open a sentence and are no names: only these lose their capital behind a colon. */
const ordinaryOpenings = new Set(
  'A An The This That These Those It Its No Not None Neither Nobody Nothing One Only Every Each All Any Both Some Mail Message Sender Recipient Address Authentication Encryption Client Header Size Port Too More Over With Without Within In On At By For From To Since Because When While After Before There'.split(
    ' ',
  ),
);

const continued = (text: string): string => {
  const [opening = ''] = text.split(' ', 1);
  return ordinaryOpenings.has(opening) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
};

const stopped = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const atStage = (stage: Stage | null): string => {
  if (stage === null || stage === 'other') return '';
  if (stage === 'connection') return ' on connecting';
  return stage === 'end of data' ? ' after the content' : ` at ${stage}`;
};

const sender = (address: string): string => (address === '' ? 'the null sender' : address);

const accepted = ({ envelope, decision, message }: Transaction): string => {
  const { before, after } = envelope;
  const refused = before.to.length - after.to.length;
  const recipients = after.to.length === 1 ? after.to[0] : count(after.to.length, 'recipient');
  const parts = [`Accepted from ${sender(before.from)} for ${recipients}`];
  if (refused > 0) parts.push(`; ${count(refused, 'recipient')} refused`);
  if (decision.setting !== null) parts.push(`, under “${decision.setting}”`);
  if (before.from !== after.from) parts.push(`; the sender was rewritten to ${sender(after.from)}`);
  else if (message) parts.push(`, ${bytes(message.size)}`);
  return stopped(parts.join(''));
};

const lastClientWord = (lines: Transaction['dialogue']): string =>
  lines
    .findLast(({ direction }) => direction === 'client')
    ?.text.trim()
    .toUpperCase() ?? '';

const abandoned = ({ dialogue, envelope }: Transaction): string => {
  const word = lastClientWord(dialogue);
  const reached = stagesOfDialogue(dialogue).findLast((stage) => stage !== 'other') ?? 'connection';
  const where =
    reached === 'connection'
      ? 'before MAIL'
      : reached === 'end of data'
        ? 'in the content'
        : `after ${reached}`;
  const how =
    word === 'RSET'
      ? 'the client sent RSET'
      : word === 'QUIT'
        ? 'the client said QUIT'
        : 'the client closed the connection';
  return `Abandoned ${where}: ${how} before a message from ${sender(envelope.before.from)} was through; nothing was refused.`;
};

const refused = (transaction: Transaction): string => {
  const { decision, dialogue } = transaction;
  const index = decidingStep(decision);
  const step = index === null ? undefined : decision.trace[index];
  const word = outcomeWord[outcomeKind(decision)];
  const where = atStage(stageOfAnswer(decision, dialogue));
  const why =
    step?.text ??
    decision.reply?.lines.map((line) => line.replace(/^\d{3}[ -](\d\.\d\.\d+ )?/, '')).join(' ');
  return why ? stopped(`${word}${where}: ${continued(why)}`) : `${word}${where}.`;
};

/** "Refused at DATA: anna@example.com has sent 10,000 messages in the last 24 hours, the limit." */
export const sentenceOf = (transaction: Transaction): string => {
  if (transaction.decision.outcome === 'accepted') return accepted(transaction);
  if (transaction.decision.outcome === 'abandoned') return abandoned(transaction);
  return refused(transaction);
};
