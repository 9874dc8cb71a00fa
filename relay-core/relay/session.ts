/**
 * One connection's counterpart in the core: it asks the policy at the five moments, holds and charges quota places,
 * and hands each transaction to the store once it has ended. It knows nothing of sockets and syntax.
 */
import type { Client, Finding, Reply, TraceStep } from '../contract/index.ts';
import type { SignIn } from '../credentials/sign-in.ts';
import { addressKey } from '../organisation/mail-domain.ts';
import { findUser } from '../organisation/organisation.ts';
import type { AddressKey } from '../organisation/types.ts';
import { decide } from '../policy/decide.ts';
import type { RuleId } from '../policy/rule-book.ts';
import type { Configuration, Envelope, Rejected, SessionFacts } from '../policy/types.ts';
import type { QuotaCounts, QuotaDemand } from '../quota/types.ts';
import { type CatalogueReply, reply } from '../replies/catalogue.ts';
import { type ReplyContext, renderReply } from '../replies/render.ts';
import type { SessionId } from '../replies/session-id.ts';
import type { SessionRecord, Store, TransactionRecord } from '../store/types.ts';
import { beginTransactionLines, emptyDialogue, endTransactionLines, keepLine } from './dialogue.ts';
import { messageHeaders } from './message-headers.ts';
import {
  type Ending,
  endBrokenOff,
  endRejected,
  noteRefusedRecipients,
  type OpenTransaction,
  openTransaction,
  recordOf,
} from './open-transaction.ts';
import type {
  Answer,
  ConnectionFacts,
  Credentials,
  DialogueLineSeen,
  MailCommand,
  ReceivedMessage,
  RelaySession,
} from './types.ts';

/** What sessions work with; wired by the engine. */
export interface SessionContext {
  /** The bench file in force at this moment. */
  readonly configuration: () => Configuration;
  /** Epoch milliseconds of engine time. */
  readonly now: () => number;
  readonly counts: QuotaCounts;
  readonly store: Pick<Store, 'keepTransaction' | 'keepSession'>;
  readonly signIn: SignIn;
  /** A transaction has been kept. */
  readonly onKept: (record: TransactionRecord) => void;
  /** Something could not be kept; for people. */
  readonly onStoreProblem: (detail: string) => void;
}

/** Failed sign-ins on one connection before it is closed (AUT-6). [ours] */
const maxFailedSignIns = 3;
const maxFindings = 50;

/** A session for the SMTP room, and what is known of it so far for whoever looks. */
export interface OpenSession {
  readonly session: RelaySession;
  readonly record: () => SessionRecord;
}

