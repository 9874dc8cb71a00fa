/**
 * Keeps a message's content while it arrives, up to a limit; beyond it bytes are counted and thrown away, so that a
 * message of any size takes bounded memory.
 */
import type { ReceivedMessage } from '../../relay/types.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class ContentKeeper {
  private readonly limitBytes: number;
  private parts: Buffer[] = [];
  private bytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Takes over a part of the content; it is not copied. */
  add(part: Buffer): void {
    if (part.length === 0) return;
    this.bytes += part.length;
    if (this.isTooLarge) this.parts = [];
    else this.parts.push(part);
  }

  get receivedBytes(): number {
    return this.bytes;
  }

  get isTooLarge(): boolean {
    return this.bytes > this.limitBytes;
  }

  /** The whole message; without content when it was too large. */
  message(): ReceivedMessage {
    const [first] = this.parts;
    const content = first !== undefined && this.parts.length === 1 ? first : Buffer.concat(this.parts);
    return { content, sizeAsSent: this.bytes, bareLineFeeds: countBareLineFeeds(content) };
  }
}

/** Line feeds without a carriage return before them. */
export function countBareLineFeeds(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf(lineFeed); at !== -1; at = content.indexOf(lineFeed, at + 1)) {
    if (content[at - 1] !== carriageReturn) count += 1;
  }
  return count;
}
