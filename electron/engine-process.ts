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

function serve(engine: Engine): void {
  const router = createRouter(engine, 'desktop');
  const handler = new RPCHandler(router);

  const connect = (port: MessagePortMain | undefined): void => {
    if (port === undefined) return;
    handler.upgrade(port, { context: {} });
    port.start();
  };

  const showCertificateAuthority = async (): Promise<void> => {
    tell({ kind: 'certificate-authority', ...(await call(router.certificateAuthority, undefined)) });
  };

  const stop = async (): Promise<void> => {
    await engine.close();
    process.exit(0);
  };

  parentPort.on('message', ({ data, ports }: MessageEvent) => {
    const message = toEngineSchema.parse(data);
    if (message.kind === 'connect') connect(ports[0]);
    else if (message.kind === 'show-certificate-authority') void showCertificateAuthority();
    else void stop();
  });
}

/** The engine's own start error carries a hint; anything else is a fault, and its message is all there is. */
function startFailure(error: unknown): FromEngine {
  const message = error instanceof Error ? error.message : String(error);
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return { kind: 'start-failed', message, ...(hint === undefined ? {} : { hint }) };
}

try {
  const engine = await startEngine({
    ...engineOptionsSchema.parse(JSON.parse(process.argv[2] ?? '')),
    onProgress: ({ done, total }) => tell({ kind: 'starting', done, total }),
  });
  serve(engine);
  tell({ kind: 'started' });
} catch (error) {
  tell(startFailure(error));
}
