/** The test sender: what cannot work is said before anything is sent, beside the key it stands at. */
import type { DialogueLine, SendProgress, SendResult, TestMessage } from '../contract/index.ts';
import { relayBench } from './implement.ts';

interface Mismatch {
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

/** Combinations that no client could make work (PRT-2). */
function mismatchIn({ portRole, tls, to }: TestMessage): Mismatch | null {
  if (portRole === 'smtps' && tls !== 'implicit') {
    return {
      path: 'tls',
      message: 'Port 465 speaks TLS from the first byte.',
      hint: 'use tls: implicit with portRole: smtps',
    };
  }
  if (portRole !== 'smtps' && tls === 'implicit') {
    return {
      path: 'tls',
      message: 'Ports 25 and 587 begin in plain text.',
      hint: 'use tls: starttls or none, or portRole: smtps',
    };
  }
  const empty = to.findIndex((address) => address.trim() === '');
  return empty === -1
    ? null
    : {
        path: `to[${empty}]`,
        message: 'A recipient is empty.',
        hint: 'write an address such as anna@example.com',
      };
}

const send = relayBench.messages.send.handler(async ({ input, context, errors, signal }) => {
  const mismatch = mismatchIn(input);
  if (mismatch !== null) {
    const { message, ...data } = mismatch;
    throw errors.UNPROCESSABLE({ message, data });
  }
  return context.engine.send(input, {
    onLines: () => undefined,
    ...(signal === undefined ? {} : { signal }),
  });
});

const watch = relayBench.messages.watch.handler(async function* ({ input, context, errors, signal }) {
  const mismatch = mismatchIn(input);
  if (mismatch !== null) {
    const { message, ...data } = mismatch;
    throw errors.UNPROCESSABLE({ message, data });
  }
  yield* progressOf((onLines) =>
    context.engine.send(input, { onLines, ...(signal === undefined ? {} : { signal }) }),
  );
});

/** Lines in batches while a sending goes on, then its result. */
async function* progressOf(
  start: (onLines: (lines: DialogueLine[]) => void) => Promise<SendResult>,
): AsyncGenerator<SendProgress, void, void> {
  let waiting: DialogueLine[] = [];
  let wake: () => void = () => undefined;
  let result: SendResult | null = null;
  const sending = start((lines) => {
    waiting.push(...lines);
    wake();
  }).then((sent) => {
    result = sent;
    wake();
  });
  while (result === null) {
    if (waiting.length === 0) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([woken, sending]);
    }
    if (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      yield { kind: 'lines', lines };
    }
  }
  yield { kind: 'done', result };
}

export const messages = { send, watch };
