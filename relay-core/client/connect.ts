/**
 * Opens the connection to the engine's own listener: TCP, TLS from the first byte where asked, and XCLIENT.
 * It goes to a numeric address, or to localhost, so that nothing is ever asked of DNS. nodemailer takes the socket over from there.
 */
import { connect as connectTcp, isIP, isIPv6, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { SendTarget } from './types.ts';

/** How the relay's certificate is checked: against the given authority, for the real service's name. */
export const tlsOptionsFor = ({ caPem, serverName }: SendTarget): ConnectionOptions => ({
  ca: caPem,
  servername: serverName,
});

/**
 * Starts a connection. `connected` resolves when it can be used, and rejects with the socket's error.
 * @throws {TypeError} when the target is neither a numeric address nor localhost
 */
export function openSocket(
  target: SendTarget,
  encryption: 'plain' | 'implicit-tls',
): { readonly socket: Socket; readonly connected: Promise<void> } {
  const { host, port } = target;
  if (isIP(host) === 0 && host !== 'localhost')
    throw new TypeError(`The test sender connects to numeric addresses and localhost only, not to ${host}`);
  const socket =
    encryption === 'plain'
      ? connectTcp({ host, port })
      : connectTls({ host, port, ...tlsOptionsFor(target) });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once(encryption === 'plain' ? 'connect' : 'secureConnect', resolve);
    socket.once('error', reject);
  });
  return { socket, connected };
}

/**
 * Waits for the greeting and claims another source address. The answer is left unread: it is a 220 as a greeting is, so
 * the client that takes the socket over goes on to EHLO behind it, and the relay sees that EHLO from the claimed address.
 * @returns false when the greeting is not 220; then nothing was sent
 */
export async function claimAddress(socket: Socket, address: string): Promise<boolean> {
  const greeting = await nextReply(socket);
  if (!greeting.startsWith('220')) return false;
  socket.write(`XCLIENT ADDR=${isIPv6(address) ? `IPV6:${address}` : address}\r\n`);
  return true;
}

/** Reads up to the end of a reply's last line, then leaves the socket paused. */
function nextReply(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const settle = (settleWith: () => void) => {
      socket.off('data', onData).off('error', reject).off('close', onClose);
      socket.pause();
      settleWith();
    };
    const onData = (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (/^\d{3}(?: .*)?\r\n$/m.test(received)) settle(() => resolve(received));
    };
    const onClose = () => settle(() => reject(new Error('Connection closed before the greeting')));
    socket.on('data', onData).once('error', reject).once('close', onClose);
  });
}
