/**
 * The page's connection: the contract over one WebSocket. A browser sends cookies with every WebSocket, from whatever
 * page it was opened, so the same checks stand here as before every request.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { explainRefusedInput } from './errors.ts';
import type { ContractRouter } from './types.ts';

/** A test message at its largest, as over HTTP. */
const maxPayloadBytes = 64 * 1024 * 1024;
const maxSockets = 64;
/** A browser that is asleep or gone answers no ping; the next one finds out. */
const pingEveryMs = 30_000;

export interface PageSockets {
  /** Takes over an upgrade that has passed the checks. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Says goodbye to every page. */
  close(): void;
  /** Cuts off those that did not say it too. */
  terminate(): void;
}

/** Serves the contract's procedures over WebSockets. */
export function createPageSockets(router: ContractRouter): PageSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    perMessageDeflate: false,
  });
  const handler = new RPCHandler(router, {
    clientInterceptors: [
      async ({ next, procedure }) => {
        try {
          return await next();
        } catch (error) {
          throw explainRefusedInput(error, procedure);
        }
      },
    ],
  });
  const awaited = new WeakSet<WebSocket>();
  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (awaited.has(socket)) socket.terminate();
      awaited.add(socket);
      socket.ping();
    }
  }, pingEveryMs);
  pinging.unref();

  return {
    accept(request, socket, head) {
      if (server.clients.size >= maxSockets) {
        refuseUpgrade(socket, 503);
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        opened.on('pong', () => awaited.delete(opened));
        // What is too large or malformed closes this socket; ws has told the page why.
        opened.on('error', () => {});
        void handler.upgrade(opened, { context: {} });
      });
    },
    close() {
      clearInterval(pinging);
      for (const socket of server.clients) socket.close(1001, 'Relay Bench is stopping');
      server.close();
    },
    terminate() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/** Answers an upgrade request with a plain status, and closes. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
