/**
 * Turns the bytes of an SMTP client's connection into the lines of its dialogue: secrets blanked, a message's data
 * folded to its size. Knows the grammar of the stream and nothing of sockets, time or TLS. Source: RFC 5321, 4.1 and 4.2.
 */
import { blankAuthCommand, blankResponse } from '../smtp/protocol/secrets.ts';

export type Direction = 'client' | 'server';

export interface Transcript {
  /** The lines that these bytes complete. */
  take(direction: Direction, bytes: Uint8Array): string[];
  /** What was begun and not ended when the connection closed. */
  rest(direction: Direction): string[];
}

type Mode =
  | { readonly kind: 'commands' }
  /** Behind AUTH, until a reply that is no challenge. `responses` counts what the client has said in it. */
  | { readonly kind: 'auth'; readonly mechanism: string; readonly responses: number }
  | { readonly kind: 'data'; readonly bytes: number };

const lineEnd = Buffer.from('\r\n');
const dataEnd = Buffer.from('\r\n.\r\n');
const stuffedDot = Buffer.from('\r\n.');
/** A peer that never ends its line is cut here, so that no line grows without bound. */
const maxLineBytes = 64 * 1024;

const grouped = new Intl.NumberFormat('en-GB');
const folded = (bytes: number) => `(${grouped.format(bytes)} bytes)`;

const authCommand = /^\s*AUTH\s+(\S+)(\s+\S)?/i;

/** UTF-8 where it is valid, else each byte for itself, so that nothing is lost. */
function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
}

/** A transcript of one connection, from its greeting on. */
export function createTranscript(): Transcript {
  let mode: Mode = { kind: 'commands' };
  const pending: Record<Direction, Buffer> = { client: Buffer.alloc(0), server: Buffer.alloc(0) };

  /** The line break behind DATA counts as the one before the first line, which may begin with a dot or be the end. */
  function beginData(): void {
    mode = { kind: 'data', bytes: -lineEnd.length };
    pending.client = Buffer.concat([lineEnd, pending.client]);
  }

  function serverLine(line: string): string {
    if (mode.kind === 'commands' && line.startsWith('354')) beginData();
    else if (mode.kind === 'auth' && !line.startsWith('334')) mode = { kind: 'commands' };
    return line;
  }

  function clientLine(line: string): string {
    if (mode.kind === 'auth') {
      const { mechanism, responses } = mode;
      mode = { kind: 'auth', mechanism, responses: responses + 1 };
      // LOGIN asks for the user first; what any client says behind its first response can only be a secret.
      if (responses === 0) return blankResponse(mechanism, line);
      return mechanism === 'LOGIN' ? '(password blanked)' : '(blanked)';
    }
    const [, mechanism, initial] = authCommand.exec(line) ?? [];
    if (mechanism === undefined) return line;
    mode = { kind: 'auth', mechanism: mechanism.toUpperCase(), responses: initial === undefined ? 0 : 1 };
    return blankAuthCommand(line);
  }

  /** Counts data up to their end, dot-stuffing left out (RFC 1870, 3); the bytes of a possible end stay pending. */
  function takeData(counted: number): string[] | null {
    const waiting = pending.client;
    const end = waiting.indexOf(dataEnd);
    const taken = end === -1 ? Math.max(waiting.length - dataEnd.length + 1, 0) : end;
    const bytes = counted + taken - stuffedDots(waiting, taken);
    pending.client = waiting.subarray(end === -1 ? taken : taken + dataEnd.length);
    mode = end === -1 ? { kind: 'data', bytes } : { kind: 'commands' };
    return end === -1 ? null : [folded(bytes + lineEnd.length)];
  }

  function takeLine(direction: Direction): string | null {
    const waiting = pending[direction];
    const end = waiting.indexOf(lineEnd);
    if (end === -1 && waiting.length < maxLineBytes) return null;
    const length = end === -1 ? maxLineBytes : end;
    pending[direction] = waiting.subarray(end === -1 ? length : length + lineEnd.length);
    const text = decode(waiting.subarray(0, length));
    return direction === 'server' ? serverLine(text) : clientLine(text);
  }

  return {
    take(direction, bytes) {
      pending[direction] = Buffer.concat([pending[direction], bytes]);
      const lines: string[] = [];
      for (;;) {
        const next: string[] | null =
          direction === 'client' && mode.kind === 'data' ? takeData(mode.bytes) : onlyOf(takeLine(direction));
        if (next === null) return lines;
        lines.push(...next);
      }
    },
    rest(direction) {
      const waiting = pending[direction];
      pending[direction] = Buffer.alloc(0);
      if (direction === 'client' && mode.kind === 'data') {
        return [`${folded(mode.bytes + waiting.length)}, not ended`];
      }
      return waiting.length === 0
        ? []
        : [direction === 'client' ? clientLine(decode(waiting)) : decode(waiting)];
    },
  };
}

/** Lines that begin with a dot, up to an index. */
function stuffedDots(bytes: Buffer, before: number): number {
  let count = 0;
  for (let at = bytes.indexOf(stuffedDot); at !== -1 && at < before; at = bytes.indexOf(stuffedDot, at + 1))
    count++;
  return count;
}

const onlyOf = (line: string | null): string[] | null => (line === null ? null : [line]);
