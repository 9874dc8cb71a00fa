/**
 * `npm run bench -- what-if`: a draft over a million stored transactions, in this process and over the real store, which
 * is filled first. Processor time is what counts; wall time and the event loop's longest wait are other programs' too.
 * Memory is that of the process, the store's filling included.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { configurationOf } from '../../relay-core/bench-file/configuration.ts';
import { benchFileSchema } from '../../relay-core/bench-file/schema.ts';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { openStore } from '../../relay-core/store/store.ts';
import type { Store } from '../../relay-core/store/types.ts';
import type { Tally } from '../../relay-core/what-if/types.ts';
import { createWhatIf } from '../../relay-core/what-if/what-if.ts';
import { type BenchInput, testBench } from '../fixtures/engine.ts';
import { keepTransactions, userAddress, userCount } from './what-if/stored-transactions.ts';

const goalSeconds = 15;
const megabyte = 1024 * 1024;

/** @param args `--transactions N` */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { transactions: { type: 'string', default: '1000000' } } });
  const count = Number(values.transactions);
  const folder = mkdtempSync(join(tmpdir(), 'relay-bench-what-if-'));
  const store = openStore(join(folder, 'store.sqlite'), { synchronous: 'normal' });
  try {
    await keepTransactions(store, count, (kept) => say(`${figure(kept)} of ${figure(count)} stored`));
    print(`A draft over ${figure(count)} stored transactions; to reach: ${goalSeconds} s, memory flat.\n`);
    print('draft       wall, s    processor, s  µs each  longest wait, ms  memory, MB (start, highest)');
    for (const [name, draft] of Object.entries(drafts)) print(await measure(store, name, configured(draft)));
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const setting = {
  description: 'Mail servers',
  authentication: { ipRanges: [{ description: 'Servers', range: '203.0.113.0/28' }] },
};
const users = Array.from({ length: userCount }, (_, number) => ({ address: userAddress(number) }));

/** Nearly everything passes; a tenth is refused by settings; every quota is short. */
const drafts = {
  lax: { settings: [{ ...setting, allowedSenders: 'any' }] },
  strict: { settings: [{ ...setting, allowedSenders: 'registered-users' }] },
  'low limits': {
    settings: [{ ...setting, allowedSenders: 'any' }],
    limits: {
      customerRecipientsPerDay: 100_000,
      customerRecipientsPerTenMinutes: 1_500,
      userMessagesPerDay: 60,
    },
  },
} satisfies Readonly<Record<string, Partial<BenchInput>>>;

/** The file that runs: each draft is held against it, so that everything is asked twice. */
const running = configured(drafts.lax);

function configured(changes: Partial<BenchInput>): Configuration {
  const customer = { name: 'Example AB', primaryDomain: 'example.com', licences: 10_000 };
  return configurationOf(benchFileSchema.parse(testBench({ customer, users, ...changes })));
}

async function measure(store: Store, name: string, draft: Configuration): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const memory = () => process.memoryUsage.rss() / megabyte;
  const atStart = memory();
  let highest = atStart;
  delay.enable();
  const processor = process.cpuUsage();
  const beganAt = performance.now();
  const answer = await createWhatIf(store, () => running).run(draft, {
    onProgress: () => {
      highest = Math.max(highest, memory());
    },
  });
  const wall = (performance.now() - beganAt) / 1_000;
  const { user, system } = process.cpuUsage(processor);
  delay.disable();
  if (answer.outcome !== 'done') throw new Error(answer.outcome);
  const { result } = answer;
  const seconds = (user + system) / 1_000_000;
  const cells = [
    name.padEnd(10),
    wall.toFixed(1).padStart(8),
    seconds.toFixed(1).padStart(15),
    ((seconds * 1_000_000) / result.total).toFixed(1).padStart(8),
    (delay.max / 1_000_000).toFixed(0).padStart(17),
    `${atStart.toFixed(0)}, ${highest.toFixed(0)}`.padStart(14),
  ];
  return `${cells.join(' ')}\n${' '.repeat(12)}${countsOf(result)}`;
}

function countsOf({ same, newlyRejected, newlyAccepted, envelopeChanged, undetermined }: Tally): string {
  const changed = `${figure(newlyRejected)} newly rejected, ${figure(newlyAccepted)} newly accepted`;
  return `${figure(same)} the same, ${changed}, ${figure(envelopeChanged)} rewritten, ${figure(undetermined)} undetermined`;
}

function figure(value: number): string {
  return value.toLocaleString('en-GB');
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
