/**
 * Keeps a message's content while it arrives, up to a limit and as long as there is room; beyond that bytes are counted
 * and thrown away, so that messages of any size and number take bounded memory.
 */
import type { ReceivedMessage } from '../../relay/types.ts';
import { type ContentRoom, giveRoom, takeRoom } from './room.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class ContentKeeper {
  private readonly limitBytes: number;
  private readonly room: ContentRoom;
  private parts: Buffer[] = [];
  private bytes = 0;
  private heldBytes = 0;
  private dropped: ReceivedMessage['dropped'] = null;

  constructor(limitBytes: number, room: ContentRoom) {
    this.limitBytes = limitBytes;
    this.room = room;
  }

  /** Takes over a part of the content; it is not copied. */
  add(part: Buffer): void {
    if (part.length === 0) return;
    this.bytes += part.length;
    if (this.dropped !== null) return;
    if (this.bytes > this.limitBytes) this.drop('too-large');
    else if (takeRoom(this.room, part.length)) this.hold(part);
    else this.drop('no-room');
  }

  private hold(part: Buffer): void {
    this.heldBytes += part.length;
    this.parts.push(part);
  }

  private drop(why: 'too-large' | 'no-room'): void {
    this.dropped = why;
    this.release();
  }

  get receivedBytes(): number {
    return this.bytes;
  }

  /** Nothing of it is kept any more, and the rest of it will not be either. */
  get isDropped(): boolean {
    return this.dropped !== null;
  }

  /** The whole message; without content when it was dropped. */
  message(): ReceivedMessage {
    const [first] = this.parts;
    const content = first !== undefined && this.parts.length === 1 ? first : Buffer.concat(this.parts);
    return {
      content,
      sizeAsSent: this.bytes,
      bareLineFeeds: countBareLineFeeds(content),
      dropped: this.dropped,
    };
  }

  /** The content is needed no more: stored, refused, or broken off. */
  release(): void {
    giveRoom(this.room, this.heldBytes);
    this.heldBytes = 0;
    this.parts = [];
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
