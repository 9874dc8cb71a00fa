/**
 * Keeps an engine running: starts it, starts it again when it died, and waits longer each time it dies at once.
 * Who uses the engine watches its state here; what the page is told is `page-link`'s business.
 */
import type { MessagePortMain } from 'electron';
import { type EngineChild, startEngineChild } from './engine-child.ts';
import type {
  CertificateAuthority,
  EngineProcessOptions,
  EngineStarting,
  FromEngine,
} from './engine-messages.ts';
import { restartDelayMs, steadyAfterMs } from './restart-delay.ts';

/** A start has progress when it takes a while. */
export type EngineState =
  | { state: 'starting'; progress: Omit<EngineStarting, 'kind'> | null }
  | { state: 'running' }
  | { state: 'gone'; message: string };

export interface EngineHost {
  state(): EngineState;
  watch(watcher: (state: EngineState) => void): void;
  /** Hands the engine its end of a channel to a page; only while it runs. */
  connect(port: MessagePortMain): void;
  /** The engine's certificate authority; nothing when the engine is not there to say. */
  certificateAuthority(): Promise<CertificateAuthority | null>;
  /** Stops a running engine in order and starts it at once; cuts a wait short. */
  restart(): void;
  /** Stops for good. Resolves when the engine has closed its store. */
  stop(): Promise<void>;
}

/** In one sentence, with the hint where there is one. */
function whyNotStarted({ message, hint }: Extract<FromEngine, { kind: 'start-failed' }>): string {
  return hint === undefined ? message : `${message.replace(/\.$/, '')}; ${hint}.`;
}

/** Starts the first engine and looks after it until `stop`. */
export function startEngineHost(options: EngineProcessOptions): EngineHost {
  const watchers = new Set<(state: EngineState) => void>();
  let state: EngineState = { state: 'starting', progress: null };
  let child: EngineChild | null = null;
  let failures = 0;
  let startedAt = 0;
  let waiting: NodeJS.Timeout | undefined;
  let stopping = false;
  let askers: ((authority: CertificateAuthority | null) => void)[] = [];

  const become = (next: EngineState): void => {
    state = next;
    for (const watcher of watchers) watcher(next);
  };

  const answerAskers = (authority: CertificateAuthority | null): void => {
    for (const answer of askers) answer(authority);
    askers = [];
  };

  const heard = (message: FromEngine): void => {
    switch (message.kind) {
      case 'starting':
        become({ state: 'starting', progress: { done: message.done, total: message.total } });
        break;
      case 'started':
        become({ state: 'running' });
        break;
      case 'certificate-authority':
        answerAskers(message);
        break;
      case 'start-failed':
        become({ state: 'gone', message: whyNotStarted(message) });
        child?.kill();
    }
  };

  const ended = (exitCode: number): void => {
    child = null;
    answerAskers(null);
    if (stopping) return;
    failures = Date.now() - startedAt > steadyAfterMs ? 0 : failures;
    const delayMs = restartDelayMs(failures);
    failures += 1;
    if (state.state !== 'gone') {
      become({
        state: 'gone',
        message: `The engine ended unexpectedly (exit code ${exitCode}). It is started again.`,
      });
    }
    waiting = setTimeout(start, delayMs);
  };

  const start = (): void => {
    clearTimeout(waiting);
    startedAt = Date.now();
    if (state.state !== 'gone') become({ state: 'starting', progress: null });
    child = startEngineChild(options, { said: heard, ended });
  };

  start();
  return {
    state: () => state,
    watch: (watcher) => void watchers.add(watcher),
    connect: (port) => child?.tell({ kind: 'connect' }, port),
    certificateAuthority() {
      const running = state.state === 'running' ? child : null;
      if (running === null) return Promise.resolve(null);
      running.tell({ kind: 'show-certificate-authority' });
      return new Promise((resolve) => askers.push(resolve));
    },
    restart() {
      failures = 0;
      if (child === null) return start();
      become({ state: 'gone', message: 'The engine is being restarted.' });
      void child.stop();
    },
    async stop() {
      stopping = true;
      clearTimeout(waiting);
      await child?.stop();
    },
  };
}
