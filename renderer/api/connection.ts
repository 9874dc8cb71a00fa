/**
 * Whether the page has its engine, and the link that calls go through.
 * Calls made while there is no engine wait for it; calls under way when it goes fail with `ConnectionLost`.
 * It knows nothing of ports and sockets: `desktop.ts` and `browser.ts` report to it.
 */
import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';

/** How far the engine's start has come: so many of the last 24 hours' charges are counted again. */
export type StartProgress = { done: number; total: number };

/** What brings a lost connection back: the page, which tries again by itself, or something a person has to do first. */
export type WayOut = 'by-itself' | 'by-person';

export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'starting'; progress: StartProgress }
  | { state: 'open' }
  | { state: 'lost'; since: number; message: string; wayOut: WayOut };

/** The engine went away while a call was under way; what became of the call is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** A person gave up what waited for the engine: it never went out. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

type Link = ClientLink<ClientContext>;
type Waiting = { name: string | null; resolve: (link: Link) => void; reject: (reason: unknown) => void };

/** What people ask for that is more than a read, as they would say it, by its path in the contract. */
const askedFor: Readonly<Record<string, string>> = {
  'bench.draft': 'putting the change into the settings',
  'bench.replace': 'saving the bench file',
  'clock.advance': 'moving the clock',
  'clock.change': 'moving the clock',
  'messages.send': 'sending the message',
  'messages.watch': 'sending the message',
  'quotas.fill': 'filling the window',
  'quotas.removeFills': 'undoing the fills',
  'whatIf.watch': 'trying the draft',
};

let state: ConnectionState = { state: 'connecting' };
let current: { link: Link; gone: AbortController } | null = null;
const watchers = new Set<() => void>();
const waiting = new Set<Waiting>();
let waitingNames: readonly string[] = [];

const tell = (): void => {
  for (const watcher of watchers) watcher();
};

const become = (next: ConnectionState): void => {
  state = next;
  tell();
};

const waitingChanged = (): void => {
  waitingNames = [...new Set([...waiting].flatMap(({ name }) => name ?? []))];
  tell();
};

/** Subscribes to changes of the state, in the form React's `useSyncExternalStore` takes. */
export const watchConnection = (watcher: () => void): (() => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

/** The state as it is now. */
export const connectionState = (): ConnectionState => state;

/** What people asked for and the engine has not heard of yet, in words; a read is not named. */
export const waitingForEngine = (): readonly string[] => waitingNames;

/** Gives up what people asked for and the engine has not heard of yet. Reads go on waiting. */
export const cancelWaiting = (): void => {
  for (const one of waiting)
    if (one.name !== null) {
      waiting.delete(one);
      one.reject(new Cancelled('It was cancelled while it waited for the engine.'));
    }
  waitingChanged();
};

/** A shell has a working link: calls that waited go out. */
export const connectionOpened = (link: Link): void => {
  current?.gone.abort(new ConnectionLost('A newer connection took its place.'));
  current = { link, gone: new AbortController() };
  become({ state: 'open' });
  for (const one of waiting) one.resolve(link);
  waiting.clear();
  waitingChanged();
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
export const connectionLost = (message: string, wayOut: WayOut = 'by-itself'): void => {
  dropLink(message);
  const since = state.state === 'lost' ? state.since : Date.now();
  become({ state: 'lost', since, message, wayOut });
};

const whenOpen = (signal: AbortSignal | undefined, name: string | null): Promise<Link> => {
  if (current) return Promise.resolve(current.link);
  return new Promise((resolve, reject) => {
    const one: Waiting = { name, resolve, reject };
    waiting.add(one);
    waitingChanged();
    signal?.addEventListener('abort', () => {
      if (waiting.delete(one)) waitingChanged();
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
    const link = await whenOpen(options.signal, askedFor[path.join('.')] ?? null);
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
  await whenOpen(signal, null);
};
