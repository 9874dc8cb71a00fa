/** What the server itself refuses, before or beside the API: why, for programs and for people in a browser. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHostAllowed, isOriginAllowed } from './access.ts';
import { type ErrorBody, sendError } from './errors.ts';
import { sendNotice } from './notices.ts';
import { apiPrefix, methodsOf } from './routes.ts';
import type { HttpAddress } from './types.ts';

/** Why a request may not be answered at all (403); null when it may. */
export function refusalOf({ headers }: IncomingMessage, address: HttpAddress): ErrorBody | null {
  if (!isHostAllowed(headers.host, address)) {
    return {
      code: 'FORBIDDEN',
      message: 'The Host field does not name this server.',
      hint: `Use the address that Relay Bench printed, port ${address.port}.`,
    };
  }
  if (!isOriginAllowed(headers.origin, address)) {
    return { code: 'FORBIDDEN', message: 'The request comes from a page of another site.' };
  }
  return null;
}

/** 401: how the token is sent. */
export function sendUnauthorised(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  response.setHeader('www-authenticate', 'Bearer realm="Relay Bench"');
  const body = {
    code: 'UNAUTHORIZED',
    message: 'This needs the token that Relay Bench printed when it started.',
    hint: pathname.startsWith(apiPrefix)
      ? 'Send it as "Authorization: Bearer TOKEN".'
      : 'Open the whole address that it printed, with ?token= at its end; each start has a new one.',
  };
  sendNotice(request, response, 401, body);
}

/** 404 beside the API. */
export const sendNoPage = (request: IncomingMessage, response: ServerResponse, pathname: string): void =>
  sendNotice(request, response, 404, {
    code: 'NOT_FOUND',
    message: `There is no page at ${pathname}.`,
    hint: pathname === '/' ? 'The pages are not built: "npm start" builds them.' : 'The app is at /.',
  });

/** 405 beside the API. */
export function sendNotAllowed(response: ServerResponse, pathname: string): void {
  response.setHeader('allow', 'GET, HEAD');
  sendError(response, 405, { code: 'METHOD_NOT_ALLOWED', message: `${pathname} can only be read.` });
}

/** 426: a plain request for the WebSocket’s path. */
export function sendUpgradeRequired(response: ServerResponse): void {
  response.setHeader('upgrade', 'websocket');
  sendError(response, 426, { code: 'UPGRADE_REQUIRED', message: 'This is the page’s WebSocket.' });
}

/** Below the API: 404 for an unknown path, 405 with what is allowed for a wrong method. */
export function sendUnmatched(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  const methods = methodsOf(pathname);
  if (methods.length === 0) {
    sendError(response, 404, {
      code: 'NOT_FOUND',
      message: `There is nothing at ${pathname}.`,
      hint: 'GET /api/openapi.json lists every path.',
    });
    return;
  }
  const allowed = methods.join(', ');
  response.setHeader('allow', allowed);
  sendError(response, 405, {
    code: 'METHOD_NOT_ALLOWED',
    message: `${pathname} does not take ${request.method}.`,
    hint: `It takes ${allowed}.`,
  });
}
