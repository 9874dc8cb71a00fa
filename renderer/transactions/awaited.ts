/**
 * What the relay was waiting for when a transaction was broken off, and for how long, read from the dialogue. Pure.
 * Source: RFC 5321 4.1.4 (order of commands), 4.5.3.2.7 (a server's patience).
 */
import type { Transaction } from '../../relay-core/contract/index.ts';
import { type Stage, stagesOfDialogue } from './stages.ts';

/** Where it was broken off, and a sentence that says what was awaited. */
export type Awaited = { stage: Stage; text: string };

const farewells = new Set(['RSET', 'QUIT']);
const timeOut = /^(?:421|451)[ -]4\.4\.2 /;

/** What follows once a stage's reply has gone out. */
const nextOf: Partial<Record<Stage, string>> = {
  MAIL: 'a first RCPT',
  RCPT: 'another RCPT or DATA',
  DATA: 'the content',
  'end of data': 'the rest of the content',
};

const verbOf = (text: string): string => /^[A-Za-z]+/.exec(text.trim())?.[0].toUpperCase() ?? '';

/** `340 ms`, `2.4 s`, `5 min 2 s`. */
const span = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
};

/** Null where nothing is known of it, as for a dialogue without a line. */
export const awaitedBy = ({ dialogue, finishedAt }: Transaction): Awaited | null => {
  const leaving = dialogue.findLastIndex(
    ({ direction, text }) => direction === 'client' && farewells.has(verbOf(text)),
  );
  const gaveUp = dialogue.findLastIndex(
    ({ direction, text }) => direction === 'server' && timeOut.test(text),
  );
  const end = leaving >= 0 ? leaving : gaveUp >= 0 ? gaveUp : dialogue.length;
  const last = dialogue[end - 1];
  const stage = stagesOfDialogue(dialogue)[end - 1];
  if (last === undefined || stage === undefined) return null;
  const closing = dialogue[end];
  // A line that ended it is timed like the others; a closed connection by the engine's clock.
  const waited =
    closing === undefined
      ? Date.parse(finishedAt) - Date.parse(last.at)
      : closing.sinceStartMs - last.sinceStartMs;
  const deed =
    leaving >= 0 ? `said ${verbOf(closing?.text ?? '')}` : gaveUp >= 0 ? null : 'closed the connection';
  if (last.direction === 'client' && stage !== 'end of data' && deed !== null) {
    return { stage, text: `The client ${deed} before ${verbOf(last.text)} was answered.` };
  }
  const awaited = `The relay awaited ${nextOf[stage] ?? 'the next command'} for ${span(Math.max(0, waited))}`;
  return { stage, text: `${awaited}; then ${deed === null ? 'it gave up' : `the client ${deed}`}.` };
};
