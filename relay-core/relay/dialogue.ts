/** The lines of one session, each kept where it belongs: with the open transaction, or outside any. Bounded. */
import type { DialogueEntry } from '../store/types.ts';
import type { DialogueLineSeen } from './types.ts';

/** Lines kept outside transactions; a session that says more is cut, and the number of lines left out is told. */
const maxOutsideLines = 1_000;
/** Lines kept with one transaction: 1,000 recipients need some 2,000. */
const maxTransactionLines = 5_000;

export interface Dialogue {
  /** Lines so far, over the whole session. */
  count: number;
  omitted: number;
  readonly outside: DialogueEntry[];
  /** The lines of the open transaction; null while there is none. */
  transaction: DialogueEntry[] | null;
}

export function emptyDialogue(): Dialogue {
  return { count: 0, omitted: 0, outside: [], transaction: null };
}

export function keepLine(dialogue: Dialogue, line: DialogueLineSeen): void {
  const ordinal = dialogue.count++;
  const lines = dialogue.transaction ?? dialogue.outside;
  const most = dialogue.transaction === null ? maxOutsideLines : maxTransactionLines;
  if (lines.length >= most) {
    dialogue.omitted++;
    return;
  }
  const { sinceStartMs, direction, text, tls } = line;
  lines.push({ ordinal, sinceStartMs, direction, text, tls });
}

/** A transaction begins with the MAIL command, which was recorded just before it was understood. */
export function beginTransactionLines(dialogue: Dialogue): void {
  const last = dialogue.outside.at(-1);
  const isMail = last !== undefined && last.direction === 'client' && last.ordinal === dialogue.count - 1;
  if (isMail) dialogue.outside.pop();
  dialogue.transaction = isMail ? [last] : [];
}

/** Gives the transaction's lines and closes them; what follows stands outside again. */
export function endTransactionLines(dialogue: Dialogue): DialogueEntry[] {
  const lines = dialogue.transaction ?? [];
  dialogue.transaction = null;
  return lines;
}

/** Whether the client said a command outside transactions; with `plain`, whether it did before TLS was up. */
export function heard(
  { outside }: Dialogue,
  verb: string,
  where: 'anywhere' | 'plain' = 'anywhere',
): boolean {
  return outside.some(
    ({ direction, text, tls }) =>
      direction === 'client' &&
      (where === 'anywhere' || !tls) &&
      text.split(' ', 1)[0]?.toUpperCase() === verb,
  );
}

/** Whether anything outside transactions was answered with a refusal. */
export function wasRefused({ outside }: Dialogue): boolean {
  return outside.some(({ direction, text }) => direction === 'server' && /^[45]/.test(text));
}
