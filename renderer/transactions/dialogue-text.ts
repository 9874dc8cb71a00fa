/** A dialogue as plain text, the way people put it into a ticket: `C:`, `S:`, a line each. Pure. */
import type { DialogueLine } from '../../relay-core/contract/index.ts';

/** One line each, with a note where TLS begins. */
export const dialogueText = (lines: readonly DialogueLine[]): string =>
  lines
    .flatMap(({ direction, text, tls }, index) => {
      const line = `${direction === 'client' ? 'C' : 'S'}: ${text}`;
      return tls && !lines[index - 1]?.tls ? ['-- inside TLS --', line] : [line];
    })
    .join('\n');
