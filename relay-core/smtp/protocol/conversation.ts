/**
 * One client's conversation: its state, and the way replies and lines take. The commands work on it; it knows no command,
 * no socket and no library: those are behind `Wire`.
 */
import type { PortRole } from '../../contract/words.ts';
import type { Answer, RelaySession } from '../../relay/types.ts';
import { type CatalogueReply, reply } from '../../replies/catalogue.ts';
import { renderReply } from '../../replies/render.ts';
import { ContentKeeper } from '../content/keeper.ts';
import type { ContentReader } from '../content/reader.ts';
import type { ContentRoom } from '../content/room.ts';
import type { WireEvent } from '../types.ts';

/** What a conversation asks of the connection below it. */
export interface Wire {
  /** Adds to what goes out once the packet at hand is worked through. */
  write(text: string): void;
  /** The bytes that follow, at least one, belong to this reader; `ended` is called behind the last of them. */
  readContent(reader: ContentReader, ended: () => void): void;
  /** Reads nothing on until `release`, so that replies keep their order. */
  hold(): void;
  release(): void;
  /** Bytes of the packet at hand behind the line at hand. */
  unreadBytes(): number;
  /** Drops what is unread and begins TLS once what was written is out. */
  startTls(): void;
  /** Ends the connection once what was written is out, and waits a while for the client to read it and end its side. */
  close(): void;
  /** Ends the connection with a client that sends nothing more, once what was written is out. */
  hangUp(): void;
}

/** A transaction that MAIL has opened. */
export interface OpenTransaction {
  readonly smtpUtf8: boolean;
  acceptedRecipients: number;
  /** Set from the first BDAT on. */
  chunks: ContentKeeper | null;
}

/** A line that is no command: the client's part in a SASL exchange. */
export interface AwaitedLine {
  /** What of the line may be kept. */
  readonly blank: (line: string) => string;
  readonly take: (line: string) => void;
}

interface WordedReply {
  readonly text: string;
  readonly wording: string;
  readonly lines: readonly string[];
  readonly onTheWire: string;
}

export class Conversation {
  readonly relay: RelaySession;
  readonly role: PortRole;
  /** Whether the connection comes from this machine, whatever address is claimed. */
  readonly peerIsLoopback: boolean;
  readonly wire: Wire;
  readonly report: (event: WireEvent) => void;
  tls: boolean;
  greeted = false;
  authenticated = false;
  private opened: OpenTransaction | null = null;
  /** What is kept of the message that is arriving. */
  private content: ContentKeeper | null = null;
  awaited: AwaitedLine | null = null;
  /** From AUTH on, to the end: lines may be credentials that were sent without being asked for, whatever came of it. */
  credentialsMayFollow = false;
  unknownInARow = 0;
  /** Commands outside a transaction since the last sign of progress. */
  idleCommands = 0;
  closed = false;
  private concluding = false;
  private waiting = false;
  private sinceStartMs = 0;
  private readonly startedAtMs = performance.now();
  private readonly room: ContentRoom;
  private readonly worded = new Map<string, WordedReply>();

  constructor(
    wire: Wire,
    relay: RelaySession,
    report: (event: WireEvent) => void,
    facts: {
      readonly role: PortRole;
      readonly peerIsLoopback: boolean;
      readonly tls: boolean;
      readonly room: ContentRoom;
    },
  ) {
    this.wire = wire;
    this.relay = relay;
    this.report = report;
    this.role = facts.role;
    this.peerIsLoopback = facts.peerIsLoopback;
    this.tls = facts.tls;
    this.room = facts.room;
  }

  get transaction(): OpenTransaction | null {
    return this.opened;
  }

  beginTransaction(transaction: OpenTransaction): void {
    this.opened = transaction;
  }

  /** However it ended: what was kept of its message goes. */
  endTransaction(): void {
    this.opened = null;
    this.dropContent();
  }

  /** A message begins to arrive. */
  beginContent(): ContentKeeper {
    this.dropContent();
    this.content = new ContentKeeper(this.relay.messageBytes, this.room);
    return this.content;
  }

