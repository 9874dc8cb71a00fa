/**
 * Answers requests: settles who may call (host, origin, token), then leads to the pages, the API, the files or the
 * page's WebSocket. Knows nothing of listening and stopping.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Api } from './api.ts';
import { sendCertificateAuthority, sendMessageFile } from './downloads.ts';
import { sendError } from './errors.ts';
import { openApiDocument } from './openapi-document.ts';
import type { Pages } from './pages.ts';
import { refusalOf, sendNoPage, sendNotAllowed, sendUnauthorised, sendUpgradeRequired } from './refusals.ts';
import {
  apiPrefix,
  certificateAuthorityPath,
  messageFilePath,
  openApiPath,
  patternOf,
  relayedFilePath,
  socketPath,
} from './routes.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { type PageSockets, refuseUpgrade } from './socket.ts';
import { isAuthorised, isToken, tokenCookie, type VisitKeys } from './token.ts';
import type { Bench, HttpAddress } from './types.ts';

/** What requests are led to. */
export interface Destinations {
  readonly bench: Bench;
  /** Where the server listens. */
  readonly address: HttpAddress;
  readonly token: string;
  readonly visitKeys: VisitKeys;
  readonly version: string;
  readonly api: Api;
  readonly pages: Pages;
  readonly sockets: PageSockets;
}

/** Answers one request, whatever happens. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  destinations: Destinations,
): Promise<void> {
  setSecurityHeaders(response);
  try {
    await answerAllowed(request, response, destinations);
  } catch (error) {
    console.error(error);
    if (response.headersSent) response.destroy();
    else
      sendError(response, 500, { code: 'INTERNAL_SERVER_ERROR', message: 'This is a fault of Relay Bench.' });
  }
}

async function answerAllowed(
  request: IncomingMessage,
  response: ServerResponse,
  destinations: Destinations,
): Promise<void> {
  const { address, token, visitKeys } = destinations;
  const refusal = refusalOf(request, address);
  if (refusal !== null) return sendError(response, 403, refusal);
  const url = targetOf(request);
  if (url === null)
    return sendError(response, 400, { code: 'BAD_REQUEST', message: 'The address is malformed.' });
  const given = url.pathname === '/' ? url.searchParams.get('token') : null;
  if (given !== null && (isToken(given, token) || visitKeys.use(given)))
    return sendToCleanAddress(response, destinations);
  if (!isAuthorised(request.headers, token, address.port)) {
    return sendUnauthorised(request, response, url.pathname);
  }
  return lead(request, response, url.pathname, destinations);
}

/** The path and query that are asked for; null for what is no path (`http://…`, `*`). Its host says nothing. */
const targetOf = ({ url = '' }: IncomingMessage): URL | null =>
  url.startsWith('/') ? URL.parse(`http://relay-bench.invalid${url}`) : null;

function sendToCleanAddress(response: ServerResponse, { token, address }: Destinations): void {
  response.writeHead(303, { location: '/', 'set-cookie': tokenCookie(token, address.port) });
  response.end();
}

/** Leads a request that may be answered to what answers it. */
async function lead(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  { api, bench, pages, version }: Destinations,
): Promise<void> {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (pathname !== apiPrefix && !pathname.startsWith(`${apiPrefix}/`)) {
    if (!reading) return sendNotAllowed(response, pathname);
    if (!(await pages.send(response, pathname))) sendNoPage(request, response, pathname);
    return;
  }
  const messageFile = messageFiles.find(({ pattern }) => pattern.test(pathname));
  if (reading && messageFile !== undefined) {
    const id = messageFile.pattern.exec(pathname)?.[1] ?? '';
    return sendMessageFile(response, bench, decodeSegment(id), messageFile.form);
  }
  if (reading && pathname === certificateAuthorityPath) {
    return sendCertificateAuthority(response, bench.certificateAuthorityPem);
  }
  if (reading && pathname === openApiPath) return sendOpenApi(response, version);
  if (reading && pathname === socketPath) return sendUpgradeRequired(response);
  return api(request, response, pathname);
}

const messageFiles = [
  { pattern: patternOf(messageFilePath), form: 'arrived' },
  { pattern: patternOf(relayedFilePath), form: 'relayed' },
] as const;

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function sendOpenApi(response: ServerResponse, version: string): Promise<void> {
  const content = JSON.stringify(await openApiDocument(version), null, 2);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
  });
  response.end(content);
}

/** Answers a request to upgrade, by the same rules. */
export function answerUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { address, token, sockets }: Destinations,
): void {
  socket.on('error', () => socket.destroy());
  if (refusalOf(request, address) !== null) refuseUpgrade(socket, 403);
  else if (!isAuthorised(request.headers, token, address.port)) refuseUpgrade(socket, 401);
  else if (targetOf(request)?.pathname !== socketPath) refuseUpgrade(socket, 404);
  else sockets.accept(request, socket, head);
}
