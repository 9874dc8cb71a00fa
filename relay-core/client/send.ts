/**
 * The test sender: sends one message to the engine's own listener as a mail server would, and hands back the dialogue
 * as the client saw it. nodemailer speaks SMTP; this module opens the socket, records, and says what came of it.
 * It connects nowhere but to the target it is given, and looks up no name.
 */
import { isAscii } from 'node:buffer';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { DialogueLine, SendResult, TestMessage } from '../contract/index.ts';
import { customAuthFor, loginFor } from './authentication.ts';
import { composeMessage } from './compose.ts';
import { claimAddress, openSocket, tlsOptionsFor } from './connect.ts';
import { failureOf, SendStopped } from './failure.ts';
import { type Recording, startRecording } from './recording.ts';
import type { SendOptions, SendTarget } from './types.ts';

export type { SendOptions, SendTarget } from './types.ts';

/** A name that is nobody's (RFC 2606), so that it neither vouches for a domain (IDN-1) nor is a generic one (HEL-1). */
export const defaultHeloName = 'relay-bench.invalid';

/** On loopback a greeting is there at once; a listener that waits for TLS never sends one. */
const greetingTimeoutMs = 5_000;

/**
 * Sends a test message.
 * @returns the dialogue, the transaction's id where MAIL was sent, and what went wrong with the connection itself.
 *   It does not reject for anything the relay or the network does.
 */
export async function sendTestMessage(
  message: TestMessage,
  target: SendTarget,
  options: SendOptions,
): Promise<SendResult> {
  const recording = startRecording(options);
  const limit = startLimit(options);
  let failure: string | null = null;
  try {
    const content = await composeMessage(message, options.now());
    await Promise.race([converse(message, content, target, recording, limit), limit.reached]);
  } catch (error) {
    failure = failureOf(error, message, target, recording.lines);
  } finally {
    limit.end();
    recording.end();
  }
  return { transactionId: transactionIdIn(recording.lines), dialogue: [...recording.lines], failure };
}

interface Limit {
  /** Rejects when the sending has to stop; never resolves. */
  readonly reached: Promise<never>;
  /** Closes this socket when the sending has to stop, or has ended. */
  closes(socket: Socket): void;
  end(): void;
}

function startLimit({ signal, timeoutMs }: SendOptions): Limit {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const sockets = new Set<Socket>();
  const closeAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const reached = new Promise<never>((_resolve, reject) => {
    const stop = () => {
      reject(
        new SendStopped(
          signal?.aborted
            ? 'The sending was stopped.'
            : `The relay did not answer within ${timeoutMs / 1000} s.`,
        ),
      );
      closeAll();
    };
    if (either.aborted) stop();
    else either.addEventListener('abort', stop, { once: true });
  });
  // Nobody may be waiting any more when it rejects.
  reached.catch(() => {});
  return { reached, closes: (socket) => void sockets.add(socket), end: closeAll };
}

/** The whole session, from the connection to QUIT. Rejects with whatever stopped it. */
async function converse(
  message: TestMessage,
  content: Buffer,
  target: SendTarget,
  recording: Recording,
  limit: Limit,
): Promise<void> {
  const implicitTls = message.tls === 'implicit';
  const { socket, connected } = openSocket(target, implicitTls ? 'implicit-tls' : 'plain');
  // An error behind the last step is of no interest any more, and must not end the process.
  socket.on('error', () => {});
  limit.closes(socket);
  recording.follow(socket, implicitTls);
  await connected;
  if (message.claimedAddress !== undefined && !(await claimAddress(socket, message.claimedAddress))) return;

  const connection = new SMTPConnection({
    connection: socket,
    host: target.host,
    port: target.port,
    secure: implicitTls,
    secured: implicitTls,
    ignoreTLS: message.tls === 'none',
    requireTLS: message.tls === 'starttls',
    tls: tlsOptionsFor(target),
    servername: target.serverName,
    name: message.heloName ?? defaultHeloName,
    greetingTimeout: greetingTimeoutMs,
    ...(message.auth === undefined ? {} : { customAuth: customAuthFor(message.auth) }),
  });
  followUpgrade(connection, recording, limit);
  const broken = new Promise<never>((_resolve, reject) => connection.on('error', reject));
  broken.catch(() => {});
  try {
    await Promise.race([broken, submit(connection, message, content, recording)]);
  } finally {
    if (!connection.destroyed) await Promise.race([broken.catch(() => {}), quit(connection)]);
  }
}

/** STARTTLS makes nodemailer put a TLS socket in the place of the plain one: the recording goes on with that. */
function followUpgrade(connection: SMTPConnection, recording: Recording, limit: Limit): void {
  let current = connection._socket;
  Object.defineProperty(connection, '_socket', {
    configurable: true,
    get: () => current,
    set: (next: Socket | false | null) => {
      current = next;
      if (!(next instanceof TLSSocket) || next === connection.options.connection) return;
      limit.closes(next);
      recording.follow(next, true);
    },
  });
}

async function submit(
  connection: SMTPConnection,
  message: TestMessage,
  content: Buffer,
  recording: Recording,
): Promise<void> {
  await settled((done) => connection.connect(done));
  if (message.auth !== undefined) {
    if (!connection.allowsAuth) throw new SendStopped(authNotOffered(message));
    const login = loginFor(message.auth);
    await settled((done) => connection.login(login, done));
  }
  const announcedBytes = announcedSize(recording.lines);
  const envelope = {
    from: message.from,
    to: message.to,
    use8BitMime: !isAscii(content),
    // nodemailer refuses by itself what is larger than announced; here the relay shall do it, at the end of data.
    ...(content.length <= announcedBytes ? { size: content.length } : {}),
  };
  await settled((done) => connection.send(envelope, content, done));
}

const settled = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

const quit = (connection: SMTPConnection): Promise<void> =>
  new Promise((resolve) => {
    connection.once('end', resolve);
    connection.quit();
  });

const authNotOffered = ({ tls, portRole }: TestMessage): string =>
  tls === 'none'
    ? 'The relay does not offer AUTH on an unencrypted connection, so the password was not sent. ' +
      `Choose ${portRole === 'smtps' ? 'implicit TLS' : 'STARTTLS'}.`
    : 'The relay does not offer AUTH on this connection, so the password was not sent.';

function announcedSize(lines: readonly DialogueLine[]): number {
  const line = lines.findLast(
    ({ direction, text }) => direction === 'server' && /^250[ -]SIZE \d+$/.test(text),
  );
  return line === undefined ? 0 : Number(line.text.slice('250-SIZE '.length));
}

/** The greeting carries the session's id, and a session's transactions count from 1; this session has one. */
function transactionIdIn(lines: readonly DialogueLine[]): string | null {
  const greeting = lines.find(({ direction }) => direction === 'server');
  const sessionId = /^220 \S+ ESMTP (\S+) - gsmtp$/.exec(greeting?.text ?? '')?.[1];
  const mailSent = lines.some(({ direction, text }) => direction === 'client' && /^MAIL FROM:/i.test(text));
  return sessionId !== undefined && mailSent ? `${sessionId}-1` : null;
}
