/**
 * What the parser needs of whoever reads a message's content: to be given packets until it has seen the end.
 */
export interface ContentReader {
  /** Reads a packet from `from`. Gives the index behind the content's end, or null when there is more to come. */
  read(packet: Buffer, from: number): number | null;
}
