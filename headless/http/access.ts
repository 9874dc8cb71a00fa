/**
 * Who may talk to the server at all, before any token is looked at: requests that name this server as their host, from
 * pages of this server. A web page elsewhere can make a browser send requests here (DNS rebinding, forged forms); it
 * cannot make the browser lie in these two fields. Pure.
 */
import { isIP } from 'node:net';
import type { HttpAddress } from './types.ts';

const loopbackNames = ['localhost', '127.0.0.1', '::1'];

/** `host:port` as a URL has it. */
export const authorityOf = ({ host, port }: HttpAddress): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;

function isOurs(authority: string, bound: HttpAddress): boolean {
  const url = URL.parse(`http://${authority}/`);
  if (url === null || url.pathname !== '/' || url.username !== '' || url.search !== '') return false;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if ((url.port === '' ? 80 : Number(url.port)) !== bound.port) return false;
  if (loopbackNames.includes(host) || host === bound.host.toLowerCase()) return true;
  // Bound to every address, it goes by each of them; a numeric one cannot be rebound.
  return (bound.host === '0.0.0.0' || bound.host === '::') && isIP(host) !== 0;
}

/** Whether the Host field names this server. */
export const isHostAllowed = (host: string | undefined, bound: HttpAddress): boolean =>
  host !== undefined && isOurs(host, bound);

/** Whether the Origin field names a page of this server. Requests that no page made carry none. */
export function isOriginAllowed(origin: string | undefined, bound: HttpAddress): boolean {
  if (origin === undefined) return true;
  const prefix = 'http://';
  return origin.startsWith(prefix) && isOurs(origin.slice(prefix.length), bound);
}
