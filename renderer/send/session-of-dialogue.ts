/** Which connection a dialogue is of. Pure. */
import type { DialogueLine } from '../../relay-core/contract/index.ts';

/** The session's id from the greeting (`220 smtp-relay.gmail.com ESMTP a1sm2wmc.3 - gsmtp`); null where none came. */
export const sessionOfDialogue = (lines: readonly DialogueLine[]): string | null => {
  const greeting = lines.find(({ direction }) => direction === 'server')?.text ?? '';
  return /^220 \S+ ESMTP (\S+) - gsmtp$/.exec(greeting.trimEnd())?.[1] ?? null;
};
