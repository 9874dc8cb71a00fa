/**
 * One run of the engine process: how it is started, what it is told, what it says, and its orderly end.
 * Whether and when another run follows is not decided here.
 */
import { join } from 'node:path';
import { type MessagePortMain, utilityProcess } from 'electron';
import {
  type EngineProcessOptions,
  type FromEngine,
  fromEngineSchema,
  type ToEngine,
} from './engine-messages.ts';
import { builtFolder } from './paths.ts';

/**
 * How long the engine may take to let open transactions end (5 s), commit and close its store before it is killed. Being
 * killed loses nothing that was answered 250. One that still starts ends as soon as it hears of it.
 */
const stopLimitMs = 8_000;

export interface EngineChild {
  tell(message: ToEngine, port?: MessagePortMain): void;
  /** Resolves when the process has ended, in order or not. */
  stop(): Promise<void>;
  kill(): void;
}

/** `ended` is called once, with the exit code. */
export interface EngineChildWatcher {
  said(message: FromEngine): void;
  ended(exitCode: number): void;
}

/** Starts the engine process. */
export function startEngineChild(options: EngineProcessOptions, watcher: EngineChildWatcher): EngineChild {
  const child = utilityProcess.fork(join(builtFolder, 'engine-process.js'), [JSON.stringify(options)], {
    serviceName: 'Relay Bench engine',
    stdio: 'inherit',
    // What the engine makes for a message is soon garbage: a small young generation keeps the process small. What its
    // start leaves behind it collects itself.
    execArgv: ['--max-semi-space-size=8', '--expose-gc'],
  });
  const end = Promise.withResolvers<void>();
  child.on('message', (message: unknown) => watcher.said(fromEngineSchema.parse(message)));
  child.once('exit', (exitCode) => {
    end.resolve();
    watcher.ended(exitCode);
  });
  const tell = (message: ToEngine, port?: MessagePortMain): void =>
    child.postMessage(message, port === undefined ? [] : [port]);
  return {
    tell,
    kill: () => void child.kill(),
    async stop() {
      tell({ kind: 'stop' });
      const timer = setTimeout(() => child.kill(), stopLimitMs);
      await end.promise;
      clearTimeout(timer);
    },
  };
}
