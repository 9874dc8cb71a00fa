/**
 * Runs before the program of a utility process: gives it `process.parentPort`, with the ports it is handed.
 */
import { EventEmitter } from 'node:events';
import { StandInPort } from './ports.ts';

export type ToParent =
  | { kind: 'message'; data: unknown }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'port-closed'; port: number };
type ToChild =
  | { kind: 'message'; data: unknown; ports: number[] }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'port-closed'; port: number };

const tellParent = (message: ToParent): void => {
  if (process.connected) process.send?.(message);
};

/** The ends that stay here, by number: what is posted to them arrives at the program's end. */
const ports = new Map<number, StandInPort>();

function receivePort(number: number): StandInPort {
  const [here, programs] = StandInPort.pair();
  ports.set(number, here);
  here.handOver((data) => tellParent({ kind: 'port', port: number, data }));
  here.on('close', () => {
    ports.delete(number);
    tellParent({ kind: 'port-closed', port: number });
  });
  return programs;
}

/** As in Electron, messages wait until somebody listens. */
class ParentPort extends EventEmitter {
  #waiting: { data: unknown; ports: StandInPort[] }[] = [];

  override on(event: string, listener: (message: { data: unknown; ports: StandInPort[] }) => void): this {
    super.on(event, listener);
    if (event === 'message') for (const message of this.#waiting.splice(0)) this.emit('message', message);
    return this;
  }

  deliver(data: unknown, handed: StandInPort[]): void {
    if (this.listenerCount('message') === 0) this.#waiting.push({ data, ports: handed });
    else this.emit('message', { data, ports: handed });
  }

  postMessage(data: unknown): void {
    tellParent({ kind: 'message', data });
  }
}

const parentPort = new ParentPort();
Object.defineProperty(process, 'parentPort', { value: parentPort });

process.on('message', (message: ToChild) => {
  if (message.kind === 'message') parentPort.deliver(message.data, message.ports.map(receivePort));
  else if (message.kind === 'port') ports.get(message.port)?.postMessage(message.data);
  else ports.get(message.port)?.close();
});
process.on('disconnect', () => process.exit(0));
