/**
 * Speaks the Chrome DevTools Protocol over Chromium's debugging pipe: commands with their answers, events by session.
 * The pipe, unlike a socket, ends Chromium when the stand-in is killed.
 */
import type { Readable, Writable } from 'node:stream';

/** What the protocol carries; each caller knows the keys of its own commands. */
// biome-ignore lint/suspicious/noExplicitAny: the protocol's types are not among the dependencies
export type Fields = Record<string, any>;

interface Pending {
  resolve(result: Fields): void;
  reject(error: Error): void;
}

export interface CdpSession {
  send(method: string, params?: Fields): Promise<Fields>;
  on(method: string, listener: (params: Fields) => void): void;
}

export interface CdpConnection extends CdpSession {
  session(sessionId: string): CdpSession;
}

/** @param input what is written to Chromium; @param output what is read from it */
export function connect(input: Writable, output: Readable): CdpConnection {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, ((params: Fields) => void)[]>();
  let nextId = 1;
  let rest = '';

  const receive = (text: string): void => {
    const { id, result, error, method, params, sessionId } = JSON.parse(text) as Fields;
    if (id === undefined) {
      for (const listener of listeners.get(`${sessionId ?? ''} ${method}`) ?? []) listener(params);
      return;
    }
    const command = pending.get(id);
    pending.delete(id);
    if (error) command?.reject(new Error(error.message));
    else command?.resolve(result);
  };

  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) receive(message);
  });
  const gone = (): void => {
    for (const command of pending.values()) command.reject(new Error('Chromium is gone'));
    pending.clear();
  };
  output.on('close', gone);
  input.on('error', gone);

  const sessionFor = (sessionId: string): CdpSession => ({
    send(method, params = {}) {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      });
    },
    on(method, listener) {
      const key = `${sessionId} ${method}`;
      listeners.set(key, [...(listeners.get(key) ?? []), listener]);
    },
  });
  return { ...sessionFor(''), session: sessionFor };
}
