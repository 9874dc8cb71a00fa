/**
 * One connection's counterpart in the core: it asks the policy at the five moments (HELO, MAIL, RCPT, DATA, end of
 * data), holds places in the quotas, and says what to answer. It knows nothing of sockets and syntax.
 */
import { decide } from '../policy/decide.ts';
import { demandOf } from '../policy/demand.ts';
import { noRemedy } from '../policy/remedies/find-remedies.ts';
import type { RuleId } from '../policy/rule-book.ts';
import { fail } from '../policy/trace.ts';
import type { Envelope, Rejected } from '../policy/types.ts';
import { type CatalogueReply, reply } from '../replies/catalogue.ts';
import type { SessionId } from '../replies/session-id.ts';
import { done, refused } from './answers.ts';
import { beginTransactionLines, keepLine } from './dialogue.ts';
import { endOfData } from './end-of-data.ts';
import { expired } from './expiry.ts';
import { greet, noteHabits } from './greeting.ts';
import { keepEnded, tellWhetherKept } from './keeping.ts';
import {
  endBrokenOff,
  endRejected,
  noteRefusedRecipients,
  type OpenTransaction,
  openTransaction,
  refuseRecipient,
} from './open-transaction.ts';
import { notePlainText } from './plain-text.ts';
import { type AskedAt, remediesFor } from './remedies.ts';
import {
  changeClient,
  factsOf,
  newSession,
  noteFinding,
  replyContextOf,
  type SessionContext,
  type SessionInProgress,
  type SessionState,
  sessionInProgress,
  sessionRecordOf,
  worded,
} from './session-state.ts';
import { refusedSignIn } from './sign-in-refusal.ts';
import { spamSuspension } from './spam.ts';
import type {
  Answer,
  ConnectionFacts,
  Credentials,
  MailCommand,
  RefusedMail,
  RelaySession,
} from './types.ts';

/** Failed sign-ins on one connection before it is closed (AUT-6). [ours] */
const maxFailedSignIns = 3;

/** A session for the SMTP room, and what is known of it so far for whoever looks. */
export interface OpenSession {
  readonly session: RelaySession;
  readonly inProgress: () => SessionInProgress;
}

export function createRelaySession(
  id: SessionId,
  connection: ConnectionFacts,
  context: SessionContext,
  onClosed: () => void,
): OpenSession {
  const state = newSession(id, connection, context.now());
  const session: RelaySession = {
    id,
    get replyContext() {
      return replyContextOf(state, context);
    },
    get clientAddress() {
      return state.client.address;
    },
    get messageBytes() {
      return context.configuration().messageBytes;
    },
    record(line) {
      state.lastSinceStartMs = line.sinceStartMs;
      keepLine(state.dialogue, line);
    },
    replied: () => keepEnded(state, context),
    claimAddress: (address) => changeClient(state, { address, addressClaimed: true }),
    secured: (tls) => changeClient(state, { tls }),
    helo(name) {
      breakOff(state);
      return greet(state, context, name);
    },
    authenticate: (credentials) => authenticate(state, context, credentials),
    mail: (command) => expired(state, context) ?? mail(state, context, command),
    mailRefused: (refused, catalogueReply) => mailRefused(state, context, refused, catalogueReply),
    rcpt: (forwardPath) => rcpt(state, context, forwardPath),
    rcptRefused(forwardPath, catalogueReply) {
      const rule: RuleId = 'RFC-5321';
      const step = fail(rule, `The recipient "${forwardPath}" is no address that mail can be sent to.`);
      refuseRecipient(requireOpen(state), forwardPath, {
        rule,
        reply: worded(state, context, catalogueReply),
        steps: [step],
        remedies: noRemedy('Correct the recipient’s address.'),
      });
    },
    data: () => data(state, context),
    endOfData: (message) => endOfData(state, context, requireOpen(state), message),
    reset: () => breakOff(state),
    note: (finding) => noteFinding(state, { ...finding }),
    closed() {
      state.isGone = true;
      breakOff(state);
      keepEnded(state, context);
      noteHabits(state, context);
      notePlainText(state, context);
      tellWhetherKept(context, context.store.keepSession(sessionRecordOf(state, context.now())));
      onClosed();
    },
  };
  return { session, inProgress: () => sessionInProgress(state) };
}

async function authenticate(
  state: SessionState,
  context: SessionContext,
  credentials: Credentials,
): Promise<Answer> {
  const signedIn = await context.signIn(context.configuration().organisation, credentials);
  if (signedIn.outcome === 'signed-in') {
    const { user } = signedIn;
    state.failedSignIns = 0;
    state.authenticatedAs = user.key;
    changeClient(state, { authenticatedAs: user.address });
    return done(reply('auth-accepted'));
  }
  noteFinding(state, refusedSignIn(credentials, signedIn.why));
  if (signedIn.why === 'too-many-at-once') return refused(reply('too-many-logins'));
  state.failedSignIns++;
  return state.failedSignIns >= maxFailedSignIns
    ? refused(reply('too-many-logins'), 'close')
    : refused(reply('bad-credentials'));
}

