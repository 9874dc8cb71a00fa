/** The headless shell's connection: one WebSocket to `api/socket` beside the page, opened again whenever it falls. */
import { RPCLink } from '@orpc/client/websocket';
import { z } from 'zod';
import { connectionLost, connectionOpened, type WayOut } from './connection.ts';

/** Waits between attempts, in milliseconds; the last repeats. Loopback: a quick retry costs nothing. */
const waitsMs = [250, 500, 1_000, 2_000];

const socketUrl = (): string => {
  const url = new URL('api/socket', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  return url.href;
};

type Refusal = { message: string; wayOut: WayOut };

const silent: Refusal = {
  message: 'The engine does not answer on this address. It may have been stopped.',
  wayOut: 'by-itself',
};

const newKey: Refusal = {
  message:
    'The engine was started again and has a new key. Open the address it printed in another tab; this page then goes on, with all that you entered.',
  wayOut: 'by-person',
};

const startingSchema = z.object({ message: z.string(), hint: z.string() });

/** Why no socket was opened: a page is not told, so that it asks for something small in the same way. */
const refusal = async (): Promise<Refusal> => {
  try {
    const response = await fetch(new URL('api/clock', document.baseURI), {
      headers: { accept: 'application/json' },
      cache: 'no-store',
    });
    if (response.status === 401) return newKey;
    if (response.status !== 503) return silent;
    const starting = startingSchema.safeParse(await response.json());
    return starting.success
      ? { message: `${starting.data.message} ${starting.data.hint}.`, wayOut: 'by-itself' }
      : silent;
  } catch {
    return silent;
  }
};

/** Connects, and keeps connecting: another tab may have brought the browser the new key. */
export const connectBrowser = (): void => {
  let attempt = 0;
  const open = (): void => {
    const websocket = new WebSocket(socketUrl());
    const link = new RPCLink({ websocket });
    let opened = false;
    websocket.addEventListener('open', () => {
      opened = true;
      attempt = 0;
      connectionOpened(link);
    });
    websocket.addEventListener('close', async () => {
      // What is under way fails at once; why, is asked after that.
      if (opened) connectionLost(silent.message);
      const { message, wayOut } = await refusal();
      connectionLost(message, wayOut);
      setTimeout(open, waitsMs[Math.min(attempt, waitsMs.length - 1)]);
      attempt += 1;
    });
  };
  open();
};
