/**
 * Whether the page has its engine, and the link that calls go through.
 * Calls made while there is no engine wait for it; calls under way when it goes fail with `ConnectionLost`.
 * It knows nothing of ports and sockets: `desktop.ts` and `browser.ts` report to it.
 */
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';

/** How far the engine's start has come: so many of the last 24 hours' charges are counted again. */
export type StartProgress = { done: number; total: number };

export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'starting'; progress: StartProgress }
  | { state: 'open' }
  | { state: 'lost'; since: number; message: string };

/** The engine went away while a call was under way; what became of the call is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

type Link = ClientLink<ClientContext>;
type Waiting = { resolve: (link: Link) => void; reject: (reason: unknown) => void };

let state: ConnectionState = { state: 'connecting' };
let current: { link: Link; gone: AbortController } | null = null;
const watchers = new Set<() => void>();
const waiting = new Set<Waiting>();

const become = (next: ConnectionState): void => {
  state = next;
  for (const watcher of watchers) watcher();
};

/** Subscribes to changes of the state, in the form React's `useSyncExternalStore` takes. */
export const watchConnection = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The state as it is now. */
export const connectionState = (): ConnectionState => state;

/** A shell has a working link: calls that waited go out. */
export const connectionOpened = (link: Link): void => {
  current?.gone.abort(new ConnectionLost('A newer connection took its place.'));
  current = { link, gone: new AbortController() };
  become({ state: 'open' });
  for (const one of waiting) one.resolve(link);
  waiting.clear();
};

const dropLink = (message: string): void => {
  current?.gone.abort(new ConnectionLost(message));
  current = null;
};

/** A shell has no link yet, since its engine has much to count before it is there. */
export const engineStarting = ({ done, total }: StartProgress): void => {
  dropLink('The engine is being started.');
  become({ state: 'starting', progress: { done, total } });
};

/** A shell lost its link; `message` says why, for people. */
export const connectionLost = (message: string): void => {
  dropLink(message);
  const since = state.state === 'lost' ? state.since : Date.now();
  become({ state: 'lost', since, message });
};

const whenOpen = (signal: AbortSignal | undefined): Promise<Link> => {
  if (current) return Promise.resolve(current.link);
  return new Promise((resolve, reject) => {
    const one: Waiting = { resolve, reject };
    waiting.add(one);
    signal?.addEventListener('abort', () => {
      waiting.delete(one);
      reject(signal.reason);
    });
  });
};

const rejectWhenAborted = (signal: AbortSignal): { promise: Promise<never>; forget: () => void } => {
  let onAbort = () => {};
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
};

/** The link to give the client once: it always leads to the engine of the moment. */
export const engineLink: Link = {
  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>) {
    const link = await whenOpen(options.signal);
    const gone =
      current?.link === link
        ? current.gone.signal
        : AbortSignal.abort(new ConnectionLost('The connection to the engine was lost.'));
    const lost = rejectWhenAborted(gone);
    try {
      return await Promise.race([link.call(path, input, options), lost.promise]);
    } finally {
      lost.forget();
    }
  },
};

/** Resolves when there is an engine to talk to. */
export const connectionReady = async (signal?: AbortSignal): Promise<void> => {
  await whenOpen(signal);
};
