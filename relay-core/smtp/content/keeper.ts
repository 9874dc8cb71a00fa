/**
 * Keeps a message's content while it arrives, up to a limit and as long as there is room; beyond that bytes are counted
 * and thrown away, so that messages of any size and number take bounded memory.
 */
import type { ReceivedMessage } from '../../relay/types.ts';
import { type ContentRoom, giveRoom, takeRoom } from './room.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A shorter part of a message costs more as a Buffer of its own than as a copy. */
const smallBytes = 4 * 1024;
const firstBlockBytes = 1024;
const largestBlockBytes = 64 * 1024;
const noBlock = Buffer.alloc(0);

/**
 * Parts come as clients cut them: three bytes between two stuffed dots, one byte of a packet of 64 KiB. So a part stays a
 * view of its packet only where it is most of it, and others are copied into blocks; room is taken for what is held, the
 * packet's memory or the block's, and is a bound on memory.
 */
export class ContentKeeper {
  private readonly limitBytes: number;
  private readonly room: ContentRoom;
  private parts: Buffer[] = [];
  /** Where small parts are copied to; what is filled of it and no part yet begins at `partStart`. */
  private block = noBlock;
  private filledBytes = 0;
  private partStart = 0;
  private bytes = 0;
  private heldBytes = 0;
  private dropped: ReceivedMessage['dropped'] = null;

  constructor(limitBytes: number, room: ContentRoom) {
    this.limitBytes = limitBytes;
    this.room = room;
  }

  /** Takes a packet's bytes between two places over. They may not be copied: the packet must stay as it is. */
  add(packet: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.bytes += to - from;
    if (this.dropped !== null) return;
    if (this.bytes > this.limitBytes) this.drop('too-large');
    else if (!this.hold(packet, from, to)) this.drop('no-room');
  }

  private hold(packet: Buffer, from: number, to: number): boolean {
    const bytes = to - from;
    const packetMemory = packet.buffer.byteLength;
    const isFirst = this.heldBytes === 0;
    const mayStay = bytes * 2 >= packetMemory && (isFirst || bytes >= smallBytes);
    if (!mayStay) return this.copy(packet, from, to);
    if (!this.take(packetMemory)) return false;
    this.endPart();
    this.parts.push(packet.subarray(from, to));
    return true;
  }

  private copy(packet: Buffer, from: number, to: number): boolean {
    for (let at = from; at < to; ) {
      if (this.filledBytes === this.block.length && !this.addBlock(to - at)) return false;
      const copied = packet.copy(this.block, this.filledBytes, at, to);
      this.filledBytes += copied;
      at += copied;
    }
    return true;
  }

  /** Each block is twice the one before: the end of a small message does not take the room of a large one. */
  private addBlock(wantedBytes: number): boolean {
    const bytes = Math.min(largestBlockBytes, Math.max(firstBlockBytes, 2 * this.block.length, wantedBytes));
    if (!this.take(bytes)) return false;
    this.endPart();
    this.block = Buffer.allocUnsafeSlow(bytes);
    this.filledBytes = 0;
    this.partStart = 0;
    return true;
  }

  private take(bytes: number): boolean {
    if (!takeRoom(this.room, bytes)) return false;
    this.heldBytes += bytes;
    return true;
  }

  /** What has been copied since the last part becomes one. */
  private endPart(): void {
    if (this.filledBytes > this.partStart)
      this.parts.push(this.block.subarray(this.partStart, this.filledBytes));
    this.partStart = this.filledBytes;
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

  /** The whole message, once it is here; without content when it was dropped. */
  message(): ReceivedMessage {
    const content = this.joined();
    return {
      content,
      sizeAsSent: this.bytes,
      bareLineFeeds: countBareLineFeeds(content),
      dropped: this.dropped,
    };
  }

  /** Many parts are let go for the one they make: it is what is held from now on, and never more than they were. */
  private joined(): Buffer {
    this.endPart();
    const [first] = this.parts;
    if (first !== undefined && this.parts.length === 1) return first;
    const content = Buffer.concat(this.parts);
    this.release();
    if (this.take(content.length)) this.parts = [content];
    return content;
  }

  /** The content is needed no more: stored, refused, or broken off. */
  release(): void {
    giveRoom(this.room, this.heldBytes);
    this.heldBytes = 0;
    this.parts = [];
    this.block = noBlock;
    this.filledBytes = 0;
    this.partStart = 0;
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
