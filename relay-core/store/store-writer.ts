/** The thread that `writer-thread.ts` starts: it takes batches, commits them, and says what became of each write. */
import { workerData } from 'node:worker_threads';
import { openConnection } from './connection.ts';
import { sqliteCodeOf } from './error.ts';
import type { Write } from './write.ts';
import { createWriter, type Writer } from './writer.ts';
import type { Synchronous, ThreadAnswer, ThreadRequest, ThreadStart } from './writer-thread.ts';

const { file, synchronous, port, answered }: ThreadStart = workerData;
const answeredCount = new Int32Array(answered);

/** Whoever is blocked looks for the message once the count has gone up. */
function answer(message: ThreadAnswer): void {
  port.postMessage(message);
  Atomics.add(answeredCount, 0, 1);
  Atomics.notify(answeredCount, 0);
}

try {
  start();
  answer({ kind: 'done' });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  answer({ kind: 'not-opened', message, sqliteCode: sqliteCodeOf(error) });
}

function start(): void {
  const database = openConnection(file);
  const setSynchronous = (mode: Synchronous) => database.exec(`PRAGMA synchronous = ${mode}`);
  setSynchronous(synchronous);
  const writer = createWriter(database);
  port.on('message', (request: ThreadRequest) => {
    switch (request.kind) {
      case 'write':
        answer(write(writer, request));
        break;
      case 'synchronous':
        setSynchronous(request.mode);
        answer({ kind: 'done' });
        break;
      case 'close':
        database.close();
        port.unref();
        answer({ kind: 'done' });
    }
  });
}

function write(writer: Writer, request: Extract<ThreadRequest, { kind: 'write' }>): ThreadAnswer {
  const kept = writer.write(withContents(request));
  return kept.every(({ outcome }) => outcome === 'kept') ? { kind: 'done' } : { kind: 'written', kept };
}

function withContents({
  writes,
  contents,
  contentBytes,
}: Extract<ThreadRequest, { kind: 'write' }>): readonly Write[] {
  let at = 0;
  return writes.map((write, index) => {
    const bytes = contentBytes[index] ?? null;
    if (write.kind === 'session' || bytes === null) return write;
    const content = new Uint8Array(contents, at, bytes);
    at += bytes;
    return { ...write, content };
  });
}
