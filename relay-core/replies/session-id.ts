/**
 * The id that ends the last line of each reply: one for the whole session, shaped as the real service's
 * (`c31sm1401185itd.5`, reply-texts.md, Framing). It is also the session's id in the app, so that a line in
 * a mail server's log leads to the session here.
 */

export type SessionId = string & { readonly __brand: 'SessionId' };

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Makes a session id from a source of randomness.
 * @param randomInt gives a whole number from 0 up to, not including, its argument
 */
export function makeSessionId(randomInt: (below: number) => number): SessionId {
  const letter = () => letters.charAt(randomInt(letters.length));
  const host = `${letter()}${1 + randomInt(99)}`;
  const serial = 1_000_000 + randomInt(99_000_000);
  return `${host}sm${serial}${letter()}${letter()}${letter()}.${randomInt(100)}` as SessionId;
}
