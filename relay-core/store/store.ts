/**
 * The store put together: opening, group commit, writes and questions over one SQLite file (`types.ts` says what it
 * promises). Runs on the engine's thread.
 */
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { createAlerts } from './alerts.ts';
import { createBenchHistory } from './bench-history.ts';
import { chargesReader } from './charges.ts';
import { coursesReader } from './courses.ts';
import { openDatabase } from './database.ts';
import { findingsReader } from './findings.ts';
import { createGroupCommit, failure } from './group-commit.ts';
import { createIdIndex } from './id-index.ts';
import { createLedger } from './ledger.ts';
import { transactionLists } from './lists.ts';
import { createReading } from './reading.ts';
import { spamReader } from './spam.ts';
import type { Kept, Store } from './types.ts';
import { createWriting } from './writing.ts';

export type Synchronous = 'normal' | 'full';

const newestSchema = z.object({ id: z.string().nullable(), number: z.number() });

/**
 * Opens the store in `file`, making or migrating it as needed, for this process alone.
 * @throws {StoreError} when the file is in use, of a later version, damaged, or cannot be opened
 */
export function openStore(file: string, options: { readonly synchronous: Synchronous }): Store {
  return createStore(openDatabase(file), options);
}

/** The store over an open database, which is its own from now on. */
export function createStore(database: DatabaseSync, options: { readonly synchronous: Synchronous }): Store {
  const setSynchronous = (mode: Synchronous) => database.exec(`PRAGMA synchronous = ${mode}`);
  setSynchronous(options.synchronous);

  const sessionIds = createIdIndex(database, 'sessions', 'session_ids');
  const transactionIds = createIdIndex(database, 'transactions', 'transaction_ids');
  /** Rows are numbered without gaps, since none is ever removed: the newest's number is the count. */
  let newest = newestSchema.parse(
    database.prepare('SELECT id, coalesce(max(number), 0) AS number FROM transactions').get(),
  );
  const commits = createGroupCommit(database);
  const writing = createWriting(database, sessionIds, (id, number) => {
    newest = { id, number };
    transactionIds.add(id, number);
  });
  const lists = transactionLists(database);
  const courses = coursesReader(database);
  const findings = findingsReader(database);
  const alerts = createAlerts(database);
  const ledger = createLedger(database);
  const benchHistory = createBenchHistory(database);
  const reading = createReading(database, sessionIds, transactionIds, () => ledger.begin().afterTransaction);
  const charges = chargesReader(database, () => ledger.begin().afterCharge);

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
    keepTransaction: (session, transaction, accepted) =>
      commits.add(writing.transaction(session, transaction, accepted)),
    keepSession: (session) => commits.addUnhurried(writing.session(session)),
    transactions(query) {
      commits.flush();
      return lists(query);
    },
    keepAlert: (alert) => atOnce(() => alerts.add(alert)),
    alerts: alerts.list,
    suspensions: alerts.suspensions,
    spamSince: spamReader(database, () => ledger.begin().afterTransaction),
    findings(query) {
      commits.flush();
      return findings(query);
    },
    transaction(id) {
      commits.flush();
      return reading.transaction(id);
    },
    transactionNumbered: (number) => reading.transactionNumbered(number),
    courses() {
      commits.flush();
      const total = newest.number;
      return { total, lastOfEarlierLedger: ledger.begin().afterTransaction, inOrder: courses(total) };
    },
    transactionCount() {
      commits.flush();
      return newest.number;
    },
    latestTransactionId() {
      commits.flush();
      return newest.id;
    },
    message(transactionId, offset, length) {
      commits.flush();
      return reading.message(transactionId, offset, length);
    },
    session(id) {
      commits.flush();
      return reading.session(id);
    },
    transactionsOfSession(sessionId) {
      commits.flush();
      return reading.transactionsOfSession(sessionId);
    },
    charges(since) {
      commits.flush();
      return charges.since(since);
    },
    lastChargeUntil(at) {
      commits.flush();
      return charges.lastUntil(at);
    },
    chargesBehind(number) {
      commits.flush();
      return charges.behind(number);
    },
    chargeCount(since) {
      commits.flush();
      return charges.countSince(since);
    },
    clockSetting: () => ledger.clock(),
    latestTime() {
      commits.flush();
      return ledger.latestTime();
    },
    benchVersions: () => benchHistory.versions(),
    keepBench: (versions, entries) => atOnce(() => benchHistory.keep(versions, entries)),
    auditLog: (query) => benchHistory.auditLog(query),
    keepClock: (setting) => atOnce(() => ledger.keepClock(setting)),
    fills: () => ledger.fills(),
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
    quotaRefusals(window, user, since, stepMs) {
      commits.flush();
      return reading.quotaRefusals(window, user, since, stepMs);
    },
    setSynchronous(mode) {
      commits.flush();
      setSynchronous(mode);
    },
    close() {
      commits.close();
      if (database.isOpen) database.close();
    },
  };
}
