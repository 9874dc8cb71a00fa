/** The thread that `charges-thread.ts` starts: it reads charges, a batch whenever it is asked. */
import { parentPort, workerData } from 'node:worker_threads';
import { chargesReader } from './charges.ts';
import type { ChargesAnswer, ChargesThreadStart } from './charges-thread.ts';
import { openConnection } from './connection.ts';
import { sqliteCodeOf } from './error.ts';
import { packCharges } from './packed-charges.ts';

const { file, behind }: ChargesThreadStart = workerData;
const batches = chargesReader(openConnection(file), () => behind)
  .batchesBehind(behind)
  [Symbol.iterator]();

parentPort?.on('message', () => {
  const answer = next();
  parentPort?.postMessage(answer, answer.kind === 'batch' ? [answer.charges.at.buffer] : []);
});

function next(): ChargesAnswer {
  try {
    const { done, value } = batches.next();
    return done === true ? { kind: 'end' } : { kind: 'batch', charges: packCharges(value) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, sqliteCode: sqliteCodeOf(error) };
  }
}
