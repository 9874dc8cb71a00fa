/**
 * The desktop shell's way in: the preload posts the page a MessagePort that leads straight to the engine.
 * This module imports nothing, so that its listener stands before any other code of the page runs;
 * a port that came early waits here for whoever asks.
 */

export type EnginePortEvent =
  | { kind: 'starting'; done: number; total: number }
  | { kind: 'port'; port: MessagePort }
  | { kind: 'gone'; message: string };

type Listener = (event: EnginePortEvent) => void;

let latest: EnginePortEvent | null = null;
let listener: Listener | null = null;

const report = (event: EnginePortEvent): void => {
  // Nobody will use an earlier port any more, and an open one keeps the engine's end alive.
  if (latest?.kind === 'port' && event.kind === 'port') latest.port.close();
  latest = event;
  listener?.(event);
};

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source !== window) return;
  const { data } = event;
  if (typeof data !== 'object' || data === null || !('kind' in data)) return;
  if (data.kind === 'relay-bench:engine-port') {
    const [port] = event.ports;
    if (port) report({ kind: 'port', port });
  } else if (data.kind === 'relay-bench:engine-gone') {
    const message = 'message' in data && typeof data.message === 'string' ? data.message : '';
    report({ kind: 'gone', message });
  } else if (data.kind === 'relay-bench:engine-starting') {
    if (!('done' in data && typeof data.done === 'number')) return;
    if (!('total' in data && typeof data.total === 'number')) return;
    report({ kind: 'starting', done: data.done, total: data.total });
  }
});

/** Whether the page runs in the desktop shell; the headless shell says `browser` in the same meta element. */
export const shell: 'desktop' | 'browser' =
  document.querySelector('meta[name="relay-bench-shell"]')?.getAttribute('content') === 'browser'
    ? 'browser'
    : 'desktop';

// The preload may have posted its port before this listener stood: it posts again when it hears this.
if (shell === 'desktop') window.postMessage({ kind: 'relay-bench:page-ready' }, '*');

/** Hands over the newest event now, if there is one, and every later one. One listener only. */
export const onEnginePort = (next: Listener): void => {
  listener = next;
  if (latest) next(latest);
};
