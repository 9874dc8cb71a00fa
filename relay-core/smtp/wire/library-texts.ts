/**
 * The texts that smtp-server itself can still say through `send`, and the catalogue's reply for each. Anything else it
 * says is an event: a new version has found a way past this room.
 */
import { type CatalogueReply, reply } from '../../replies/catalogue.ts';

const mapped: ReadonlyMap<string, CatalogueReply> = new Map([
  /** Said to what is still open when the grace of `close` has passed. */
  ['421 Server shutting down', reply('shutting-down')],
]);

/** The catalogue's reply for a text of the library; null when it is not known. */
export function mappedText(code: number, text: string): CatalogueReply | null {
  return mapped.get(`${code} ${text}`) ?? null;
}
