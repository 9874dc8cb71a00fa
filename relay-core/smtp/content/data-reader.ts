/**
 * Reads what follows 354 (RFC 5321 §4.1.1.4, §4.5.2): the content ends at CR LF . CR LF and nowhere else, and a dot is
 * taken off only behind CR LF. Any other mixture of line ends stays content, so that nothing can be smuggled behind it.
 */

import type { ContentKeeper } from './keeper.ts';
import type { ContentReader } from './reader.ts';

const crLfDot = Buffer.from('\r\n.');
const loneCarriageReturn = Buffer.from('\r');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const dot = 0x2e;

/** How much of CR LF . CR LF the bytes so far end with. The dot is not kept; the last CR only once it is no end. */
type Matched = 'nothing' | 'CR' | 'CR LF' | 'CR LF .' | 'CR LF . CR';

export class DataReader implements ContentReader {
  readonly keeper: ContentKeeper;
  /** The DATA command ended with CR LF: a dot at the very start stands at the start of a line. */
  private matched: Matched = 'CR LF';

  constructor(keeper: ContentKeeper) {
    this.keeper = keeper;
  }

  /** Reads on from `from`. Gives the index behind the end of the content, or null when there is more to come. */
  read(packet: Buffer, from: number): number | null {
    const resumed = this.resume(packet, from);
    if (resumed.ended) return resumed.at;
    let start = resumed.at;
    for (let at = packet.indexOf(crLfDot, start); at !== -1; at = packet.indexOf(crLfDot, start)) {
      this.keeper.add(packet, start, at + 2);
      start = at + 3;
      this.matched = 'CR LF .';
      const behindDot = this.resume(packet, start);
      if (behindDot.ended) return behindDot.at;
      start = behindDot.at;
    }
    this.keepRest(packet, start);
    return null;
  }

  /** Byte by byte while the last bytes could be part of the end; a handful of bytes at most. */
  private resume(packet: Buffer, from: number): { readonly ended: boolean; readonly at: number } {
    let at = from;
    while (at < packet.length && this.matched !== 'nothing') {
      const byte = packet[at];
      if (this.matched === 'CR' && byte === lineFeed) {
        this.keeper.add(packet, at, at + 1);
        this.matched = 'CR LF';
      } else if (this.matched === 'CR LF' && byte === dot) {
        this.matched = 'CR LF .';
      } else if (this.matched === 'CR LF .' && byte === carriageReturn) {
        this.matched = 'CR LF . CR';
      } else if (this.matched === 'CR LF . CR') {
        if (byte === lineFeed) return { ended: true, at: at + 1 };
        this.keeper.add(loneCarriageReturn, 0, 1);
        this.matched = 'nothing';
        break;
      } else {
        this.matched = 'nothing';
        break;
      }
      at += 1;
    }
    return { ended: false, at };
  }

  private keepRest(packet: Buffer, start: number): void {
    if (start >= packet.length) return;
    this.keeper.add(packet, start, packet.length);
    const last = packet[packet.length - 1];
    if (last === carriageReturn) this.matched = 'CR';
    else if (
      last === lineFeed &&
      packet.length - start >= 2 &&
      packet[packet.length - 2] === carriageReturn
    ) {
      this.matched = 'CR LF';
    }
  }
}
