/**
 * One listening socket on smtp-server, whose connections are ours. Closing gives open transactions a grace.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { ListenerRole, SmtpContext } from '../types.ts';
import { type ConnectionSetting, RelayConnection } from './connection.ts';
import { type HandshakeError, handshakeFinding, silenceFinding } from './tls-facts.ts';

/** More connections at once than this are refused, whoever they are from. */
const maxConnections = 1_000;
/** What remains when the grace has passed may take this long to read its last reply. */
const lingerMs = 500;

export class RelayServer extends SMTPServer {
  private readonly role: ListenerRole;
  private readonly context: SmtpContext;
  private readonly open = new Set<RelayConnection>();
  private readonly setting: ConnectionSetting;
  /** What is known of the sockets of handshakes that failed. */
  private readonly failedHandshakes = new WeakMap<
    Error,
    { readonly remoteAddress: string; readonly wasSilent: boolean }
  >();
  private accepted = 0;
  private emptied: () => void = () => {};

  constructor(role: ListenerRole, context: SmtpContext) {
    super({
      secure: role === 'smtps',
      key: context.tls.key,
      cert: context.tls.certificate,
      minVersion: 'TLSv1.2',
      // Set, or the library asks for the host's name at each connection.
      name: 'smtp-relay.gmail.com',
      disableReverseLookup: true,
      logger: false,
      socketTimeout: context.idleTimeoutMs,
      maxClients: maxConnections,
      // A client that ends its side behind its last command still gets its replies. Not on 465, where the library would
      // not notice a client that leaves during the handshake.
      allowHalfOpen: role !== 'smtps',
    });
    this.role = role;
    this.context = context;
    this.setting = {
      role,
      context,
      onGone: (connection) => {
        this.open.delete(connection);
        if (this.open.size === 0) this.emptied();
      },
      isFull: () => this.open.size > maxConnections,
    };
  }

  get openConnections(): number {
    return this.open.size;
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new RelayConnection(this, socket, options, this.setting);
    this.connections.add(connection);
    this.open.add(connection);
    try {
      connection.init();
    } catch (error) {
      this.context.report({ kind: 'relay-failed', error });
      connection.destroy();
    }
  }

  /**
   * PROXY headers are the connection's to read. At once: the library waits a turn of the event loop here, and a socket that
   * is destroyed within it is then wrapped in TLS all the same, which crashes Node.
   */
  override _handleProxy(
    _socket: Socket,
    callback: (error: null, options: { readonly id: string }) => void,
  ): void {
    this.accepted += 1;
    callback(null, { id: String(this.accepted) });
  }

  /**
   * The handshake on 465, before there is a connection. The library asks the socket for its address once it has failed,
   * when a closed one has none any more.
   */
  override _upgrade(
    socket: Socket,
    callback: (error: HandshakeError | null, tlsSocket?: TLSSocket) => void,
  ): void {
    const { remoteAddress = '' } = socket;
    super._upgrade(socket, (error, tlsSocket) => {
      if (error !== null)
        this.failedHandshakes.set(error, { remoteAddress, wasSilent: socket.bytesRead === 0 });
      callback(error, tlsSocket);
    });
  }

  /** Errors of the listening socket, and of handshakes on 465 that never became a connection. */
  override _onError(error: HandshakeError): void {
    const failed = this.failedHandshakes.get(error);
    if (failed === undefined) {
      if (this.server.listening) this.context.report({ kind: 'listener-failed', message: error.message });
      return;
    }
    const session = this.context.relay.openSession({
      portRole: this.role === 'proxy' ? 'relay' : this.role,
      clientAddress: failed.remoteAddress.replace(/^::ffff:/i, ''),
      addressClaimed: false,
    });
    session.note(failed.wasSilent ? silenceFinding : handshakeFinding(error, 'first-byte'));
    session.closed();
  }

  /** Stops listening; resolves when no connection is left. */
  async conclude(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.once('close', () => resolve()));
    const empty = new Promise<void>((resolve) => {
      this.emptied = resolve;
      if (this.open.size === 0) resolve();
    });
    // The library reads 0 as "the default".
    this.options.closeTimeout = Math.max(1, graceMs);
    const graceOver = new Promise<void>((resolve) => this.close(resolve));
    for (const connection of this.open) connection.conclude();
    await graceOver;
    const lingering = setTimeout(() => {
      for (const connection of this.open) connection.destroy();
    }, lingerMs);
    await Promise.all([closed, empty]);
    clearTimeout(lingering);
  }
}
