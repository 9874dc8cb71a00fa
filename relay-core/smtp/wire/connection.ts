/**
 * One client's connection on smtp-server: the library keeps the socket, its time-out, STARTTLS and closing; the
 * conversation above it does all that is said. `send` is a firewall against the library's own texts.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { reply } from '../../replies/catalogue.ts';
import type { ContentReader } from '../content/reader.ts';
import { secured } from '../protocol/commands/starttls.ts';
import { Conversation, type Wire } from '../protocol/conversation.ts';
import { takeLine, takeTooLongLine } from '../protocol/dispatch.ts';
import { keptLine } from '../protocol/secrets.ts';
import type { ListenerRole, SmtpContext } from '../types.ts';
import { mappedText } from './library-texts.ts';
import { InputParser, type InputSink } from './parser.ts';
import { parseProxyHeader } from './proxy-header.ts';
import { type HandshakeError, handshakeFinding, tlsFacts } from './tls-facts.ts';
import { atEndOfTurn } from './turn.ts';

/** How long a handshake behind STARTTLS may take, however its bytes trickle. */
const maxHandshakeMs = 30_000;
/** What a client gets to read the last reply and close its side, when the service is closing. */
const lingerMs = 500;

/** What a connection is told by the listener it came in on. */
export interface ConnectionSetting {
  readonly role: ListenerRole;
  readonly context: SmtpContext;
  readonly onGone: (connection: RelayConnection) => void;
  /** Whether the listener has as many connections as it takes. */
  readonly isFull: () => boolean;
}

export class RelayConnection extends SMTPConnection implements Wire, InputSink {
  private readonly setting: ConnectionSetting;
  /** Null until the client's address is known: behind PROXY that takes a line. */
  private conversation: Conversation | null = null;
  /** What has been said to the packet at hand. */
  private unsent = '';
  /** Called once it is on its way. */
  private sent: (() => void) | null = null;
  /** It is to be closed, which happens at the end of the turn. */
  private ending = false;
  /** The TLS socket already during its handshake, when `_socket` still is the one below it. */
  private topSocket: Socket | null = null;
  private handshakeTimer: NodeJS.Timeout | undefined;

  constructor(
    server: SMTPServer,
    socket: Socket | TLSSocket,
    options: SMTPConnectionOptions | null | undefined,
    setting: ConnectionSetting,
  ) {
    super(server, socket, options);
    this.setting = setting;
  }

  /** Called by the library's constructor: nothing of this class is set yet. */
  override _createParser(): InputParser {
    return new InputParser(this, this._server.options.socketTimeout ?? 0);
  }

  private get input(): InputParser | null {
    return this._parser instanceof InputParser ? this._parser : null;
  }

  /** Greets at once: without the library's wait for early talkers, nor its reverse look-up. */
  override init(): void {
    this._setListeners(() => {
      if (this.setting.role !== 'proxy') this.begin(this.remoteAddress, false);
    });
  }

  private begin(clientAddress: string, addressClaimed: boolean): Conversation {
    const { role, context } = this.setting;
    const portRole = role === 'proxy' ? 'relay' : role;
    const relay = context.relay.openSession({ portRole, clientAddress, addressClaimed });
    const conversation = new Conversation(this, relay, context.report, {
      role: portRole,
      peerIsLoopback: isLoopback(this.remoteAddress),
      tls: this.secure,
      room: context.room,
    });
    this.conversation = conversation;
    if (this.secure) relay.secured(tlsFacts(this._socket));
    if (role !== 'proxy') {
      this.greet(conversation);
      atEndOfTurn(this.turnEnds);
    }
    return conversation;
  }

  private greet(conversation: Conversation): void {
    if (this.setting.isFull()) conversation.sayAndClose(reply('too-many-connections'));
    else conversation.say(reply('greeting'));
  }

  // What the parser finds

  packetArrived(): void {
    // Already now, so that replies go out ahead of the commit of a message that ends in this turn.
    atEndOfTurn(this.turnEnds);
    this.conversation?.tick();
  }

  line(line: string): void {
    if (this.conversation === null) this.takeProxyHeader(line);
    else takeLine(this.conversation, line);
  }

  lineTooLong(bytes: number): void {
    if (this.conversation === null) this.takeProxyHeader('');
    else takeTooLongLine(this.conversation, bytes);
  }

  packetDone(next: () => void): void {
    if (this.unsent === '') {
      this._whenWritable(next);
      return;
    }
    this.sent = next;
    atEndOfTurn(this.turnEnds);
  }

  private readonly turnEnds = (): void => {
    this.flush();
    const { sent } = this;
    this.sent = null;
    if (sent !== null) this._whenWritable(sent);
  };

  tooSlow(): void {
    this.timeOut('The client sent its bytes too slowly.');
  }

  inputEnded(): void {
    if (this.conversation === null) this.close();
    else this.conversation.close();
  }

