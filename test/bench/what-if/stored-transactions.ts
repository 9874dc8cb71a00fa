/**
 * Transactions as a customer with several mail servers leaves them behind, over some days: registered users, devices
 * without a user, foreign senders, one to three recipients, refusals at MAIL and DATA, some broken off. The same every time.
 */
import { addressKey } from '../../../relay-core/organisation/mail-domain.ts';
import type {
  AcceptedMessage,
  SessionRecord,
  Store,
  TransactionRecord,
} from '../../../relay-core/store/types.ts';
import { acceptedTransaction, sessionRecord } from '../../store/records.ts';

export const userCount = 1_000;
const servers = 12;
const atOnce = 500;
/** Engine time between two transactions: a million are eight days. */
const stepMs = 700;

interface Stored {
  readonly transaction: TransactionRecord;
  readonly accepted: AcceptedMessage | null;
}

export function userAddress(number: number): string {
  return `user${number}@example.com`;
}

/** Keeps so many transactions. */
export async function keepTransactions(
  store: Store,
  count: number,
  told: (kept: number) => void,
): Promise<void> {
  const sessions = Array.from({ length: servers }, (_, server) => sessionOf(server));
  for (let from = 0; from < count; from += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => {
      const number = from + index;
      const session = sessions[number % servers] ?? sessionOf(0);
      const { transaction, accepted } = stored(session, number);
      return store.keepTransaction(session, transaction, accepted);
    });
    await Promise.all(batch);
    if (from % 50_000 === 0) told(from);
  }
}

function sessionOf(server: number): SessionRecord {
  const session = sessionRecord(`c${server}sm1401185itd.5`);
  const client = {
    ...session.client,
    address: `203.0.113.${server}`,
    heloName: `mx${server}.example.com`,
    authenticatedAs: server % 4 === 3 ? userAddress(server) : null,
    tls: server % 2 === 0 ? null : { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  };
  return { ...session, client };
}

function stored(session: SessionRecord, number: number): Stored {
  const base = acceptedTransaction(session, number, { content: new Uint8Array(64) });
  const from = senderOf(number);
  const to = Array.from({ length: 1 + (number % 3) }, (_, each) => `r${number % 40_000}.${each}@example.org`);
  const at = base.transaction.finishedAt + number * stepMs;
  const transaction = {
    ...base.transaction,
    startedAt: at,
    finishedAt: at,
    envelope: { before: { from, to }, after: { from, to } },
    recipients: to.map((address) => ({ address, reply: '250 2.1.5 OK c31sm1401185itd.5 - gsmtp' })),
    dialogue: base.transaction.dialogue.map((line, index) =>
      index === 0 ? { ...line, text: `MAIL FROM:<${from}> SIZE=${1_000 + number}` } : line,
    ),
  };
  switch (number % 50) {
    case 7:
      return ended(transaction, { outcome: 'rejected', rule: 'CQ-2', message: null });
    case 17:
      return ended({ ...transaction, recipients: [] }, { outcome: 'rejected', rule: 'PRT-4', message: null });
    case 27:
      return ended(transaction, { outcome: 'abandoned', rule: null, message: null });
    default: {
      const charge = { at, user: addressKey(from), recipients: to.map(addressKey) };
      return { transaction, accepted: { ...base.accepted, charge } };
    }
  }
}

function senderOf(number: number): string {
  if (number % 10 === 9) return `device${number % 300}@example.com`;
  if (number % 25 === 3) return `guest${number % 5_000}@elsewhere.org`;
  return userAddress((number * 7) % userCount);
}

function ended(
  transaction: TransactionRecord,
  { outcome, rule, message }: Pick<TransactionRecord['decision'], 'outcome' | 'rule'> & { message: null },
): Stored {
  const quota = transaction.recipients.length === 0 ? [] : transaction.quota;
  const decision = { ...transaction.decision, outcome, rule };
  return { transaction: { ...transaction, decision, quota, message }, accepted: null };
}
