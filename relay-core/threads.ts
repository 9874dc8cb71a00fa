/** Threads of their own, for work that would hold up SMTP. */
import { readFileSync } from 'node:fs';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Programs of threads: `<name>.ts` beside the module that starts it; a build puts them beside what it is made for. */
export type ThreadProgram = 'store-writer' | 'message-parser';

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