export function createRelaySession(
  id: SessionId,
  connection: ConnectionFacts,
  context: SessionContext,
  onClosed: () => void,
): OpenSession {
  const { store, counts, now } = context;
  const startedAt = now();
  const dialogue = emptyDialogue();
  const findings: Finding[] = [];
  let client: Client = {
    address: connection.clientAddress,
    heloName: '',
    portRole: connection.portRole,
    tls: null,
    authenticatedAs: null,
    addressClaimed: connection.addressClaimed,
  };
  let authenticatedKey: AddressKey | null = null;
  let facts: SessionFacts | null = null;
  let heloSteps: readonly TraceStep[] = [];
  let failedSignIns = 0;
  let transactionsOpened = 0;
  let transaction: OpenTransaction | null = null;
  let lastSinceStartMs = 0;

  const change = (changed: Partial<Client>) => {
    client = { ...client, ...changed };
    facts = null;
  };
  const sessionFacts = (): SessionFacts => {
    facts ??= {
      clientAddress: client.address,
      heloName: client.heloName,
      portRole: client.portRole,
      tls: client.tls,
      authenticatedAs: authenticatedKey,
    };
    return facts;
  };
  const replyContext = (): ReplyContext => ({ sessionId: id, wording: context.configuration().profile });
  const worded = (catalogueReply: CatalogueReply): Reply => renderReply(catalogueReply, replyContext());

  const note: RelaySession['note'] = (finding) => {
    const known = findings.some((each) => each.rule === finding.rule && each.text === finding.text);
    if (!known && findings.length < maxFindings) findings.push({ ...finding });
  };

  const sessionRecord = (finishedAt: number | null): SessionRecord => ({
    id,
    startedAt,
    finishedAt,
    client,
    dialogue: dialogue.outside,
    dialogueOmitted: dialogue.omitted,
    findings,
  });

  const release = (open: OpenTransaction) => {
    if (open.reservation !== null) counts.release(open.reservation);
    open.reservation = null;
  };

  /** Keeps a transaction whose last line is on the wire. Accepted ones were kept before their 250. */
  const keepEnded = (open: OpenTransaction, ending: Ending) => {
    release(open);
    const lines = endTransactionLines(dialogue);
    transaction = null;
    if (ending.outcome === 'accepted') return;
    const record = recordOf(open, ending, { id, client }, now(), lines);
    void store.keepTransaction(sessionRecord(null), record, null).then((kept) => {
      if (kept.outcome === 'kept') context.onKept(record);
      else context.onStoreProblem(kept.detail);
    });
  };

  const refused = (open: OpenTransaction, decision: Rejected): Answer => {
    endRejected(open, decision, worded(decision.reply));
    return { ok: false, reply: decision.reply, afterwards: decision.afterwards };
  };

  const breakOff = () => {
    if (transaction !== null && transaction.progress !== 'storing' && transaction.ending === null)
      endBrokenOff(transaction);
  };

  const answer = (catalogueReply: CatalogueReply, afterwards: Answer['afterwards'] = 'continue'): Answer => ({
    ok: false,
    reply: catalogueReply,
    afterwards,
  });
  const done = (catalogueReply: CatalogueReply): Answer => ({
    ok: true,
    reply: catalogueReply,
    afterwards: 'continue',
  });

  const requireOpen = (): OpenTransaction => {
    if (transaction === null)
      throw new Error('the SMTP room asked about a transaction before MAIL was accepted');
    return transaction;
  };

  const envelopeOf = (open: OpenTransaction): Envelope => ({
    reversePath: open.reversePath,
    forwardPaths: open.accepted,
  });

  const demandOf = (open: OpenTransaction, { organisation }: Configuration): QuotaDemand => ({
    user: open.reversePath === '' ? null : (findUser(organisation, open.reversePath)?.key ?? null),
    recipients: open.accepted.map(addressKey),
  });

  /** The 250 as it will be sent, so that the kept dialogue is whole although it is kept before the reply goes out. */
  const withLastReply = (open: OpenTransaction, { lines }: Reply) => {
    const own = dialogue.transaction ?? [];
    return [
      ...own,
      ...lines.map((text, index) => ({
        ordinal: dialogue.count + index,
        sinceStartMs:
          lastSinceStartMs +
          Math.max(0, now() - open.startedAt - (lastSinceStartMs - (own[0]?.sinceStartMs ?? 0))),
        direction: 'server' as const,
        text,
        tls: client.tls !== null,
      })),
    ];
  };

  const storeMessage = async (open: OpenTransaction, message: ReceivedMessage): Promise<Answer> => {
    const at = now();
    const { reservation } = open;
    if (reservation === null) throw new Error('a message came without places held for it');
    const accepted = reply('message-accepted', { unixSeconds: Math.floor(at / 1000) });
    const wordedReply = worded(accepted);
    const ending: Ending = { outcome: 'accepted', rule: null, reply: wordedReply };
    const record = recordOf(open, ending, { id, client }, at, withLastReply(open, wordedReply));
    const charge = { at, user: reservation.demand.user, recipients: reservation.demand.recipients };
    open.progress = 'storing';
    const kept = await store.keepTransaction(sessionRecord(null), record, {
      content: message.content,
      charge,
    });
    open.progress = 'open';
    if (kept.outcome === 'kept') {
      counts.charge(reservation, at);
      open.reservation = null;
      open.ending = ending;
      context.onKept(record);
      return done(accepted);
    }
    context.onStoreProblem(kept.detail);
    const refusal = reply(kept.outcome === 'full' ? 'storage-full' : 'local-error');
    const rule: RuleId = 'RFC-3463';
    endRejected(
      open,
      {
        outcome: 'rejected',
        reply: refusal,
        rule,
        setting: null,
        afterwards: 'continue',
        trace: [
          { rule, outcome: 'fail', text: `The message could not be kept: ${kept.detail}`, assumed: false },
        ],
      },
      worded(refusal),
    );
    return answer(refusal);
  };

  const session: RelaySession = {
    id,
    get replyContext() {
      return replyContext();
    },
    get clientAddress() {
      return client.address;
    },
    get messageBytes() {
      return context.configuration().messageBytes;
    },

    record(line: DialogueLineSeen) {
      lastSinceStartMs = line.sinceStartMs;
      keepLine(dialogue, line);
    },

    replied() {
      if (transaction !== null && transaction.ending !== null) keepEnded(transaction, transaction.ending);
    },

    claimAddress(address) {
      change({ address, addressClaimed: true });
    },

    secured(tls) {
      change({ tls });
    },

    helo(name) {
      breakOff();
      change({ heloName: name });
      const decision = decide(context.configuration(), { stage: 'helo', session: sessionFacts() });
      heloSteps = decision.trace;
      for (const step of decision.trace) {
        note({
          rule: step.rule,
          severity: step.outcome === 'fail' ? 'problem' : 'warning',
          text: step.text,
          fix: 'Let the client present its own full host name in HELO or EHLO.',
        });
      }
      return decision.outcome === 'rejected'
        ? answer(decision.reply, decision.afterwards)
        : done(reply('helo'));
    },

    async authenticate(credentials: Credentials) {
      const user = await context.signIn(context.configuration().organisation, credentials);
      if (user !== null) {
        failedSignIns = 0;
        authenticatedKey = user.key;
        change({ authenticatedAs: user.address });
        return done(reply('auth-accepted'));
      }
      failedSignIns++;
      note({
        rule: 'AUT-6',
        severity: 'problem',
        text: `AUTH ${credentials.mechanism} as ${credentials.user} was refused: wrong ${credentials.kind}, or no such user, or a suspended one.`,
        fix: `Check the user name and the ${credentials.kind} in the client, and the user in the bench file.`,
      });
      return failedSignIns >= maxFailedSignIns
        ? answer(reply('too-many-logins'), 'close')
        : answer(reply('bad-credentials'));
    },

    mail({ reversePath, declaredBytes }: MailCommand) {
      const decision = decide(context.configuration(), {
        stage: 'mail',
        session: sessionFacts(),
        reversePath,
        declaredBytes,
      });
      transactionsOpened++;
      beginTransactionLines(dialogue);
      transaction = openTransaction(`${id}-${transactionsOpened}`, now(), reversePath, heloSteps);
      if (decision.outcome === 'rejected') return refused(transaction, decision);
      transaction.trace.push(...decision.trace);
      return done(reply('mail-ok'));
    },

    rcpt(forwardPath) {
      const open = requireOpen();
      const decision = decide(context.configuration(), {
        stage: 'rcpt',
        session: sessionFacts(),
        envelope: envelopeOf(open),
        forwardPath,
      });
      if (decision.outcome === 'accepted') {
        const ok = reply('rcpt-ok');
        open.recipients.push({ address: forwardPath, reply: worded(ok).lines.join('\n') });
        open.accepted.push(forwardPath);
        return done(ok);
      }
      const wordedReply = worded(decision.reply);
      open.recipients.push({ address: forwardPath, reply: wordedReply.lines.join('\n') });
      open.refusal = { rule: decision.rule, reply: wordedReply, steps: decision.trace };
      return answer(decision.reply, decision.afterwards);
    },

    rcptRefused(forwardPath, catalogueReply) {
      const open = requireOpen();
      const wordedReply = worded(catalogueReply);
      const rule: RuleId = 'RFC-5321';
      open.recipients.push({ address: forwardPath, reply: wordedReply.lines.join('\n') });
      open.refusal = {
        rule,
        reply: wordedReply,
        steps: [
          {
            rule,
            outcome: 'fail',
            text: `The recipient "${forwardPath}" is no address that mail can be sent to.`,
            assumed: false,
          },
        ],
      };
    },

    data() {
      const open = requireOpen();
      const configuration = context.configuration();
      const demand = demandOf(open, configuration);
      const at = now();
      const windows = counts.counts(demand, at);
      const decision = decide(configuration, {
        stage: 'data',
        session: sessionFacts(),
        envelope: envelopeOf(open),
        counts: windows,
      });
      open.counts = windows;
      open.limits = configuration.quotaLimits;
      if (decision.outcome === 'rejected') return refused(open, decision);
      noteRefusedRecipients(open);
      open.trace.push(...decision.trace);
      open.setting = decision.setting;
      open.reversePathAfter = decision.reversePath;
      open.reservation = counts.reserve(demand, at);
      return done(reply('go-ahead'));
    },

    async endOfData(message) {
      const open = requireOpen();
      const { subject, messageId } = messageHeaders(message.content);
      open.message = { size: message.sizeAsSent, subject, messageId };
      if (message.bareLineFeeds > 0) {
        note({
          rule: 'RFC-5321',
          severity: 'warning',
          text: `${message.bareLineFeeds} line feeds in the message had no carriage return before them. They stay content.`,
          fix: 'Let the client end every line with CR LF.',
        });
      }
      const decision = decide(context.configuration(), {
        stage: 'end-of-data',
        session: sessionFacts(),
        envelope: envelopeOf(open),
        messageBytes: message.sizeAsSent,
      });
      if (decision.outcome === 'rejected') return refused(open, decision);
      open.trace.push(...decision.trace);
      return storeMessage(open, message);
    },

    reset() {
      breakOff();
    },

    note,

    closed() {
      breakOff();
      if (transaction !== null && transaction.ending !== null) keepEnded(transaction, transaction.ending);
      void store.keepSession(sessionRecord(now())).then((kept) => {
        if (kept.outcome !== 'kept') context.onStoreProblem(kept.detail);
      });
      onClosed();
    },
  };

  return { session, record: () => sessionRecord(null) };
}
