/**
 * The desktop shell's connection: each MessagePort the preload hands over becomes the link; a dead engine is reported,
 * and how far a long start has come.
 */
import { RPCLink } from '@orpc/client/message-port';
import { connectionLost, connectionOpened, engineStarting } from './connection.ts';
import { onEnginePort } from './engine-port.ts';

/**
 * Chromium's ports have no `close` event, so the link is given a port of the shape that can be told:
 * when the shell says that the engine is gone, the link hears of it and ends what is under way.
 */
const closablePort = (port: MessagePort) => {
  const onClose = new Set<() => void>();
  return {
    onMessage: {
      addListener: (listen: (data: unknown) => void) =>
        port.addEventListener('message', (event) => listen(event.data)),
    },
    onDisconnect: { addListener: (listen: () => void) => void onClose.add(listen) },
    postMessage: (data: unknown) => port.postMessage(data),
    close: () => {
      for (const listen of onClose) listen();
      port.close();
    },
  };
};

/** Follows the preload from now on. */
export const connectDesktop = (): void => {
  let open: ReturnType<typeof closablePort> | null = null;
  onEnginePort((event) => {
    open?.close();
    open = null;
    if (event.kind === 'starting') {
      engineStarting(event);
      return;
    }
    if (event.kind === 'gone') {
      connectionLost(event.message || 'The engine stopped. It is being started again.');
      return;
    }
    open = closablePort(event.port);
    const link = new RPCLink({ port: open });
    event.port.start();
    connectionOpened(link);
  });
};
