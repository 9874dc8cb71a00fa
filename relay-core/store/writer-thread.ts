/**
 * The writer on a thread of its own: SMTP sessions go on while a batch is committed, and while the log goes into the
 * file, which waits for the disk. One request at a time is on its way, and each is answered by one message.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import type { Committer } from './group-commit.ts';
import type { Kept } from './types.ts';
import type { Write } from './write.ts';

export type Synchronous = 'normal' | 'full';

/** What the thread is started with; it answers when its connection is open. */
export interface ThreadStart {
  readonly file: string;
  readonly synchronous: Synchronous;
  readonly port: MessagePort;
  /** One 32-bit number: how many messages the thread has sent. */
  readonly answered: SharedArrayBuffer;
}

export type ThreadRequest =
  | {
      readonly kind: 'write';
      readonly writes: readonly Write[];
      /** The contents of the batch's messages, one behind the other. */
      readonly contents: ArrayBuffer;
      /** How long each write's content is; null where it has none. */
      readonly contentBytes: readonly (number | null)[];
    }
  | { readonly kind: 'synchronous'; readonly mode: Synchronous }
  | { readonly kind: 'close' };

export type ThreadAnswer =
  /** Of a batch: every write is kept. */
  | { readonly kind: 'done' }
  | { readonly kind: 'written'; readonly kept: readonly Kept[] }
  | { readonly kind: 'not-opened'; readonly message: string; readonly sqliteCode: number | null };

const wordBytes = 4;
/** A commit waits for the disk, and a slow one may take its time; beyond this something is wrong for good. */
const longestWaitMs = 60_000;
/** Batches are short-lived, and small beside this: the thread's memory is its own, and mostly garbage. */
const youngGenerationMb = 6;

/**
 * Starts the thread, with a connection of its own to a file that has its tables. Should it end by a fault later, that
 * fault is thrown here, as any other that nobody handles.
 * @throws the error of SQLite, when the file cannot be used
 */
export function startWriterThread(file: string, synchronous: Synchronous): Committer {
  const answered = new SharedArrayBuffer(wordBytes);
  const answeredCount = new Int32Array(answered);
  const { port1: port, port2: itsPort } = new MessageChannel();
  const workerData: ThreadStart = { file, synchronous, port: itsPort, answered };
  startThread('store-writer', import.meta.url, {
    workerData,
    transferList: [itsPort],
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  });
  let expected = 0;
  let take: (answer: ThreadAnswer) => void = () => undefined;

  function expectAnswer(taker: typeof take): void {
    expected += 1;
    take = taker;
  }

  function finish(): void {
    for (
      let count = Atomics.load(answeredCount, 0);
      count !== expected;
      count = Atomics.load(answeredCount, 0)
    ) {
      if (Atomics.wait(answeredCount, 0, count, longestWaitMs) === 'timed-out')
        throw new Error('the store’s writer does not answer');
    }
    const received: { readonly message: ThreadAnswer } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) take(received.message);
  }

  function askAndWait(request: ThreadRequest): void {
    expectAnswer(() => undefined);
    port.postMessage(request);
    finish();
  }

  port.on('message', (answer: ThreadAnswer) => take(answer));
  expectAnswer((answer) => {
    if (answer.kind !== 'not-opened') return;
    port.close();
    throw Object.assign(new Error(answer.message), { errcode: answer.sqliteCode });
  });
  finish();

  return {
    begin(batch, answerBatch) {
      expectAnswer((answer) =>
        answerBatch(answer.kind === 'written' ? answer.kept : batch.map(() => ({ outcome: 'kept' }))),
      );
      const { request, transfer } = writeRequest(batch);
      port.postMessage(request, transfer);
    },
    finish,
    setSynchronous: (mode) => askAndWait({ kind: 'synchronous', mode }),
    close() {
      askAndWait({ kind: 'close' });
      port.close();
    },
  };
}

/** Contents go over in one piece of memory that changes hands; a view into a pool would be sent with all of its pool. */
function writeRequest(batch: readonly Write[]): {
  readonly request: ThreadRequest;
  readonly transfer: readonly ArrayBuffer[];
} {
  const parts = batch.map((write) => (write.kind === 'transaction' ? write.content : null));
  const contentBytes = parts.map((part) => part?.byteLength ?? null);
  const contents = new Uint8Array(contentBytes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0));
  let at = 0;
  for (const part of parts) {
    if (part === null) continue;
    contents.set(part, at);
    at += part.byteLength;
  }
  const writes = batch.map((write) => (write.kind === 'transaction' ? { ...write, content: null } : write));
  return {
    request: { kind: 'write', writes, contents: contents.buffer, contentBytes },
    transfer: [contents.buffer],
  };
}
