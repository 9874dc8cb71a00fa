/**
 * `npm run bench -- restore`: opening a store whose windows are full, as after a restart of the largest customer's engine:
 * 4.6 million recipients charged within 24 hours, one or ten a message, counted again from the file.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { restoredCounts } from '../../relay-core/restoring.ts';
import { openStore } from '../../relay-core/store/store.ts';
import { writeSection } from './performance-page.ts';

const goals = { recipients: 4_600_000, seconds: 10 };
const userCount = 40_000;
const end = Date.UTC(2024, 0, 2);

interface Figures {
  readonly perMessage: number;
  readonly charges: number;
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly used: number;
}

/** @param args `--recipients N` for another size; `--write` puts the table into docs/performance.md */
export async function run(args: string[]): Promise<void> {
  const recipients = args[0] === '--recipients' ? Number(args[1]) : goals.recipients;
  const rows: Figures[] = [];
  for (const perMessage of [1, 10]) rows.push(await measure(recipients, perMessage));
  const table = [
    `Opening a store with ${figure(recipients)} recipients charged in the last 24 hours; to reach: under ${goals.seconds} s.`,
    '',
    '| Recipients a message | Charges read | Counted again | Time | Processor |',
    '|---:|---:|---:|---:|---:|',
    ...rows.map(
      ({ perMessage, charges, used, seconds, processorSeconds }) =>
        `| ${perMessage} | ${figure(charges)} | ${figure(used)} | ${seconds.toFixed(1)} s | ${processorSeconds.toFixed(1)} s |`,
    ),
  ].join('\n');
  process.stdout.write(`${table}\n`);
  if (args.includes('--write')) writeSection('restore', table);
}

async function measure(recipients: number, perMessage: number): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'relay-bench-restore-'));
  try {
    const file = join(directory, 'store.sqlite');
    openStore(file, { synchronous: 'normal' }).close();
    const charges = Math.ceil(recipients / perMessage);
    writeCharges(file, charges, perMessage);
    const began = performance.now();
    const processor = process.cpuUsage();
    const store = openStore(file, { synchronous: 'normal' });
    const counts = await restoredCounts(store, end, ({ done, total }) => {
      process.stderr.write(`\r${figure(done)} of ${figure(total)} charges counted`);
    });
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(processor);
    process.stderr.write('\n');
    const used = counts.customer(end).at(-1)?.used ?? 0;
    store.close();
    return { perMessage, charges, seconds, processorSeconds: (user + system) / 1e6, used };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Straight into the table, since keeping millions of messages takes longer than what is measured here. */
function writeCharges(file: string, charges: number, perMessage: number): void {
  const database = new DatabaseSync(file);
  database.exec('BEGIN');
  const put = database.prepare('INSERT INTO charges (at, user, recipients) VALUES (?, ?, ?)');
  for (let charge = 0; charge < charges; charge += 1) {
    const at = Math.floor(end - dayMs + 1 + (charge * (dayMs - 1)) / charges);
    const recipients = Array.from({ length: perMessage }, (_, position) => {
      const number = charge * perMessage + position;
      return `recipient${number}@example${number % 1_000}.org`;
    });
    put.run(at, `user${charge % userCount}@example.com`, recipients.join('\n'));
  }
  database.exec('COMMIT');
  database.close();
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}
