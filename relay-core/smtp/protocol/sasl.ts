/**
 * What clients say in AUTH (RFC 4954), decoded: PLAIN (RFC 4616), LOGIN, XOAUTH2 and OAUTHBEARER (RFC 7628). Pure; the
 * order of the exchange is in `commands/auth.ts`.
 */
import type { Credentials } from '../../relay/types.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text that a response holds; null where it is no base64. `=` is the empty initial response (RFC 4954 §4). */
export function decodeResponse(response: string): string | null {
  if (response === '=') return '';
  return base64.test(response) ? Buffer.from(response, 'base64').toString('utf8') : null;
}

/** `authzid NUL authcid NUL password`; null where it is not. The authorization identity plays no part. */
export function plainCredentials(decoded: string): Credentials | null {
  const parts = decoded.split('\0');
  const [, user, password] = parts;
  if (parts.length !== 3 || user === undefined || password === undefined || user === '') return null;
  return { kind: 'password', mechanism: 'PLAIN', user, password };
}

/** `user=… ^A auth=Bearer … ^A ^A`. */
export function xoauth2Credentials(decoded: string): Credentials | null {
  const fields = decoded.split('\x01');
  const user = fields.find((field) => field.startsWith('user='))?.slice('user='.length);
  const token = bearerToken(fields);
  return user === undefined || token === null ? null : { kind: 'token', mechanism: 'XOAUTH2', user, token };
}

/** `n,a=user, ^A host=… ^A port=… ^A auth=Bearer … ^A ^A`; the user is a saslname (RFC 5801 §4). */
export function oauthBearerCredentials(decoded: string): Credentials | null {
  const [header = '', ...fields] = decoded.split('\x01');
  const [binding, identity = ''] = header.split(',');
  if (binding !== 'n' && binding !== 'y') return null;
  const token = bearerToken(fields);
  if (token === null || !identity.startsWith('a=')) return null;
  const user = identity.slice(2).replaceAll('=2C', ',').replaceAll('=3D', '=');
  return { kind: 'token', mechanism: 'OAUTHBEARER', user, token };
}

function bearerToken(fields: readonly string[]): string | null {
  return (
    fields.map((field) => /^auth=Bearer +(\S+)$/i.exec(field)?.[1]).find((token) => token !== undefined) ??
    null
  );
}
