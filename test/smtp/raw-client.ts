/**
 * A small SMTP client for tests: exactly the bytes it is given, in the packets it is given, over plain TCP, STARTTLS or
 * implicit TLS. It knows replies, and nothing else of SMTP.
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface RawClientOptions {
  readonly port: number;
  readonly host?: string;
  /** TLS from the first byte (465). */
  readonly implicitTls?: boolean;
  /** PEM to verify the server by; without it any certificate is taken. */
  readonly ca?: string;
  readonly servername?: string;
  /** How long to wait for a reply, a closing, or a handshake. */
  readonly timeoutMs?: number;
}

export interface RawClient {
  /** Writes bytes in one packet. Text is UTF-8. */
  send(bytes: string | Uint8Array): void;
  /** Writes each part as a packet of its own, with a turn of the event loop between them. */
  sendPackets(parts: readonly (string | Uint8Array)[], pauseMs?: number): Promise<void>;
  /** The next whole reply; its lines, joined by line feeds. */
  reply(): Promise<string>;
  /** The next `count` replies. */
  replies(count: number): Promise<string[]>;
  /** Sends a line with its CR LF; gives its reply. */
  command(line: string): Promise<string>;
  /** Sends STARTTLS, waits for its reply, and begins TLS when that is 220. Gives the reply. */
  startTls(): Promise<string>;
  /** Begins TLS on the connection as it is, for clients that do not follow the protocol. */
  beginTls(): Promise<void>;
  /** Everything that came and was not taken as a reply, once the server has closed. */
  untilClosed(): Promise<string>;
  /** What came in each packet, so far. */
  readonly packets: readonly string[];
  /** Whether the server has ended its side. */
  readonly closed: boolean;
  /** Ends this side; the server may still answer. */
  end(): void;
  /** Breaks the connection off. */
  destroy(): void;
  readonly socket: Socket | TLSSocket;
}

const defaultTimeoutMs = 5_000;

/** Connects, without waiting for the greeting: that is the first reply. */
export async function connectRaw(options: RawClientOptions): Promise<RawClient> {
  const { port, host = '127.0.0.1', timeoutMs = defaultTimeoutMs } = options;
  const packets: string[] = [];
  let buffered = '';
  let closed = false;
  let wake: () => void = () => {};
  let socket: Socket | TLSSocket;

  const watch = (watched: Socket | TLSSocket) => {
    watched.setNoDelay(true);
    watched.on('data', (bytes: Buffer) => {
      packets.push(bytes.toString('utf8'));
      buffered += bytes.toString('utf8');
      wake();
    });
    for (const event of ['end', 'close']) {
      watched.on(event, () => {
        closed = true;
        wake();
      });
    }
    // A connection that was reset is a closed one to a test.
    watched.on('error', () => {});
  };

  const waitFor = async <Value>(what: string, get: () => Value | null): Promise<Value> => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const value = get();
      if (value !== null) return value;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`no ${what} within ${timeoutMs} ms; unread: ${JSON.stringify(buffered)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const takeReply = (): string | null => {
    const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(buffered);
    if (match !== null) {
      buffered = buffered.slice(match[0].length);
      return match[0].slice(0, -2).replaceAll('\r\n', '\n');
    }
    if (closed) throw new Error(`the server closed; unread: ${JSON.stringify(buffered)}`);
    return null;
  };

  const tlsOptions = {
    ...(options.ca === undefined ? { rejectUnauthorized: false } : { ca: options.ca }),
    servername: options.servername ?? 'smtp-relay.gmail.com',
  };

  const secureUp = (secure: TLSSocket) =>
    new Promise<void>((resolve, reject) => {
      secure.once('secureConnect', resolve);
      secure.once('error', reject);
      secure.once('close', () => reject(new Error('closed before TLS was up')));
    });

  if (options.implicitTls === true) {
    const secure = connectTls({ port, host, ...tlsOptions });
    socket = secure;
    watch(secure);
    await secureUp(secure);
  } else {
    socket = connect({ port, host, allowHalfOpen: true });
    watch(socket);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  }

  const client: RawClient = {
    send: (bytes) => void socket.write(bytes),
    async sendPackets(parts, pauseMs = 0) {
      for (const part of parts) {
        await new Promise<void>((resolve) => socket.write(part, () => resolve()));
        await new Promise<void>((resolve) => setTimeout(resolve, pauseMs));
      }
    },
    reply: () => waitFor('reply', takeReply),
    async replies(count) {
      const all: string[] = [];
      while (all.length < count) all.push(await client.reply());
      return all;
    },
    command(line) {
      client.send(`${line}\r\n`);
      return client.reply();
    },
    async startTls() {
      const answer = await client.command('STARTTLS');
      if (answer.startsWith('220 ')) await client.beginTls();
      return answer;
    },
    async beginTls() {
      const plain = socket;
      plain.removeAllListeners('data');
      plain.removeAllListeners('end');
      plain.removeAllListeners('close');
      const secure = connectTls({ socket: plain, ...tlsOptions });
      secure.on('close', () => plain.destroy());
      socket = secure;
      watch(secure);
      await secureUp(secure);
    },
    async untilClosed() {
      await waitFor('closing', () => (closed ? true : null));
      socket.end();
      const rest = buffered;
      buffered = '';
      return rest;
    },
    packets,
    get closed() {
      return closed;
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    get socket() {
      return socket;
    },
  };
  return client;
}
