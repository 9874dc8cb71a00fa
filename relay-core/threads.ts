/** Threads of their own, for work that would hold up SMTP. */
import { readFileSync } from 'node:fs';
import { type Transferable, Worker, type WorkerOptions } from 'node:worker_threads';

/** Programs of threads: `<name>.ts` beside the module that starts it; a build puts them beside what it is made for. */
export type ThreadProgram = 'store-writer' | 'message-parser' | 'bench-file-reader';

/**
 * Starts a thread. Of a build the program's text is given: the archive of a packed app is a folder for this process, but
 * not for every loader of a thread.
 * @param startedBy `import.meta.url` of the module beside which the program lies
 */
export function startThread(program: ThreadProgram, startedBy: string, options: WorkerOptions): Worker {
  const named: WorkerOptions = { name: program, ...options };
  if (startedBy.endsWith('.ts')) return new Worker(new URL(`${program}.ts`, startedBy), named);
  return new Worker(readFileSync(new URL(`${program}.cjs`, startedBy), 'utf8'), { ...named, eval: true });
}

export interface ThreadQuestion {
  /** What the program finds as its `workerData`. */
  readonly input: unknown;
  /** Memory in it that changes hands. */
  readonly transfer: readonly Transferable[];
  /** When the thread is given up, in milliseconds. */
  readonly longestMs: number;
  /** How large its heap may become, in MiB. */
  readonly heapMb: number;
}

/**
 * Starts a thread for one question; its first message is the answer.
 * @returns a promise that is rejected when the thread fails, ends without an answer, or takes too long
 */
export function askThread<Answer>(
  program: ThreadProgram,
  startedBy: string,
  { input, transfer, longestMs, heapMb }: ThreadQuestion,
): Promise<Answer> {
  const thread = startThread(program, startedBy, {
    workerData: input,
    transferList: [...transfer],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  const answer = new Promise<Answer>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error(`${program} ended without an answer`)));
  });
  const timer = setTimeout(() => void thread.terminate(), longestMs);
  return answer.finally(() => {
    clearTimeout(timer);
    void thread.terminate();
  });
}
