/**
 * Takes messages apart for pages. A large one takes up to a second, so it goes to a thread of its own, one at a time:
 * no message that comes in waits for one that is looked at.
 */
import type { MessageView } from '../contract/index.ts';
import { askThread } from '../threads.ts';
import { messageView, rawView } from './message-view.ts';

/** Up to here the event loop waits for some milliseconds, and a thread would take longer to start. */
const smallBytes = 256 * 1024;
/** Messages above this are shown raw only. The service takes none that is larger. */
export const maxParsedBytes = 48 * 1024 * 1024;
/** A message is parsed within a second or two; one that is made to take longer is shown raw. */
const longestParsingMs = 20_000;
/** Of the thread's own heap; a message's bytes and attachments lie outside of it. */
const threadHeapMb = 512;

/**
 * @param content all of the message, unless it is larger than `maxParsedBytes`; its memory may go to another thread, and
 *   the caller has it no more
 * @param size of the whole message, in bytes
 */
export type ViewMessage = (content: Uint8Array, size: number) => Promise<MessageView>;

export function createMessageViewer(): ViewMessage {
  let lastParsing: Promise<unknown> = Promise.resolve();
  return (content, size) => {
    if (size > maxParsedBytes) return Promise.resolve(rawView(content, size));
    if (size <= smallBytes) return messageView(content);
    const parsing = lastParsing.then(() => parsedOnThread(content));
    lastParsing = parsing;
    return parsing;
  };
}

/** What cannot be parsed in time and room is shown raw. */
function parsedOnThread(content: Uint8Array): Promise<MessageView> {
  const raw = rawView(content, content.byteLength);
  const { buffer } = content;
  const isAllOfIt = buffer instanceof ArrayBuffer && buffer.byteLength === content.byteLength;
  const memory = isAllOfIt ? buffer : new Uint8Array(content).buffer;
  return askThread<MessageView>('message-parser', import.meta.url, {
    input: memory,
    transfer: [memory],
    longestMs: longestParsingMs,
    heapMb: threadHeapMb,
  }).catch(() => raw);
}
