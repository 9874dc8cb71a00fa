/**
 * The utility process as a forked Node process. Ports are carried over the fork's own channel, by number.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { StandInPort } from './ports.ts';
import type { ToParent } from './utility-child.ts';

export interface ForkOptions {
  readonly serviceName?: string;
  readonly stdio?: 'inherit' | 'ignore' | 'pipe';
  readonly execArgv?: readonly string[];
}

const running = new Set<UtilityProcess>();

export class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  readonly #ports = new Map<number, StandInPort>();
  readonly name: string;
  #nextPort = 1;

  constructor(
    path: string,
    args: readonly string[],
    { stdio = 'inherit', serviceName = '', execArgv = [] }: ForkOptions,
  ) {
    super();
    this.name = serviceName;
    this.#child = fork(path, args, {
      serialization: 'advanced',
      execArgv: [
        ...execArgv,
        '--disable-warning=ExperimentalWarning',
        '--import',
        new URL('./utility-child.ts', import.meta.url).href,
      ],
      stdio: ['ignore', stdio, stdio, 'ipc'],
    });
    running.add(this);
    this.#child.on('spawn', () => this.emit('spawn'));
    this.#child.on('message', (message) => this.#receive(message as ToParent));
    this.#child.on('exit', (code, signal) => {
      running.delete(this);
      for (const port of this.#ports.values()) port.close();
      this.emit('exit', code ?? (signal === 'SIGKILL' ? 9 : 15));
    });
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  postMessage(data: unknown, ports: readonly StandInPort[] = []): void {
    const numbers = ports.map((port) => this.#carry(port));
    if (this.#child.connected) this.#child.send({ kind: 'message', data, ports: numbers });
  }

  kill(): boolean {
    return this.#child.kill();
  }

  #carry(port: StandInPort): number {
    const number = this.#nextPort++;
    this.#ports.set(number, port);
    port.handOver((data) => this.#child.connected && this.#child.send({ kind: 'port', port: number, data }));
    port.on('close', () => {
      this.#ports.delete(number);
      if (this.#child.connected) this.#child.send({ kind: 'port-closed', port: number });
    });
    return number;
  }

  #receive(message: ToParent): void {
    if (message.kind === 'message') this.emit('message', message.data);
    else if (message.kind === 'port') this.#ports.get(message.port)?.postMessage(message.data);
    else this.#ports.get(message.port)?.close();
  }
}

export const utilityProcess = {
  fork: (path: string, args: readonly string[] = [], options: ForkOptions = {}) =>
    new UtilityProcess(path, args, options),
};

/** The utility processes as `app.getAppMetrics` lists them. */
export const utilityMetrics = (): { pid: number; type: string; name: string }[] =>
  [...running].map(({ pid = 0, name }) => ({ pid, type: 'Utility', name }));

/** Electron's children end with it. */
export function killUtilityProcesses(): void {
  for (const child of running) child.kill();
}
