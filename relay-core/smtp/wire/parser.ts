/**
 * Cuts a connection's bytes into lines and content, in place of smtp-server's own parser: on Buffers, with BDAT, and with
 * the replies to one packet written at once. What lines and content mean is not its business.
 */
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import type { ContentReader } from '../content/reader.ts';

/** Room for AUTH lines with tokens of some kilobytes (RFC 4954 §4: 12,288 octets). */
const maxLineBytes = 16 * 1024;
/** Lines taken before other connections get their turn and replies go out. */
const maxLinesInARow = 100;
/** Content that must arrive within one idle time-out; a line must be whole within it. */
const minContentBytes = 1_024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Where a connection's input goes. */
export interface InputSink {
  packetArrived(): void;
  line(line: string): void;
  lineTooLong(bytes: number): void;
  /** What was said to the packet goes out; `next` may be called later, when the client does not read its replies. */
  packetDone(next: () => void): void;
  tooSlow(): void;
  inputEnded(): void;
}

type Reading =
  | { readonly of: 'lines' }
  | { readonly of: 'content'; readonly reader: ContentReader; readonly ended: () => void };

const lines: Reading = { of: 'lines' };
const nothing = Buffer.alloc(0);

export class InputParser extends SMTPStream {
  private readonly sink: InputSink;
  private readonly patienceMs: number;
  private reading: Reading = lines;
  private packet: Buffer = nothing;
  private at = 0;
  private next: () => void = () => {};
  private held = false;
  private running = false;
  /** The beginning of a line whose end has not come. */
  private partial: Buffer[] = [];
  private partialBytes = 0;
  private progressAtMs = performance.now();
  private contentBytes = 0;

  /** @param patienceMs how long a client may take over a line, or over `minContentBytes` of content */
  constructor(sink: InputSink, patienceMs: number) {
    super();
    this.sink = sink;
    this.patienceMs = patienceMs;
  }

  override _write(packet: Buffer, _encoding: BufferEncoding | 'buffer', next: () => void): void {
    if (this.isClosed) {
      next();
      return;
    }
    this.packet = packet;
    this.at = 0;
    this.next = next;
    this.sink.packetArrived();
    this.checkPace();
    this.run();
  }

  override _final(callback: () => void): void {
    if (!this.isClosed) this.sink.inputEnded();
    callback();
  }

  /** A line without its end is no command. */
  override _flushData(): void {}

  /** The bytes that follow belong to `reader`. */
  readContent(reader: ContentReader, ended: () => void): void {
    this.reading = { of: 'content', reader, ended };
    this.contentBytes = 0;
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    if (!this.running) this.run();
  }

  get isHeld(): boolean {
    return this.held;
  }

  /** Bytes of the packet at hand, and of those that wait behind it, that are not read yet. */
  get unreadBytes(): number {
    // The stream counts the packet at hand among what waits to be written.
    return this.writableLength - this.at;
  }

  private run(): void {
    this.running = true;
    let taken = 0;
    while (!this.held && !this.isClosed && this.hasMore()) {
      if (this.reading.of === 'content') this.takeContent(this.reading);
      else this.takeLine();
      taken += 1;
      if (taken === maxLinesInARow) break;
    }
    this.running = false;
    if (this.isClosed) this.finishPacket();
    else if (this.held) this.sink.packetDone(() => {});
    else if (this.hasMore()) this.sink.packetDone(() => setImmediate(() => this.run()));
    else this.sink.packetDone(() => this.finishPacket());
  }

  private hasMore(): boolean {
    return this.at < this.packet.length;
  }

  private finishPacket(): void {
    const { next } = this;
    this.packet = nothing;
    this.at = 0;
    this.next = () => {};
    next();
  }

  private takeContent({ reader, ended }: Extract<Reading, { of: 'content' }>): void {
    const end = reader.read(this.packet, this.at);
    this.contentBytes += (end ?? this.packet.length) - this.at;
    this.at = end ?? this.packet.length;
    if (end === null) return;
    this.reading = lines;
    this.progressed();
    ended();
  }

  private takeLine(): void {
    const end = this.packet.indexOf(lineFeed, this.at);
    const part = this.packet.subarray(this.at, end === -1 ? this.packet.length : end);
    this.at = end === -1 ? this.packet.length : end + 1;
    this.partialBytes += part.length;
    if (end === -1) {
      if (this.partialBytes <= maxLineBytes) this.partial.push(part);
      else this.partial = [];
      return;
    }
    const line = this.partial.length === 0 ? part : Buffer.concat([...this.partial, part]);
    const bytes = this.partialBytes;
    this.partial = [];
    this.partialBytes = 0;
    this.progressed();
    if (bytes > maxLineBytes) this.sink.lineTooLong(bytes);
    else this.sink.line(lineText(line));
  }

  private progressed(): void {
    this.progressAtMs = performance.now();
  }

  /** Silence is the socket's to time; this is for clients that keep a connection by a byte now and then. */
  private checkPace(): void {
    const isMidway = this.reading.of === 'content' || this.partialBytes > 0;
    const now = performance.now();
    if (!isMidway) {
      this.progressAtMs = now;
    } else if (now - this.progressAtMs > this.patienceMs) {
      if (this.reading.of === 'lines' || this.contentBytes < minContentBytes) this.sink.tooSlow();
      this.progressAtMs = now;
      this.contentBytes = 0;
    }
  }
}

function lineText(line: Buffer): string {
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return line.toString('utf8', 0, end);
}
