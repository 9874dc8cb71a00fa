/**
 * The HTTP server of the headless shell: listens, cuts off slow clients, and stops in order.
 * What is answered to whom stands in `requests.ts`.
 */
import { createServer, type Server } from 'node:http';
import { createApi } from './api.ts';
import { createPages } from './pages.ts';
import { answer, answerUpgrade, type Destinations } from './requests.ts';
import { createPageSockets, type PageSockets } from './socket.ts';
import type { Bench, HttpAddress } from './types.ts';

export interface HttpServerOptions {
  readonly bench: Bench;
  /** Port 0 is any free one. */
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

const maxConnections = 256;

/** A client that sends or takes nothing for so long is cut off. Streams of events and WebSockets say something before. */
const idleTimeoutMs = 120_000;

/**
 * Starts to listen.
 * @throws the system's error where the address cannot be bound (`code` EADDRINUSE, EACCES, EADDRNOTAVAIL)
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { bench, token, version, pagesFolder } = options;
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
  const sockets = createPageSockets(bench.router);
  const api = createApi(bench.router);
  const pages = createPages(pagesFolder);
  const destinations: Destinations = { bench, address, token, version, api, pages, sockets };
  server.on('request', (request, response) => void answer(request, response, destinations));
  server.on('upgrade', (request, socket, head) => answerUpgrade(request, socket, head, destinations));
  return { address, close: () => close(server, sockets) };
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
  const cut = setTimeout(() => {
    server.closeAllConnections();
    sockets.terminate();
  }, closeGraceMs);
  await closed;
  clearTimeout(cut);
}
