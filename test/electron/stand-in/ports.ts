/**
 * Message ports as Electron's main process has them. An end stays here, or is handed to a page or to the engine
 * process; then what it is sent goes out by a given way, and what comes in by that way is posted from it.
 */
import { EventEmitter } from 'node:events';

export class StandInPort extends EventEmitter {
  #peer: StandInPort | null = null;
  #waiting: unknown[] = [];
  #started = false;
  #closed = false;
  #handOver: ((data: unknown) => void) | null = null;

  /** Two ends that lead to each other. */
  static pair(): [StandInPort, StandInPort] {
    const ends: [StandInPort, StandInPort] = [new StandInPort(), new StandInPort()];
    ends[0].#peer = ends[1];
    ends[1].#peer = ends[0];
    return ends;
  }

  postMessage(data: unknown): void {
    if (this.#peer !== null) this.#peer.#deliver(data);
  }

  start(): void {
    this.#started = true;
    this.#flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
    this.#peer?.close();
  }

  /** Hands this end over: `send` takes what arrives at it from now on. */
  handOver(send: (data: unknown) => void): void {
    this.#handOver = send;
    this.#flush();
  }

  #deliver(data: unknown): void {
    this.#waiting.push(data);
    this.#flush();
  }

  #flush(): void {
    if (this.#handOver === null && !this.#started) return;
    for (const data of this.#waiting.splice(0)) {
      if (this.#handOver) this.#handOver(data);
      else this.emit('message', { data, ports: [] });
    }
  }
}

/** As Electron's: `port1` and `port2`. */
export class MessageChannelMain {
  readonly port1: StandInPort;
  readonly port2: StandInPort;

  constructor() {
    [this.port1, this.port2] = StandInPort.pair();
  }
}

/** What goes between a page and here as JSON: plain values as they are, bytes in base64. */
export type Wire = { json: unknown } | { bytes: string };

export const toWire = (data: unknown): Wire =>
  data instanceof Uint8Array || data instanceof ArrayBuffer
    ? { bytes: Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data).toString('base64') }
    : { json: data };

export const fromWire = (wire: Wire): unknown =>
  'bytes' in wire ? new Uint8Array(Buffer.from(wire.bytes, 'base64')) : wire.json;
