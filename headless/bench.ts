/** Starts the engine, and shows it to the HTTP side as the bench it serves. */
import { type EngineOptions, startEngine } from '../relay-core/engine.ts';
import { createRouter } from '../relay-core/router.ts';
import type { RunningBench } from './serve.ts';

/** @throws EngineStartError */
export async function startBench(options: EngineOptions): Promise<RunningBench> {
  const engine = await startEngine(options);
  return {
    router: createRouter(engine, 'api'),
    certificateAuthorityPem: engine.certificateAuthority.pem,
    messagePiece: engine.message,
    status: () => engine.status(),
    close: () => engine.close(),
  };
}
