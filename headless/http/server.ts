/**
 * The HTTP server of the headless shell: listens, cuts off slow clients, and stops in order.
 * What is answered to whom stands in `requests.ts`.
 */
import { createServer, type Server } from 'node:http';
import { createApi } from './api.ts';
import { createPages } from './pages.ts';
import { answer, answerUpgrade, type Destinations } from './requests.ts';
import { createPageSockets, type PageSockets, refuseUpgrade } from './socket.ts';
import { createVisitKeys } from './token.ts';
import type { Bench, HttpAddress } from './types.ts';
import { answerWaiting } from './waiting.ts';

export interface HttpOpening {
  /** Port 0 is any free one. */
  readonly address: HttpAddress;
  readonly token: string;
  /** The folder of the built pages. */
  readonly pagesFolder: string;
  readonly version: string;
  /** How far the start has come, in one sentence; asked for until there is a bench to serve. */
  readonly progress: () => string;
}

export interface HttpServerOptions extends Omit<HttpOpening, 'progress'> {
  readonly bench: Bench;
}

export interface HttpServer {
  /** Where it listens, with the real port. */
  readonly address: HttpAddress;
  /** Lets requests under way end, for a moment, and closes. */
  close(): Promise<void>;
}

export interface WaitingHttpServer extends HttpServer {
  /** A key that lets one browser in, once, in the place of the token. */
  makeVisitKey(): string;
  /** Answers for the bench from now on. Before, everybody is told how far the start has come. */
  serve(bench: Bench): void;
}

/** How long requests under way may go on when the server stops. */
const closeGraceMs = 2_000;

const maxConnections = 256;

/** A client that sends or takes nothing for so long is cut off. Streams of events and WebSockets say something before. */
const idleTimeoutMs = 120_000;

/**
 * Starts to listen for a bench that is there.
 * @throws the system's error where the address cannot be bound (`code` EADDRINUSE, EACCES, EADDRNOTAVAIL)
 */
export async function startHttpServer({ bench, ...opening }: HttpServerOptions): Promise<HttpServer> {
  const server = await openHttpServer({ ...opening, progress: () => '' });
  server.serve(bench);
  return server;
}

/**
 * Starts to listen for a bench that is on its way.
 * @throws as `startHttpServer`
 */
export async function openHttpServer(options: HttpOpening): Promise<WaitingHttpServer> {
  const { token, version, pagesFolder, progress } = options;
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = maxConnections;
  server.setTimeout(idleTimeoutMs);
  const address = await listen(server, options.address);
  const visitKeys = createVisitKeys();
  let destinations: Destinations | null = null;
  server.on('request', (request, response) => {
    if (destinations === null) answerWaiting(request, response, { address, progress });
    else void answer(request, response, destinations);
  });
  server.on('upgrade', (request, socket, head) => {
    if (destinations === null) refuseUpgrade(socket, 503);
    else answerUpgrade(request, socket, head, destinations);
  });
  return {
    address,
    makeVisitKey: visitKeys.make,
    serve(bench) {
      const sockets = createPageSockets(bench.router);
      const api = createApi(bench.router);
      const pages = createPages(pagesFolder);
      destinations = { bench, address, token, visitKeys, version, api, pages, sockets };
    },
    close: () => close(server, destinations?.sockets ?? null),
  };
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

async function close(server: Server, sockets: PageSockets | null): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  sockets?.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    server.closeAllConnections();
    sockets?.terminate();
  }, closeGraceMs);
  await closed;
  clearTimeout(cut);
}
