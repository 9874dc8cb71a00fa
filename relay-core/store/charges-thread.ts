/**
 * Charges read on a thread of their own: where there are millions, reading them takes half as long as counting them, and
 * goes on meanwhile. The thread reads one batch ahead.
 */
import { on } from 'node:events';
import type { LedgerEntry } from '../quota/types.ts';
import { startThread } from '../threads.ts';
import { type PackedCharges, unpackCharges } from './packed-charges.ts';

/** What the thread is started with. It answers each message, whatever is in it, with the next batch. */
export interface ChargesThreadStart {
  readonly file: string;
  /** The charges behind this number are wanted. */
  readonly behind: number;
}

export type ChargesAnswer =
  | { readonly kind: 'batch'; readonly charges: PackedCharges }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly message: string; readonly sqliteCode: number | null };

/**
 * The charges behind a number in the order of their time, some thousand at a time.
 * @throws the error of SQLite, when they cannot be read
 */
export async function* chargesFromThread(
  file: string,
  behind: number,
): AsyncGenerator<readonly LedgerEntry[]> {
  const workerData: ChargesThreadStart = { file, behind };
  const thread = startThread('charges-reader', import.meta.url, { workerData });
  const messages = on(thread, 'message', { close: ['exit'] });
  try {
    thread.postMessage('next');
    for await (const [message] of messages) {
      const answer: ChargesAnswer = message;
      if (answer.kind === 'end') return;
      if (answer.kind === 'failed')
        throw Object.assign(new Error(answer.message), { errcode: answer.sqliteCode });
      thread.postMessage('next');
      yield unpackCharges(answer.charges);
    }
    throw new Error('the thread that reads charges ended before their end');
  } finally {
    await thread.terminate();
  }
}
