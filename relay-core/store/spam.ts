/** The messages that were refused as spam, for counting them again after a restart (ABU-1). */
import type { DatabaseSync } from 'node:sqlite';
import { isSpam } from '../policy/rules/content.ts';
import { transactionColumns, transactionFromRow } from './rows.ts';
import type { Store } from './types.ts';

/** @param lastOfEarlier the number of the last transaction that belongs to an earlier quota ledger */
export function spamReader(database: DatabaseSync, lastOfEarlier: () => number): Store['spamSince'] {
  const refused = database.prepare(
    `SELECT ${transactionColumns} FROM transactions INDEXED BY transactions_not_accepted
     WHERE outcome <> 'accepted' AND outcome = 'rejected' AND rule IN ('FIL-1', 'ABU-1') AND finished_at > ? AND number > ?
     ORDER BY number`,
  );
  return function* (since) {
    for (const row of refused.iterate(since, lastOfEarlier())) {
      const { record } = transactionFromRow(row);
      if (record.content === undefined || !isSpam(record.content)) continue;
      yield {
        at: record.finishedAt,
        reversePath: record.envelope.before.from,
        clientAddress: record.client.address,
      };
    }
  };
}
