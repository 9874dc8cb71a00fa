/**
 * The secret that opens the server: made anew at each start, sent as a bearer token by scripts, and kept by the browser
 * in a cookie that no script can read and no other site can make it send.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** 256 bits, in letters that need no escaping in an address. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/**
 * Keys that let a browser in once each. The address that a browser is started with stands among the arguments of
 * processes, where every user of the machine can read it: what stands there is worth nothing once the page is open.
 */
export interface VisitKeys {
  make(): string;
  /** Whether it is one that nobody has used; it is used by asking. */
  use(given: string): boolean;
}

export function createVisitKeys(): VisitKeys {
  const unused = new Set<string>();
  return {
    make() {
      const key = makeToken();
      unused.add(key);
      return key;
    },
    use: (given) => unused.delete(given),
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in a time that tells nothing of where the two differ, or of their lengths. */
export const isToken = (given: string, token: string): boolean =>
  timingSafeEqual(digest(given), digest(token));

/** Cookies are shared by all ports of a host, so that the port belongs in the name. */
const cookieName = (port: number): string => `relay-bench-${port}`;

/** The Set-Cookie field that keeps the token in the browser until it is closed. */
export const tokenCookie = (token: string, port: number): string =>
  `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;

/** Whether a request brings the token, as a bearer token or in the cookie. */
export function isAuthorised(headers: IncomingHttpHeaders, token: string, port: number): boolean {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return isToken(bearer, token);
  const name = `${cookieName(port)}=`;
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  return cookies.some((cookie) => cookie.startsWith(name) && isToken(cookie.slice(name.length), token));
}
