/**
 * Takes messages apart for pages. A large one takes up to a second, so it goes to a thread of its own, one at a time:
 * no message that comes in waits for one that is looked at. One that cannot be taken apart is shown raw, and says why.
 */
import type { MessageView } from '../contract/index.ts';
import { askThread } from '../threads.ts';
import { messageView, rawView } from './message-view.ts';

/** Up to here the event loop waits for a tenth of a second at the most, whatever the message is made of. */
const smallBytes = 16 * 1024;
const mebibyte = 1024 * 1024;
/** Messages above this are shown raw only. The service takes none that is larger. */
export const maxParsedBytes = 48 * mebibyte;

/** What taking apart one large message may cost. */
export interface ParsingLimits {
  readonly longestMs: number;
  /** Of the thread's own heap, in MiB; a message's bytes and attachments lie outside of it. */
  readonly heapMb: number;
}

/** A message is parsed within a second or two; one that is made to take longer is shown raw. */
const usualLimits: ParsingLimits = { longestMs: 5_000, heapMb: 512 };

/**
 * @param content all of the message, unless it is larger than `maxParsedBytes`; its memory may go to another thread, and
 *   the caller has it no more
 * @param size of the whole message, in bytes
 */
export type ViewMessage = (content: Uint8Array, size: number) => Promise<MessageView>;

export function createMessageViewer(limits: ParsingLimits = usualLimits): ViewMessage {
  let lastParsing: Promise<unknown> = Promise.resolve();
  return (content, size) => {
    if (size > maxParsedBytes) {
      return Promise.resolve(rawView(content, size, `it is larger than ${maxParsedBytes / mebibyte} MiB`));
    }
    if (size <= smallBytes) return messageView(content);
    const parsing = lastParsing.then(() => parsedOnThread(content, limits));
    lastParsing = parsing;
    return parsing;
  };
}

/** What cannot be parsed in time and room is shown raw. */
function parsedOnThread(content: Uint8Array, { longestMs, heapMb }: ParsingLimits): Promise<MessageView> {
  const raw = rawView(
    content,
    content.byteLength,
    `it could not be taken apart within ${longestMs / 1_000} seconds and ${heapMb} MiB of memory`,
  );
  const { buffer } = content;
  const isAllOfIt = buffer instanceof ArrayBuffer && buffer.byteLength === content.byteLength;
  const memory = isAllOfIt ? buffer : new Uint8Array(content).buffer;
  return askThread<MessageView>('message-parser', import.meta.url, {
    input: memory,
    transfer: [memory],
    longestMs,
    heapMb,
  }).catch(() => raw);
}
