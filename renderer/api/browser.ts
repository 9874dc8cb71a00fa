/** The headless shell's connection: one WebSocket to `api/socket` beside the page, opened again whenever it falls. */
import { RPCLink } from '@orpc/client/websocket';
import { connectionLost, connectionOpened } from './connection.ts';

/** Waits between attempts, in milliseconds; the last repeats. Loopback: a quick retry costs nothing. */
const waitsMs = [250, 500, 1_000, 2_000];

const socketUrl = (): string => {
  const url = new URL('api/socket', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
};

/** Connects, and keeps connecting. */
export const connectBrowser = (): void => {
  let attempt = 0;
  const open = (): void => {
    const websocket = new WebSocket(socketUrl());
    const link = new RPCLink({ websocket });
    websocket.addEventListener('open', () => {
      attempt = 0;
      connectionOpened(link);
    });
    websocket.addEventListener('close', () => {
      connectionLost(
        'The engine does not answer on this address. It may have been stopped, or its token has changed.',
      );
      setTimeout(open, waitsMs[Math.min(attempt, waitsMs.length - 1)]);
      attempt += 1;
    });
  };
  open();
};
