import { detached } from './detached.ts';

/**
 * Text of a client, made fit to stand in a reply or a record: cut to a length, without control characters, which could end
 * a line or steer a terminal.
 */
export function printable(text: string, maxCharacters: number): string {
  return detached(text.slice(0, maxCharacters)).replace(/\p{Cc}/gu, '?');
}
