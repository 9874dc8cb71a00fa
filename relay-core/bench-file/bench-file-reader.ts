/** The thread that reads a long bench file, for `prepare.ts` or `draft.ts`: gives what came of it, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { type DraftTask, draftedHere } from './draft.ts';
import { type PrepareTask, preparedHere } from './prepare.ts';

const task: PrepareTask | DraftTask = workerData;
void Promise.resolve('change' in task ? draftedHere(task) : preparedHere(task)).then((answer) =>
  parentPort?.postMessage(answer),
);
