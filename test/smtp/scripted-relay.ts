/**
 * A relay that does as a test says, and keeps all that the SMTP room told it. By default it takes everything.
 */
import type {
  Answer,
  ConnectionFacts,
  Credentials,
  DialogueLineSeen,
  MailCommand,
  ReceivedMessage,
  Relay,
  RelaySession,
} from '../../relay-core/relay/types.ts';
import { type CatalogueReply, reply } from '../../relay-core/replies/catalogue.ts';
import { makeSessionId, type SessionId } from '../../relay-core/replies/session-id.ts';

export const ok = (catalogueReply: CatalogueReply): Answer => ({
  ok: true,
  reply: catalogueReply,
  afterwards: 'continue',
});

export const refuse = (
  catalogueReply: CatalogueReply,
  afterwards: Answer['afterwards'] = 'continue',
): Answer => ({ ok: false, reply: catalogueReply, afterwards });

/** What a test may say; what it leaves out is taken. */
export interface Script {
  readonly helo?: (name: string) => Answer;
  readonly authenticate?: (credentials: Credentials) => Answer | Promise<Answer>;
  readonly mail?: (command: MailCommand) => Answer;
  readonly rcpt?: (forwardPath: string) => Answer;
  readonly data?: () => Answer;
  readonly endOfData?: (message: ReceivedMessage) => Answer | Promise<Answer>;
  readonly record?: () => void;
  readonly openSession?: () => void;
  readonly messageBytes?: number;
  readonly wording?: 'g-suite' | 'workspace';
}

export interface SeenMessage {
  readonly content: string;
  readonly bytes: Uint8Array;
  readonly sizeAsSent: number;
  readonly bareLineFeeds: number;
  readonly dropped: 'too-large' | 'no-room' | null;
}

/** One session, as the relay saw it. */
export interface SeenSession {
  readonly id: SessionId;
  readonly connection: ConnectionFacts;
  /** The calls, one line each: `mail <a@example.com>`. */
  readonly calls: string[];
  readonly lines: DialogueLineSeen[];
  readonly messages: SeenMessage[];
  readonly credentials: Credentials[];
  readonly findings: { readonly rule: string; readonly text: string }[];
  claimedAddress: string | null;
  tls: { readonly version: string; readonly cipher: string } | null;
  replied: number;
  closed: number;
}

export interface ScriptedRelay extends Relay {
  readonly sessions: SeenSession[];
  /** The only session; throws where there is another number of them. */
  readonly session: SeenSession;
}

export function scriptedRelay(script: Script = {}): ScriptedRelay {
  const sessions: SeenSession[] = [];
  return {
    sessions,
    get session() {
      const [first, ...more] = sessions;
      if (first === undefined || more.length > 0) throw new Error(`there are ${sessions.length} sessions`);
      return first;
    },
    openSession(connection) {
      script.openSession?.();
      const id = makeSessionId((below) => Math.floor(Math.random() * below));
      const seen: SeenSession = {
        id,
        connection,
        calls: [],
        lines: [],
        messages: [],
        credentials: [],
        findings: [],
        claimedAddress: null,
        tls: null,
        replied: 0,
        closed: 0,
      };
      sessions.push(seen);
      return scriptedSession(seen, script);
    },
  };
}

function scriptedSession(seen: SeenSession, script: Script): RelaySession {
  const { calls } = seen;
  return {
    id: seen.id,
    replyContext: { sessionId: seen.id, wording: script.wording ?? 'g-suite' },
    get clientAddress() {
      return seen.claimedAddress ?? seen.connection.clientAddress;
    },
    messageBytes: script.messageBytes ?? 35_882_577,
    record: (line) => {
      script.record?.();
      seen.lines.push(line);
    },
    replied: () => {
      seen.replied += 1;
    },
    claimAddress: (address) => {
      seen.claimedAddress = address;
      calls.push(`claimAddress ${address}`);
    },
    secured: (tls) => {
      seen.tls = tls;
      calls.push('secured');
    },
    helo: (name) => {
      calls.push(`helo ${name}`);
      return script.helo?.(name) ?? ok(reply('helo'));
    },
    async authenticate(credentials) {
      seen.credentials.push(credentials);
      calls.push(`authenticate ${credentials.mechanism} ${credentials.user}`);
      return (await script.authenticate?.(credentials)) ?? ok(reply('auth-accepted'));
    },
    mail: (command) => {
      calls.push(`mail <${command.reversePath}> ${command.declaredBytes}`);
      return script.mail?.(command) ?? ok(reply('mail-ok'));
    },
    mailRefused: ({ reversePath, wrongParameter }, catalogueReply) =>
      void calls.push(`mailRefused <${reversePath}> ${wrongParameter} ${catalogueReply.id}`),
    rcpt: (forwardPath) => {
      calls.push(`rcpt <${forwardPath}>`);
      return script.rcpt?.(forwardPath) ?? ok(reply('rcpt-ok'));
    },
    rcptRefused: (forwardPath, catalogueReply) =>
      void calls.push(`rcptRefused <${forwardPath}> ${catalogueReply.id}`),
    data: () => {
      calls.push('data');
      return script.data?.() ?? ok(reply('go-ahead'));
    },
    async endOfData(message) {
      calls.push(`endOfData ${message.sizeAsSent}`);
      seen.messages.push({
        ...message,
        content: Buffer.from(message.content).toString('latin1'),
        bytes: message.content,
      });
      return (
        (await script.endOfData?.(message)) ?? ok(reply('message-accepted', { unixSeconds: 1_700_000_000 }))
      );
    },
    reset: (cause) => void calls.push(`reset ${cause}`),
    note: (finding) => void seen.findings.push(finding),
    closed: () => {
      seen.closed += 1;
      calls.push('closed');
    },
  };
}