function mail(
  state: SessionState,
  context: SessionContext,
  { reversePath, declaredBytes }: MailCommand,
): Answer {
  const session = factsOf(state);
  const decision = decide(context.configuration(), { stage: 'mail', session, reversePath, declaredBytes });
  const open = beginTransaction(state, context, reversePath);
  if (decision.outcome === 'rejected')
    return refuse(state, context, open, decision, { stage: 'mail', declaredBytes });
  open.trace.push(...decision.trace);
  return done(reply('mail-ok'));
}

function beginTransaction(
  state: SessionState,
  context: SessionContext,
  reversePath: string,
): OpenTransaction {
  state.transactionsOpened++;
  beginTransactionLines(state.dialogue);
  const open = openTransaction(
    `${state.id}-${state.transactionsOpened}`,
    context.now(),
    reversePath,
    state.heloSteps,
  );
  state.transaction = open;
  return open;
}

/** A transaction from its MAIL to the refusal of it. */
function mailRefused(
  state: SessionState,
  context: SessionContext,
  { reversePath, wrongParameter }: RefusedMail,
  catalogueReply: CatalogueReply,
): void {
  const rule: RuleId = 'RFC-5321';
  const text =
    wrongParameter === null
      ? `MAIL gave "${reversePath}" as sender, which is no address in angle brackets.`
      : `MAIL came with the parameter "${wrongParameter}", which is none that EHLO offers, or has a wrong value.`;
  const fix =
    wrongParameter === null
      ? 'Correct the sender’s address: MAIL FROM:<anna@example.com>, with SMTPUTF8 behind it where it leaves ASCII, or <> for bounces.'
      : 'Let the client send the parameters that EHLO offers and no others: SIZE, BODY, SMTPUTF8 and AUTH, each once.';
  const decision = {
    outcome: 'rejected',
    reply: catalogueReply,
    rule,
    setting: null,
    afterwards: 'continue',
    trace: [fail(rule, text)],
  } as const;
  endRejected(
    beginTransaction(state, context, reversePath),
    decision,
    worded(state, context, catalogueReply),
    noRemedy(fix),
  );
}

function rcpt(state: SessionState, context: SessionContext, forwardPath: string): Answer {
  const open = requireOpen(state);
  const question = {
    stage: 'rcpt',
    session: factsOf(state),
    envelope: envelopeOf(open),
    forwardPath,
  } as const;
  const decision = decide(context.configuration(), question);
  if (decision.outcome === 'rejected') {
    const { rule, trace: steps } = decision;
    refuseRecipient(open, forwardPath, {
      rule,
      reply: worded(state, context, decision.reply),
      steps,
      remedies: remediesFor(state, context, open, { stage: 'rcpt', forwardPath }),
    });
    return refused(decision.reply, decision.afterwards);
  }
  const ok = reply('rcpt-ok');
  open.recipients.push({ address: forwardPath, reply: worded(state, context, ok).lines.join('\n') });
  open.accepted.push(forwardPath);
  return done(ok);
}

function data(state: SessionState, context: SessionContext): Answer {
  const open = requireOpen(state);
  const { counts, now } = context;
  const configuration = context.configuration();
  const demand = demandOf(envelopeOf(open), configuration);
  const at = now();
  open.counts = counts.counts(demand, at);
  open.limits = configuration.quotaLimits;
  const question = {
    stage: 'data',
    session: factsOf(state),
    envelope: envelopeOf(open),
    counts: open.counts,
    spamSuspendedUntil: spamSuspension(context.spamWatch, configuration, open.reversePath, at),
  } as const;
  const decision = decide(configuration, question);
  if (decision.outcome === 'rejected') return refuse(state, context, open, decision, { stage: 'data' });
  noteRefusedRecipients(open);
  open.trace.push(...decision.trace);
  open.setting = decision.setting;
  open.reversePathAfter = decision.reversePath;
  open.reservation = counts.reserve(demand, at);
  return done(reply('go-ahead'));
}

function refuse(
  state: SessionState,
  context: SessionContext,
  open: OpenTransaction,
  decision: Rejected,
  asked: AskedAt,
): Answer {
  endRejected(
    open,
    decision,
    worded(state, context, decision.reply),
    remediesFor(state, context, open, asked),
  );
  return refused(decision.reply, decision.afterwards);
}

/** A message that is here whole can no longer be broken off. */
function breakOff({ transaction }: SessionState): void {
  if (transaction !== null && transaction.progress === 'open' && transaction.ending === null)
    endBrokenOff(transaction);
}

function requireOpen({ transaction }: SessionState): OpenTransaction {
  if (transaction === null)
    throw new Error('the SMTP room asked about a transaction before MAIL was accepted');
  return transaction;
}

function envelopeOf({ reversePath, accepted }: OpenTransaction): Envelope {
  return { reversePath, forwardPaths: accepted };
}
