/**
 * One question to a scanner over TCP and its answer: a connection of its own, bounded in time and in bytes. Knows
 * nothing of what is asked; spamd's and clamd's words are in `spamassassin.ts` and `clamav.ts`.
 */
import { connect } from 'node:net';
import type { ScannerAddress } from '../settings/filtering.ts';

export type Exchange =
  | { readonly outcome: 'answered'; readonly answer: Buffer }
  | { readonly outcome: 'unreachable' | 'too-slow' | 'unintelligible' | 'refused'; readonly detail: string };

/** No scanner's answer to these questions is near this. */
const maxAnswerBytes = 64 * 1024;

/** Sends the pieces, reads until the scanner closes or `isWhole` says that nothing more will come. Never rejects. */
export function askScanner(
  { host, port, timeoutMs }: ScannerAddress,
  pieces: readonly Uint8Array[],
  isWhole: (answer: Buffer) => boolean,
): Promise<Exchange> {
  const name = `${host}:${port}`;
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let answer = Buffer.alloc(0);
    let isConnected = false;
    const settle = (exchange: Exchange) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(exchange);
    };
    const timer = setTimeout(() => {
      settle({ outcome: 'too-slow', detail: `${name} did not answer within ${timeoutMs} ms` });
    }, timeoutMs);
    socket.on('connect', () => {
      isConnected = true;
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length > maxAnswerBytes) {
        settle({ outcome: 'unintelligible', detail: `${name} answered more than ${maxAnswerBytes} bytes` });
      } else if (isWhole(answer)) settle({ outcome: 'answered', answer });
    });
    socket.on('end', () => {
      settle(
        answer.length > 0
          ? { outcome: 'answered', answer }
          : { outcome: 'unintelligible', detail: `${name} closed the connection without an answer` },
      );
    });
    socket.on('error', ({ message }) => {
      // A scanner may answer early and refuse the rest of what it is sent: what it said counts.
      if (answer.length > 0) settle({ outcome: 'answered', answer });
      else if (isConnected) {
        // Too large a message, by its own settings, is the usual reason.
        settle({
          outcome: 'refused',
          detail: `${name} broke off while it was sent the message (${message})`,
        });
      } else settle({ outcome: 'unreachable', detail: `${name} cannot be reached: ${message}` });
    });
  });
}
