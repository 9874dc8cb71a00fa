/** The thread that `prepare.ts` starts for a long bench file: reads it, gives what is in it or what is wrong, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PrepareTask, preparedHere } from './prepare.ts';

const task: PrepareTask = workerData;
void preparedHere(task).then((prepared) => parentPort?.postMessage(prepared));
