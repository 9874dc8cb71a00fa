/**
 * Records what a client's sockets say and hear, with times, before TLS and inside it.
 * nodemailer's own log has no body and no raw bytes, so each socket's `write` and `emit('data')` are looked at instead.
 */
import type { Socket } from 'node:net';
import type { DialogueLine } from '../contract/index.ts';
import { createTranscript, type Direction } from './transcript.ts';

export interface Recording {
  /** Follows this socket from now on, in the place of the one before. */
  follow(socket: Socket, tls: boolean): void;
  /** Ends the recording; what was begun and not ended becomes a line. */
  end(): void;
  readonly lines: readonly DialogueLine[];
}

export interface RecordingOptions {
  /** Engine time, epoch milliseconds. */
  readonly now: () => number;
  /** Gets the lines that each packet brought. */
  readonly onLines?: (lines: DialogueLine[]) => void;
}

/** Starts a recording; its lines count their milliseconds from here. */
export function startRecording({ now, onLines }: RecordingOptions): Recording {
  const startedAt = performance.now();
  const transcript = createTranscript();
  const lines: DialogueLine[] = [];
  let followed: { readonly tls: boolean } | null = null;

  function keep(direction: Direction, texts: string[], tls: boolean): void {
    if (texts.length === 0) return;
    const at = new Date(now()).toISOString();
    const sinceStartMs = performance.now() - startedAt;
    const added = texts.map((text): DialogueLine => ({ at, sinceStartMs, direction, text, tls }));
    lines.push(...added);
    onLines?.(added);
  }

  return {
    lines,
    follow(socket, tls) {
      const current = { tls };
      followed = current;
      watchSocket(socket, (direction, bytes) => {
        if (followed === current) keep(direction, transcript.take(direction, bytes), tls);
      });
    },
    end() {
      const tls = followed?.tls ?? false;
      followed = null;
      keep('server', transcript.rest('server'), tls);
      keep('client', transcript.rest('client'), tls);
    },
  };
}

/** Calls `seen` with all bytes that this socket's owner writes and reads. */
function watchSocket(socket: Socket, seen: (direction: Direction, bytes: Uint8Array) => void): void {
  const { write, emit } = socket;
  replaceMethod(socket, 'write', (...args) => {
    const [chunk, encoding] = args;
    if (typeof chunk === 'string')
      seen('client', Buffer.from(chunk, encoding === 'latin1' ? 'latin1' : 'utf8'));
    else if (chunk instanceof Uint8Array) seen('client', chunk);
    return Reflect.apply(write, socket, args);
  });
  replaceMethod(socket, 'emit', (...args) => {
    const [event, chunk] = args;
    if (event === 'data' && chunk instanceof Uint8Array) seen('server', chunk);
    return Reflect.apply(emit, socket, args);
  });
}

function replaceMethod(socket: Socket, name: 'write' | 'emit', value: (...args: unknown[]) => unknown): void {
  Object.defineProperty(socket, name, { configurable: true, writable: true, value });
}