  private dropContent(): void {
    this.content?.release();
    this.content = null;
  }

  /** Reads the clock: once for each packet, and when an answer comes later. */
  tick(): void {
    this.sinceStartMs = performance.now() - this.startedAtMs;
  }

  /** Keeps a client's line; secrets are blanked before. */
  heard(text: string): void {
    this.relay.record({ sinceStartMs: this.sinceStartMs, direction: 'client', text, tls: this.tls });
  }

  /** Keeps a reply and puts it on the wire. */
  say(catalogueReply: CatalogueReply): void {
    if (this.closed) return;
    const { lines, onTheWire } = this.inWords(catalogueReply);
    const { sinceStartMs, tls } = this;
    for (const text of lines) this.relay.record({ sinceStartMs, direction: 'server', text, tls });
    this.wire.write(onTheWire);
    this.relay.replied();
  }

  sayAndClose(catalogueReply: CatalogueReply): void {
    this.say(catalogueReply);
    this.close();
  }

  /** Gives the relay's answer, and does what it wants done. */
  give(answer: Answer): void {
    this.say(answer.reply);
    if (answer.afterwards === 'close') this.close();
  }

  close(): void {
    this.end(() => this.wire.close());
  }

  /** The answer to a client that has said that nothing more will come (QUIT, RFC 5321 §4.1.1.10). */
  sayAndHangUp(catalogueReply: CatalogueReply): void {
    this.say(catalogueReply);
    this.end(() => this.wire.hangUp());
  }

  private end(endConnection: () => void): void {
    if (this.closed) return;
    this.closed = true;
    this.awaited = null;
    endConnection();
  }

  /** The socket is gone. */
  gone(): void {
    this.closed = true;
    this.awaited = null;
    // A message that is here whole is stored all the same, and takes its room until then.
    if (!this.waiting) this.dropContent();
    try {
      this.relay.closed();
    } catch (error) {
      this.report({ kind: 'relay-failed', error });
    }
  }

  /** Runs a piece of the conversation; a relay that fails does not take the engine with it. */
  attempt(piece: () => void): void {
    try {
      piece();
    } catch (error) {
      this.report({ kind: 'relay-failed', error });
      this.apologise();
    }
    this.closeIfConcluding();
  }

  private apologise(): void {
    try {
      this.say(reply('local-error'));
    } catch {
      // The relay cannot even keep a line: there is no conversation without it.
      this.close();
    }
  }

  /** Waits for the relay's answer before anything more is read. */
  wait(answer: Promise<Answer>, use: (answer: Answer) => void): void {
    this.waiting = true;
    this.wire.hold();
    const settle = (settled: Answer) => {
      this.waiting = false;
      if (this.closed) {
        this.dropContent();
        return;
      }
      this.tick();
      this.attempt(() => use(settled));
      this.wire.release();
    };
    answer.then(settle, (error: unknown) => {
      this.report({ kind: 'relay-failed', error });
      settle({ ok: false, reply: reply('local-error'), afterwards: 'continue' });
    });
  }

  /** The service is closing: at once where nothing is open, else once the open transaction has ended. */
  conclude(): void {
    this.concluding = true;
    this.tick();
    this.closeIfConcluding();
  }

  private closeIfConcluding(): void {
    if (this.concluding && !this.waiting && this.transaction === null && !this.closed) {
      this.sayAndClose(reply('shutting-down'));
    }
  }

  private inWords(catalogueReply: CatalogueReply): WordedReply {
    const { wording, sessionId } = this.relay.replyContext;
    const known = this.worded.get(catalogueReply.id);
    if (known !== undefined && known.text === catalogueReply.text && known.wording === wording) return known;
    const { lines } = renderReply(catalogueReply, { wording, sessionId });
    const worded = { text: catalogueReply.text, wording, lines, onTheWire: `${lines.join('\r\n')}\r\n` };
    this.worded.set(catalogueReply.id, worded);
    return worded;
  }
}
