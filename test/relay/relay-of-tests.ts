/** A relay over real policy and quotas, with a store in memory: what the SMTP room would say, said by hand. */

import type { AlertRecord } from '../../relay-core/abuse/alert.ts';
import { createSpamWatch } from '../../relay-core/abuse/spam-watch.ts';
import { inspect, realScanners, type Scanners } from '../../relay-core/content/inspect.ts';
import { createSignIn, type SignIn } from '../../relay-core/credentials/sign-in.ts';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import { createClientHabits } from '../../relay-core/relay/client-habits.ts';
import { createRelay } from '../../relay-core/relay/relay.ts';
import type { Answer, ReceivedMessage, RelaySession } from '../../relay-core/relay/types.ts';
import { renderReply } from '../../relay-core/replies/render.ts';
import type {
  AcceptedMessage,
  Kept,
  SessionRecord,
  Store,
  TransactionRecord,
} from '../../relay-core/store/types.ts';
import { configuration, listed } from '../policy/organisation-of-tests.ts';

export interface TestRelay {
  readonly kept: TransactionRecord[];
  readonly messages: AcceptedMessage[];
  readonly sessions: SessionRecord[];
  readonly problems: string[];
  readonly alerts: AlertRecord[];
  readonly counts: ReturnType<typeof createQuotaCounts>;
  readonly clock: { now: number };
  /** The bench file in force; a test may save another one. */
  configuration: Configuration;
  /** What the store answers; by default it keeps. */
  answers: Kept[];
  /** What the store waits for before it answers; by default it answers at once. */
  disk: Promise<void>;
  connect(helo?: string, address?: string): Conversation;
  /** A connection that has not greeted. */
  connectSilently(address?: string): Conversation;
}

type KeepingStore = Pick<Store, 'keepTransaction' | 'keepSession'>;

export function testRelay(
  under: Configuration = configuration(),
  scanners: Scanners = realScanners,
  signIn: SignIn = createSignIn(),
): TestRelay {
  const counts = createQuotaCounts();
  const clock = { now: Date.UTC(2026, 0, 1) };
  const state: Omit<TestRelay, 'connect' | 'connectSilently'> = {
    kept: [],
    messages: [],
    sessions: [],
    problems: [],
    alerts: [],
    counts,
    clock,
    configuration: under,
    answers: [],
    disk: Promise.resolve(),
  };
  const store: KeepingStore = {
    async keepTransaction(_session, transaction, accepted) {
      const answer = state.answers.shift() ?? { outcome: 'kept' };
      if (answer.outcome === 'kept') {
        state.kept.push(structuredClone(transaction));
        if (accepted !== null) state.messages.push(accepted);
      }
      await state.disk;
      return answer;
    },
    async keepSession(session) {
      state.sessions.push(session);
      await state.disk;
      return { outcome: 'kept' };
    },
  };
  let seed = 7;
  const relay = createRelay(
    {
      configuration: () => state.configuration,
      now: () => clock.now,
      wallNow: () => clock.now,
      habits: createClientHabits(),
      spamWatch: createSpamWatch(),
      onAlert: (alert) => state.alerts.push(alert),
      counts,
      store,
      signIn,
      inspect: (content, filtering) => inspect(content, filtering, scanners),
      onKept: () => undefined,
      onStoreProblem: (detail) => state.problems.push(detail),
    },
    (below) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    },
  );
  const connectSilently = (address = listed) =>
    new Conversation(relay.openSession({ portRole: 'relay', clientAddress: address, addressClaimed: false }));
  return Object.assign(state, {
    connectSilently,
    connect(helo = 'mail.elsewhere.org', address = listed) {
      const conversation = connectSilently(address);
      conversation.say(`EHLO ${helo}`, (each) => each.helo(helo));
      return conversation;
    },
  });
}

/** Says commands as the SMTP room does: the line is recorded, the relay asked, the reply recorded, and told to be out. */
export class Conversation {
  readonly session: RelaySession;
  #at = 0;

  constructor(session: RelaySession) {
    this.session = session;
  }

  /** Says nothing for so many milliseconds of the connection's clock. */
  wait(ms: number): void {
    this.#at += ms;
  }

  say(line: string, ask: (session: RelaySession) => Answer): string {
    this.#record('client', line);
    return this.#reply(ask(this.session));
  }

  mail(reversePath: string): string {
    return this.say(`MAIL FROM:<${reversePath}>`, (each) => each.mail({ reversePath, declaredBytes: null }));
  }

  rcpt(forwardPath: string): string {
    return this.say(`RCPT TO:<${forwardPath}>`, (each) => each.rcpt(forwardPath));
  }

  data(): string {
    return this.say('DATA', (each) => each.data());
  }

  async message(
    text = 'Subject: Hello\r\nMessage-ID: <1@example.com>\r\n\r\nHello\r\n',
    dropped: ReceivedMessage['dropped'] = null,
  ): Promise<string> {
    this.#record('client', `(${text.length} bytes)`);
    const content = Buffer.from(dropped === null ? text : '');
    return this.#reply(
      await this.session.endOfData({ content, sizeAsSent: text.length, bareLineFeeds: 0, dropped }),
    );
  }

  /** RSET or QUIT. */
  leave(cause: 'RSET' | 'QUIT' = 'RSET'): void {
    this.#record('client', cause);
    this.session.reset(cause);
    this.#record('server', '250 2.1.5 Flushed');
    this.session.replied();
  }

  close(): void {
    this.session.closed();
  }

  async send(from: string, ...to: readonly string[]): Promise<string> {
    const replies = [this.mail(from), ...to.map((each) => this.rcpt(each)), this.data()];
    const refused = replies.findLast((reply) => !/^[23]/.test(reply));
    return refused ?? (await this.message());
  }

  #record(direction: 'client' | 'server', text: string): void {
    this.#at += 1;
    this.session.record({ sinceStartMs: this.#at, direction, text, tls: false });
  }

  #reply(answer: Answer): string {
    const { lines } = renderReply(answer.reply, this.session.replyContext);
    for (const line of lines) this.#record('server', line);
    this.session.replied();
    return lines.join('\n');
  }
}
