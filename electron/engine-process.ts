/**
 * The engine in a process of its own (Electron's utility process), so that it shares no thread with windows. It serves
 * the contract over each port it is handed, and stops in order when it is told to.
 */
import { call } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { MessageEvent, MessagePortMain } from 'electron';
import { type Engine, startEngine } from '../relay-core/engine.ts';
import { createRouter } from '../relay-core/router.ts';
import { engineOptionsSchema, type FromEngine, toEngineSchema } from './engine-messages.ts';

const { parentPort } = process;
const tell = (message: FromEngine): void => parentPort.postMessage(message);

/** What a running engine does when it is told something; nothing while it starts. */
interface Service {
  connect(port: MessagePortMain | undefined): void;
  showCertificateAuthority(): Promise<void>;
  close(): Promise<void>;
}

function serviceOf(engine: Engine): Service {
  const router = createRouter(engine, 'desktop');
  const handler = new RPCHandler(router);
  return {
    connect(port) {
      if (port === undefined) return;
      handler.upgrade(port, { context: {} });
      port.start();
    },
    async showCertificateAuthority() {
      tell({ kind: 'certificate-authority', ...(await call(router.certificateAuthority, undefined)) });
    },
    close: engine.close,
  };
}

let service: Service | null = null;

/**
 * Ends the process, once a running engine has closed its store. A start is not waited for: it has answered nobody, and
 * what it writes (bench file, certificates, tables) is written whole or not at all.
 */
async function stop(): Promise<void> {
  await service?.close();
  process.exit(0);
}

function listen(): void {
  parentPort.on('message', ({ data, ports }: MessageEvent) => {
    const message = toEngineSchema.parse(data);
    switch (message.kind) {
      case 'connect':
        service?.connect(ports[0]);
        break;
      case 'show-certificate-authority':
        void service?.showCertificateAuthority();
        break;
      case 'stop':
        void stop();
    }
  });
}

/** The engine's own start error carries a hint; anything else is a fault, and its message is all there is. */
function startFailure(error: unknown): FromEngine {
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return { kind: 'start-failed', message, ...(hint === undefined ? {} : { hint }) };
}

listen();
try {
  const engine = await startEngine({
    ...engineOptionsSchema.parse(JSON.parse(process.argv[2] ?? '')),
    onProgress: ({ done, total }) => tell({ kind: 'starting', done, total }),
  });
  service = serviceOf(engine);
  tell({ kind: 'started' });
} catch (error) {
  tell(startFailure(error));
}