  /** A header that is none ends the connection without a word, as the protocol wants it (§2). */
  private takeProxyHeader(line: string): void {
    const header = parseProxyHeader(line);
    const conversation =
      header.outcome === 'claimed' ? this.begin(header.address, true) : this.begin(this.remoteAddress, false);
    const isHeader = header.outcome !== 'invalid';
    conversation.heard(keptLine(line, isHeader, false).slice(0, 200));
    if (isHeader) {
      this.greet(conversation);
      return;
    }
    conversation.relay.note({
      rule: 'PRT-3',
      severity: 'problem',
      text: 'The listener behind PROXY did not get a PROXY header of version 1 as its first line.',
      fix: 'Send `PROXY TCP4 source destination port port` first, or use one of the other listeners.',
    });
    conversation.close();
  }

  // What the conversation asks for

  write(text: string): void {
    this.unsent += text;
  }

  readContent(reader: ContentReader, ended: () => void): void {
    this.input?.readContent(reader, () => this.conversation?.attempt(ended));
  }

  hold(): void {
    this.input?.hold();
  }

  release(): void {
    this.input?.release();
  }

  unreadBytes(): number {
    return this.input?.unreadBytes ?? 0;
  }

  startTls(): void {
    this.flush();
    this.handshakeTimer = setTimeout(() => this.destroy(), maxHandshakeMs);
    this.upgrade(
      () => {},
      () => {
        clearTimeout(this.handshakeTimer);
        if (this.conversation !== null) secured(this.conversation, tlsFacts(this._socket));
      },
    );
  }

  override close(): void {
    this.endWith(this.end);
  }

  hangUp(): void {
    this.endWith(this.letGo);
  }

  private endWith(end: () => void): void {
    if (this._upgrading) {
      // Nothing can be said now; and ending the socket below a handshake crashes Node.
      this.destroy();
      return;
    }
    this.ending = true;
    // Nothing that follows is read, from now on and not only once the socket is being closed.
    if (this._parser) this._parser.isClosed = true;
    atEndOfTurn(end);
  }

  private readonly end = (): void => {
    this.flush();
    super.close();
  };

  /**
   * Closes the socket when the kernel has all that was written: what is left of its end is the kernel's work, and no turn
   * goes by for hearing of the client's side. TLS has a last word of its own to say.
   */
  private readonly letGo = (): void => {
    this.flush();
    if (!this.secure && this._socket.writableLength === 0) this.destroy();
    else super.close();
  };

  /** The service is closing: ends at once where no transaction is open, else once it has ended. */
  conclude(): void {
    if (this.conversation === null) this.close();
    else this.conversation.conclude();
    if (this.ending) setTimeout(() => this.destroy(), lingerMs).unref();
  }

  destroy(): void {
    (this.topSocket ?? this._socket).destroy();
  }

  private flush(): void {
    const { unsent, _socket: socket } = this;
    if (unsent === '') return;
    this.unsent = '';
    // During a handshake the socket still is the one in plain text.
    if (!this._upgrading && socket.writable) socket.write(unsent);
  }

  // What the library does on its own

  /** The one place where the library shows the TLS socket before its handshake is over. */
  override _armTimeout(socket: Socket = this._socket): void {
    if (socket !== this._socket) {
      this.topSocket = socket;
      // Sockets stay half open here; a client that leaves during the handshake would go unnoticed.
      socket.once('end', () => {
        if (this._upgrading) this._onError(new Error('the client left during the handshake'));
      });
    }
    super._armTimeout(socket);
  }

  override send(code: number, data?: string | string[] | null): void {
    const text = Array.isArray(data) ? data.join('\n') : (data ?? '');
    const known = mappedText(code, text);
    if (known === null) this.setting.context.report({ kind: 'unmapped-text', code, text });
    this.conversation?.say(known ?? reply('local-error'));
    if (code === 421) this.conversation?.close();
    this.flush();
  }

  override _onTimeout(): void {
    if (this._closing) this.destroy();
    else if (this.input?.isHeld) this._armTimeout();
    else this.timeOut('The client was silent for too long.');
  }

  private timeOut(text: string): void {
    const { conversation } = this;
    if (conversation === null) {
      this.close();
      return;
    }
    conversation.relay.note({
      rule: 'RFC-5321',
      severity: 'warning',
      text,
      fix: 'Let the client send QUIT when it has nothing more to send, or reuse the connection sooner.',
    });
    conversation.tick();
    conversation.sayAndClose(reply('timeout'));
  }

  /** A client that goes away is no error of the relay's; a handshake that fails is a finding. */
  override _onError(error: HandshakeError): void {
    const { conversation } = this;
    if (conversation === null || conversation.closed) {
      this.close();
      return;
    }
    if (this._upgrading) conversation.relay.note(handshakeFinding(error, 'starttls'));
    conversation.close();
  }

  override _onClose(): void {
    const isFirst = !this._closed;
    super._onClose();
    if (!isFirst) return;
    clearTimeout(this.handshakeTimer);
    this.conversation?.gone();
    this.conversation = null;
    this.setting.onGone(this);
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
