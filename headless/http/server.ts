/**
 * The HTTP server of the headless shell: settles who may call (host, origin, token), then leads to the pages, the API,
 * the files or the page's WebSocket. Slow clients are cut off. Knows nothing of the command line.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { isHostAllowed, isOriginAllowed } from './access.ts';
import { type Api, createApi } from './api.ts';
import { sendCertificateAuthority, sendMessageFile } from './downloads.ts';
import { type ErrorBody, sendError } from './errors.ts';
import { sendNotice } from './notices.ts';
import { openApiDocument } from './openapi-document.ts';
import { createPages, type Pages } from './pages.ts';
import {
  apiPrefix,
  certificateAuthorityPath,
  messageFilePath,
  openApiPath,
  patternOf,
  socketPath,
} from './routes.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { createPageSockets, type PageSockets, refuseUpgrade } from './socket.ts';
import { isAuthorised, isToken, tokenCookie } from './token.ts';
import type { Bench, HttpAddress } from './types.ts';

export interface HttpServerOptions {
  readonly bench: Bench;
  readonly address: HttpAddress;
  readonly token: string;
  /** The folder of the built pages. */
  readonly pagesFolder: string;
  readonly version: string;
}

export interface HttpServer {
  /** Where it listens, with the real port. */
  readonly address: HttpAddress;
  /** Lets requests under way end, for a moment, and closes. */
  close(): Promise<void>;
}

/** How long requests under way may go on when the server stops. */
const closeGraceMs = 2_000;

/**
 * Starts to listen.
 * @throws the system's error where the address cannot be bound (`code` EADDRINUSE, EACCES, EADDRNOTAVAIL)
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = 256;
  server.setTimeout(120_000);
  const address = await listen(server, options.address);
  const parts: Parts = {
    ...options,
    address,
    api: createApi(options.bench.router),
    pages: createPages(options.pagesFolder),
    sockets: createPageSockets(options.bench.router),
  };
  server.on('request', (request, response) => void answer(request, response, parts));
  server.on('upgrade', (request, socket, head) => upgrade(request, socket, head, parts));
  return { address, close: () => close(server, parts.sockets) };
}

interface Parts extends HttpServerOptions {
  readonly api: Api;
  readonly pages: Pages;
  readonly sockets: PageSockets;
}

function listen(server: Server, { host, port }: HttpAddress): Promise<HttpAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve({ host, port: typeof bound === 'object' && bound !== null ? bound.port : port });
    });
  });
}

async function close(server: Server, sockets: PageSockets): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  sockets.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await closed;
  clearTimeout(cut);
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  setSecurityHeaders(response);
  try {
    const refusal = refusalOf(request, parts.address);
    if (refusal !== null) return sendError(response, 403, refusal);
    const url = targetOf(request);
    if (url === null)
      return sendError(response, 400, { code: 'BAD_REQUEST', message: 'The address is malformed' });
    const given = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (given !== null && isToken(given, parts.token)) return sendToCleanAddress(response, parts);
    if (!isAuthorised(request.headers, parts.token, parts.address.port)) {
      return sendUnauthorised(request, response, url.pathname);
    }
    await lead(request, response, url.pathname, parts);
  } catch (error) {
    console.error(error);
    if (response.headersSent) response.destroy();
    else
      sendError(response, 500, { code: 'INTERNAL_SERVER_ERROR', message: 'This is a fault of Relay Bench' });
  }
}

/** Leads a request that may be answered to what answers it. */
async function lead(
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  parts: Parts,
): Promise<void> {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (pathname !== apiPrefix && !pathname.startsWith(`${apiPrefix}/`)) {
    if (!reading) return sendNotAllowed(response, pathname);
    if (!(await parts.pages.send(response, pathname))) sendNoPage(request, response, pathname);
    return;
  }
  const messageId = patternOf(messageFilePath).exec(pathname)?.[1];
  if (reading && messageId !== undefined) {
    return sendMessageFile(response, parts.bench, decodeSegment(messageId));
  }
  if (reading && pathname === certificateAuthorityPath) {
    return sendCertificateAuthority(response, parts.bench.certificateAuthorityPem);
  }
  if (reading && pathname === openApiPath) return sendOpenApi(response, parts.version);
  if (reading && pathname === socketPath) return sendUpgradeRequired(response);
  await parts.api(request, response, pathname);
}

function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, parts: Parts): void {
  socket.on('error', () => socket.destroy());
  const pathname = targetOf(request)?.pathname;
  if (refusalOf(request, parts.address) !== null) refuseUpgrade(socket, 403);
  else if (!isAuthorised(request.headers, parts.token, parts.address.port)) refuseUpgrade(socket, 401);
  else if (pathname !== socketPath) refuseUpgrade(socket, 404);
  else parts.sockets.accept(request, socket, head);
}

/** The path and query that are asked for; null for what is no path (`http://…`, `*`). Its host says nothing. */
const targetOf = ({ url = '' }: IncomingMessage): URL | null =>
  url.startsWith('/') ? URL.parse(`http://relay-bench.invalid${url}`) : null;

function refusalOf({ headers }: IncomingMessage, address: HttpAddress): ErrorBody | null {
  if (!isHostAllowed(headers.host, address)) {
    return {
      code: 'FORBIDDEN',
      message: 'The Host field does not name this server',
      hint: `Use the address that Relay Bench printed, port ${address.port}`,
    };
  }
  if (!isOriginAllowed(headers.origin, address)) {
    return { code: 'FORBIDDEN', message: 'The request comes from a page of another site' };
  }
  return null;
}

function sendToCleanAddress(response: ServerResponse, { token, address }: Parts): void {
  response.writeHead(303, { location: '/', 'set-cookie': tokenCookie(token, address.port) });
  response.end();
}

function sendUnauthorised(request: IncomingMessage, response: ServerResponse, pathname: string): void {
  response.setHeader('www-authenticate', 'Bearer realm="Relay Bench"');
  const body = {
    code: 'UNAUTHORIZED',
    message: 'This needs the token that Relay Bench printed when it started',
    hint: pathname.startsWith(apiPrefix)
      ? 'Send it as "Authorization: Bearer TOKEN"'
      : 'Open the whole address that it printed, with ?token= at its end; each start has a new one',
  };
  sendNotice(request, response, 401, body);
}

const sendNoPage = (request: IncomingMessage, response: ServerResponse, pathname: string): void =>
  sendNotice(request, response, 404, {
    code: 'NOT_FOUND',
    message: `There is no page at ${pathname}`,
    hint: pathname === '/' ? 'The pages are not built: "npm start" builds them' : 'The app is at /',
  });

function sendNotAllowed(response: ServerResponse, pathname: string): void {
  response.setHeader('allow', 'GET, HEAD');
  sendError(response, 405, { code: 'METHOD_NOT_ALLOWED', message: `${pathname} can only be read` });
}

function sendUpgradeRequired(response: ServerResponse): void {
  response.setHeader('upgrade', 'websocket');
  sendError(response, 426, { code: 'UPGRADE_REQUIRED', message: 'This is the page’s WebSocket' });
}

async function sendOpenApi(response: ServerResponse, version: string): Promise<void> {
  const content = JSON.stringify(await openApiDocument(version), null, 2);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(content),
  });
  response.end(content);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
