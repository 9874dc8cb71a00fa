/**
 * The store put together: opening, group commit, writes and questions over one SQLite file (`types.ts` says what it
 * promises). What comes with messages is written on a thread of its own; questions, and the few writes that are asked
 * for by hand, are answered on the engine's, by a second connection.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { createAlerts } from './alerts.ts';
import { createBenchHistory } from './bench-history.ts';
import { chargesReader } from './charges.ts';
import { coursesReader } from './courses.ts';
import { openDatabase } from './database.ts';
import { failure, storeErrorOf } from './error.ts';
import { findingsReader } from './findings.ts';
import { type Committer, createGroupCommit } from './group-commit.ts';
import { createIdLookup } from './id-lookup.ts';
import { createLedger } from './ledger.ts';
import { transactionLists } from './lists.ts';
import { lockFor } from './lock.ts';
import { makePrivate } from './private-file.ts';
import { createReading } from './reading.ts';
import { spamReader } from './spam.ts';
import type { Kept, Store } from './types.ts';
import { sessionWrite, transactionWrite } from './write.ts';
import { createWriter } from './writer.ts';
import { type Synchronous, startWriterThread } from './writer-thread.ts';

const newestSchema = z.object({ id: z.string().nullable(), number: z.number() });

/**
 * Opens the store in `file`, making or migrating it as needed, for this process alone.
 * @throws {StoreError} when the file is in use, of a later version, damaged, or cannot be opened
 */
export function openStore(file: string, { synchronous }: { readonly synchronous: Synchronous }): Store {
  const opened: (() => void)[] = [];
  const closeAll = () => {
    for (const close of opened.reverse()) close();
  };
  try {
    opened.push(lockFor(file));
    makePrivate(file);
    const database = openDatabase(file);
    opened.push(() => database.close());
    const committer = startWriterThread(file, synchronous);
    opened.push(committer.close);
    return createStore(database, committer, { synchronous, onClosed: closeAll });
  } catch (error) {
    closeAll();
    throw storeErrorOf(error, file);
  }
}

/** The store over an open database, which is its own from now on, and which it writes on this thread. */
export function createStoreOver(database: DatabaseSync): Store {
  const writer = createWriter(database);
  const committer: Committer = {
    begin: (batch, answer) => answer(writer.write(batch)),
    finish: () => undefined,
    setSynchronous: () => undefined,
    close: () => undefined,
  };
  return createStore(database, committer, { synchronous: 'normal', onClosed: () => database.close() });
}

/** A record that cannot be made into a row, since it is larger than a string can be, say, is an answer too. */
async function keptOrNot(keep: () => Promise<Kept>): Promise<Kept> {
  try {
    return await keep();
  } catch (error) {
    return failure(error);
  }
}

function createStore(
  database: DatabaseSync,
  committer: Committer,
  { synchronous, onClosed }: { readonly synchronous: Synchronous; readonly onClosed: () => void },
): Store {
  const setSynchronous = (mode: Synchronous) => database.exec(`PRAGMA synchronous = ${mode}`);
  setSynchronous(synchronous);

  const sessionIds = createIdLookup(database, { table: 'sessions', ids: 'session_ids' });
  const transactionIds = createIdLookup(database, { table: 'transactions', ids: 'transaction_ids' });
  const newestRow = database.prepare('SELECT id, coalesce(max(number), 0) AS number FROM transactions');
  /** Rows are numbered without gaps, since none is ever removed: the newest's number is the count. */
  const newest = () => newestSchema.parse(newestRow.get());
  const commits = createGroupCommit(committer);
  const lists = transactionLists(database);
  const courses = coursesReader(database);
  const findings = findingsReader(database);
  const alerts = createAlerts(database);
  const ledger = createLedger(database);
  const benchHistory = createBenchHistory(database);
  const reading = createReading(database, sessionIds, transactionIds, () => ledger.begin().afterTransaction);
  const charges = chargesReader(database, () => ledger.begin().afterCharge);

  /** Open sessions that are known to have a row. */
  const sessionsWithRow = new Set<string>();
  const hasRow = (id: string) => sessionsWithRow.has(id);

  /** Writes that are asked for by hand and rarely: at once, behind what waits. */
  function atOnce(write: () => void): Kept {
    commits.flush();
    try {
      write();
      return { outcome: 'kept' };
    } catch (error) {
      return failure(error);
    }
  }

  return {
    async keepTransaction(session, transaction, accepted) {
      const kept = await keptOrNot(() =>
        commits.add(transactionWrite(session, transaction, accepted, hasRow)),
      );
      if (kept.outcome === 'kept') sessionsWithRow.add(session.id);
      return kept;
    },
    async keepSession(session) {
      const kept = await keptOrNot(() => commits.addUnhurried(sessionWrite(session)));
      sessionsWithRow.delete(session.id);
      return kept;
    },
    settled: commits.settled,
    ...reading,
    transactions: lists,
    findings,
    transactionCount: () => newest().number,
    latestTransactionId: () => newest().id,
    courses() {
      const total = newest().number;
      return { total, lastOfEarlierLedger: ledger.begin().afterTransaction, inOrder: courses(total) };
    },
    keepAlert: (alert) => atOnce(() => alerts.add(alert)),
    alerts: alerts.list,
    suspensions: alerts.suspensions,
    spamSince: spamReader(database, () => ledger.begin().afterTransaction),
    chargesAsText: charges.textSince,
    lastChargeUntil: charges.lastUntil,
    chargesBehind: charges.behind,
    chargeCount: charges.countSince,
    clockSetting: ledger.clock,
    latestTime: ledger.latestTime,
    keepClock: (setting) => atOnce(() => ledger.keepClock(setting)),
    fills: ledger.fills,
    keepFill: (entry) => atOnce(() => ledger.keepFill(entry)),
    removeFills() {
      let removed = 0;
      const kept = atOnce(() => {
        removed = ledger.removeFills();
      });
      return kept.outcome === 'kept' ? { ...kept, removed } : kept;
    },
    startOver: (setting) =>
      atOnce(() => {
        alerts.endSuspensions();
        ledger.startOver(setting);
      }),
    benchVersions: benchHistory.versions,
    keepBench: (versions, entries) => atOnce(() => benchHistory.keep(versions, entries)),
    auditLog: benchHistory.auditLog,
    setSynchronous(mode) {
      commits.flush();
      committer.setSynchronous(mode);
      setSynchronous(mode);
    },
    close() {
      if (!database.isOpen) return;
      commits.close();
      onClosed();
    },
  };
}
