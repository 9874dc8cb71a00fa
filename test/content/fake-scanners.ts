/** Scanners that misbehave: a TCP server that does with each connection what the test says. */
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ScannerAddress } from '../../relay-core/settings/filtering.ts';

/** Starts one on a free port of loopback; it goes with the test. */
export async function fakeScanner(
  meet: (socket: Socket) => void,
  timeoutMs = 5_000,
): Promise<ScannerAddress> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    meet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the scanner has no port');
  return { host: '127.0.0.1', port: address.port, timeoutMs };
}

/** Answers once bytes have come. */
export const saying = (answer: string | Uint8Array) => (socket: Socket) => {
  socket.once('data', () => socket.end(answer));
};

/** A port of loopback that nobody listens on. */
export async function deadScanner(): Promise<ScannerAddress> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the scanner had no port');
  return { host: '127.0.0.1', port: address.port, timeoutMs: 5_000 };
}
