/**
 * Reads the bytes of one BDAT chunk (RFC 3030): a count, and no meaning in any byte. Without a keeper the chunk is read
 * and thrown away.
 */
import type { ContentKeeper } from './keeper.ts';
import type { ContentReader } from './reader.ts';

export class ChunkReader implements ContentReader {
  private readonly keeper: ContentKeeper | null;
  private remaining: number;

  constructor(bytes: number, keeper: ContentKeeper | null) {
    this.remaining = bytes;
    this.keeper = keeper;
  }

  /** Reads on from `from`. Gives the index behind the chunk, or null when there is more to come. */
  read(packet: Buffer, from: number): number | null {
    const to = Math.min(packet.length, from + this.remaining);
    this.keeper?.add(packet, from, to);
    this.remaining -= to - from;
    return this.remaining === 0 ? to : null;
  }
}
