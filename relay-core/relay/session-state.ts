/** What is known of one connection while it lasts, and small questions to it. Data; who changes it when is in `session.ts`. */
import type { Client, ContentVerdict, Finding, Reply, TraceStep } from '../contract/index.ts';
import type { SignIn } from '../credentials/sign-in.ts';
import type { AddressKey } from '../organisation/types.ts';
import type { Configuration, SessionFacts } from '../policy/types.ts';
import type { QuotaCounts } from '../quota/types.ts';
import type { CatalogueReply } from '../replies/catalogue.ts';
import { type ReplyContext, renderReply } from '../replies/render.ts';
import type { SessionId } from '../replies/session-id.ts';
import type { Filtering } from '../settings/filtering.ts';
import type { SessionRecord, Store, TransactionRecord } from '../store/types.ts';
import type { MessageBeingStored } from './charge-figures.ts';
import type { ClientHabits } from './client-habits.ts';
import { type Dialogue, emptyDialogue } from './dialogue.ts';
import type { OpenTransaction } from './open-transaction.ts';
import type { SpamContext } from './spam.ts';
import type { ConnectionFacts } from './types.ts';

/** What sessions work with. */
export interface SessionContext extends RelayParts {
  /** Messages of all sessions whose record is made and that are not charged yet, in the order of their charges. */
  readonly storing: MessageBeingStored[];
}

/** What the engine wires the relay to. */
export interface RelayParts extends SpamContext {
  /** The bench file in force at this moment. */
  readonly configuration: () => Configuration;
  /** Epoch milliseconds of engine time. */
  readonly now: () => number;
  /** Epoch milliseconds of wall time, for thresholds that do not follow a simulated clock (HEL-3). */
  readonly wallNow: () => number;
  readonly habits: ClientHabits;
  readonly counts: QuotaCounts;
  readonly store: Pick<Store, 'keepTransaction' | 'keepSession'>;
  readonly signIn: SignIn;
  /** Looks into a message; null when nothing was found and nothing asked. */
  readonly inspect: (content: Uint8Array, filtering: Filtering) => Promise<ContentVerdict | null>;
  /** A transaction has been kept. */
  readonly onKept: (record: TransactionRecord) => void;
  /** Something could not be kept; for people. */
  readonly onStoreProblem: (detail: string) => void;
}

export interface SessionState {
  readonly id: SessionId;
  readonly startedAt: number;
  readonly dialogue: Dialogue;
  readonly findings: Finding[];
  client: Client;
  authenticatedAs: AddressKey | null;
  /** The policy's view of the client; null after a change, until it is asked for. */
  facts: SessionFacts | null;
  /** What HELO was noted for; each transaction's trace begins with it. */
  heloSteps: readonly TraceStep[];
  /** The address this connection is counted for; null before it has greeted and was taken. */
  countedAddress: string | null;
  /** The generic HELO names it is counted for, in lower case. */
  countedNames: readonly string[];
  failedSignIns: number;
  transactionsOpened: number;
  transaction: OpenTransaction | null;
  /** The connection is closed; nothing that is said reaches the client. */
  isGone: boolean;
  /** When the last line was seen, on the connection's own clock. */
  lastSinceStartMs: number;
}

const maxFindings = 50;

export function newSession(id: SessionId, connection: ConnectionFacts, startedAt: number): SessionState {
  return {
    id,
    startedAt,
    dialogue: emptyDialogue(),
    findings: [],
    client: {
      address: connection.clientAddress,
      heloName: '',
      portRole: connection.portRole,
      tls: null,
      authenticatedAs: null,
      addressClaimed: connection.addressClaimed,
    },
    authenticatedAs: null,
    facts: null,
    heloSteps: [],
    countedAddress: null,
    countedNames: [],
    failedSignIns: 0,
    transactionsOpened: 0,
    transaction: null,
    isGone: false,
    lastSinceStartMs: 0,
  };
}

export function changeClient(state: SessionState, changed: Partial<Client>): void {
  state.client = { ...state.client, ...changed };
  state.facts = null;
}

export function factsOf(state: SessionState): SessionFacts {
  const { address, heloName, portRole, tls } = state.client;
  state.facts ??= { clientAddress: address, heloName, portRole, tls, authenticatedAs: state.authenticatedAs };
  return state.facts;
}

/** Keeps a finding once, however often it is made. */
export function noteFinding(state: SessionState, finding: Finding): void {
  const known = state.findings.some(({ rule, text }) => rule === finding.rule && text === finding.text);
  if (!known && state.findings.length < maxFindings) state.findings.push(finding);
}

export function replyContextOf(state: SessionState, context: SessionContext): ReplyContext {
  return { sessionId: state.id, wording: context.configuration().profile };
}

/** A reply in the words and with the id of this session. */
export function worded(state: SessionState, context: SessionContext, reply: CatalogueReply): Reply {
  return renderReply(reply, replyContextOf(state, context));
}

/** A connection that is open, as it stands: with the lines of its open transaction. */
export interface SessionInProgress extends SessionRecord {
  /** When the open transaction began, and the ordinal of its first line; null while there is none, or no line of it. */
  readonly openTransaction: { readonly startedAt: number; readonly firstLine: number } | null;
}

export function sessionInProgress(state: SessionState): SessionInProgress {
  const { dialogue, transaction } = state;
  const lines = dialogue.transaction ?? [];
  const [first] = lines;
  return {
    ...sessionRecordOf(state, null),
    dialogue: [...dialogue.outside, ...lines],
    openTransaction:
      transaction === null || first === undefined
        ? null
        : { startedAt: transaction.startedAt, firstLine: first.ordinal },
  };
}

/** The session as the store keeps it, without lines of transactions; `finishedAt` null while the connection is open. */
export function sessionRecordOf(state: SessionState, finishedAt: number | null): SessionRecord {
  return {
    id: state.id,
    startedAt: state.startedAt,
    finishedAt,
    client: state.client,
    dialogue: state.dialogue.outside,
    dialogueOmitted: state.dialogue.omitted,
    findings: state.findings,
  };
}
