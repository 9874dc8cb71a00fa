/** A process that keeps messages until it is killed: `keeper.ts FILE`. It prints the id of each once it is kept. */
import { openStore } from '../../relay-core/store/store.ts';
import { acceptedTransaction, sessionRecord } from './records.ts';

const store = openStore(process.argv[2] ?? '', { synchronous: 'normal' });
const session = sessionRecord('c31sm1401185itd.5');

/** Several at a time, so that commits are shared. */
async function keepOn(lane: number): Promise<never> {
  for (let number = lane; ; number += 8) {
    const { transaction, accepted } = acceptedTransaction(session, number);
    const kept = await store.keepTransaction(session, transaction, accepted);
    if (kept.outcome !== 'kept') throw new Error(kept.detail);
    process.stdout.write(`${transaction.id}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => keepOn(lane)));
