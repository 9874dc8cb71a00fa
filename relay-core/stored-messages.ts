/**
 * Stored messages by the piece: as they arrived, or as they would have been relayed, with the footers that were appended
 * (FIL-2). Only the first form is stored; the other is made from it and from what was found when it arrived.
 */
import { relayedMessage } from './content/footer.ts';
import type { MessageForm } from './contract/index.ts';
import type { Store } from './store/types.ts';

/** Content from `offset`, at most `length` bytes; null where no message was kept. */
export type ReadMessage = (
  transactionId: string,
  offset: number,
  length: number,
  form: MessageForm,
) => { readonly content: Uint8Array; readonly size: number } | null;

export function createMessageReader(store: Pick<Store, 'message' | 'transaction'>): ReadMessage {
  /** Pieces are asked for one after the other: the last message made is kept, and no other. */
  let last: { readonly id: string; readonly content: Buffer } | null = null;

  function relayed(id: string): Buffer | null {
    if (last?.id === id) return last.content;
    const verdict = store.transaction(id)?.content ?? null;
    const hasFooter =
      verdict?.compliance.some(({ footer }) => footer?.result.outcome === 'appended') ?? false;
    const whole = hasFooter ? store.message(id, 0, Number.MAX_SAFE_INTEGER) : null;
    if (whole === null) return null;
    last = { id, content: relayedMessage(Buffer.from(whole.content), verdict) };
    return last.content;
  }

  return (id, offset, length, form) => {
    const content = form === 'relayed' ? relayed(id) : null;
    return content === null
      ? store.message(id, offset, length)
      : { content: content.subarray(offset, offset + length), size: content.length };
  };
}
