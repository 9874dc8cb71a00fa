/** The thread that `message-viewer.ts` starts for a large message: takes it apart, says how it reads, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageView } from './message-view.ts';

const memory: ArrayBuffer = workerData;
void messageView(new Uint8Array(memory)).then((view) => parentPort?.postMessage(view));
