/**
 * A relay that answers by a script, for the test sender's tests: real sockets and real TLS, no rules.
 * It keeps every byte it was sent, so that a test can compare what the client says it sent with what arrived.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import { makeAuthority, makeServerCertificate } from '../../relay-core/smtp/certificate-authority.ts';

/** The answer to a line, with its CRLF, or what is done in its place: `close`, or `starttls` (220, then TLS). */
export type Answer = string | 'close' | 'starttls';

export interface Script {
  readonly greeting?: string | null;
  /** TLS from the first byte. */
  readonly implicitTls?: true;
  /** Consulted before the defaults. `nth` counts this connection's commands from 0. */
  readonly answer?: (line: string, inTls: boolean) => Answer | undefined;
}

export interface ScriptedRelay {
  readonly port: number;
  readonly caPem: string;
  /** The lines that arrived, commands and data, with what was encrypted in the clear. */
  readonly received: string[];
  close(): Promise<void>;
}

export const sessionId = 'c31sm1401185itd.5';
const suffix = ` ${sessionId} - gsmtp\r\n`;

const capabilities = (inTls: boolean): string =>
  [
    '250-smtp-relay.gmail.com at your service, [127.0.0.1]',
    '250-SIZE 35882577',
    '250-8BITMIME',
    inTls ? '250-AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER' : '250-STARTTLS',
    '250-ENHANCEDSTATUSCODES',
    '250-PIPELINING',
    '250 SMTPUTF8',
    '',
  ].join('\r\n');

function usualAnswer(line: string, inTls: boolean): Answer {
  const verb = line.split(/[ :]/, 1)[0]?.toUpperCase();
  switch (verb) {
    case 'EHLO':
      return capabilities(inTls);
    case 'XCLIENT':
      return `220 smtp-relay.gmail.com ESMTP${suffix}`;
    case 'STARTTLS':
      return 'starttls';
    case 'AUTH':
      return line.endsWith('LOGIN') ? '334 VXNlcm5hbWU6\r\n' : '235 2.7.0 Accepted\r\n';
    case 'MAIL':
      return `250 2.1.0 OK${suffix}`;
    case 'RCPT':
      return `250 2.1.5 OK${suffix}`;
    case 'DATA':
      return `354  Go ahead${suffix}`;
    case '.':
      return `250 2.0.0 OK  1790000000${suffix}`;
    case 'QUIT':
      return `221 2.0.0 closing connection${suffix}`;
    default:
      return '502 5.5.1 Unrecognized command.\r\n';
  }
}

let certificates: Promise<{ readonly caPem: string; readonly context: SecureContext }> | undefined;

async function makeCertificates() {
  const now = Date.now();
  const authority = await makeAuthority(now);
  const { key, certificate } = await makeServerCertificate(authority, now);
  return { caPem: authority.certificate, context: createSecureContext({ key, cert: certificate }) };
}

/** Starts on a free port of loopback. */
export async function startScriptedRelay(script: Script = {}): Promise<ScriptedRelay> {
  certificates ??= makeCertificates();
  const { caPem, context } = await certificates;
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const secured = script.implicitTls && encrypted(socket, context);
    speak(secured ?? socket, secured !== undefined, script, received, context);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen');
  return {
    port: address.port,
    caPem,
    received,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function encrypted(socket: Socket, secureContext: SecureContext): TLSSocket {
  const secured = new TLSSocket(socket, { isServer: true, secureContext });
  return secured.on('error', () => {});
}

function speak(
  socket: Socket,
  inTls: boolean,
  script: Script,
  received: string[],
  context: SecureContext,
): void {
  const { greeting = `220 smtp-relay.gmail.com ESMTP${suffix}` } = script;
  if (greeting !== null) socket.write(greeting);
  listen(socket, inTls, script, received, context);
}

function listen(
  socket: Socket,
  inTls: boolean,
  script: Script,
  received: string[],
  context: SecureContext,
): void {
  let waiting = '';
  let inData = false;
  let authAnswers = 0;
  const onData = (chunk: Buffer) => {
    waiting += chunk.toString('latin1');
    for (let end = waiting.indexOf('\r\n'); end !== -1; end = waiting.indexOf('\r\n')) {
      const line = waiting.slice(0, end);
      waiting = waiting.slice(end + 2);
      received.push(line);
      if (inData && line !== '.') continue;
      const answer =
        script.answer?.(line, inTls) ??
        (authAnswers > 0 ? loginAnswer(authAnswers--) : usualAnswer(line, inTls));
      if (answer === 'starttls') {
        socket.off('data', onData);
        socket.write('220 2.0.0 Ready to start TLS\r\n');
        listen(encrypted(socket, context), true, script, received, context);
        return;
      }
      if (answer === 'close') {
        socket.destroy();
        return;
      }
      if (answer.startsWith('334 VXNlcm5hbWU6')) authAnswers = 2;
      inData = answer.startsWith('354');
      socket.write(answer);
    }
  };
  socket.on('data', onData);
}

const loginAnswer = (remaining: number): Answer =>
  remaining === 2 ? '334 UGFzc3dvcmQ6\r\n' : '235 2.7.0 Accepted\r\n';
