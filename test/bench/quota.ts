/**
 * `npm run bench -- quota`: what counting costs, from 10⁴ to 10⁷ unique (user, recipient) pairs inside the window, beside
 * what it is to reach with 4.6 million. Rates are recipient charges for each second of processor time of one core;
 * each asks for the counts, reserves and charges, as a message does. The longest call is given twice, garbage collection
 * included: as wall time, which other programs on the machine lengthen, and as processor time of its own thread, which
 * they do not. Asking what a call took costs as much as a charge, so every other thousand recipients are timed so, and the
 * rates are those of the rest.
 */

import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { addressKey } from '../../relay-core/organisation/mail-domain.ts';
import type { AddressKey } from '../../relay-core/organisation/types.ts';
import { createQuotaCounts } from '../../relay-core/quota/counts.ts';
import type { QuotaCounts, QuotaDemand } from '../../relay-core/quota/types.ts';
import { dayMs } from '../../relay-core/quota/windows.ts';
import { recipientAddress } from './addresses.ts';
import { isAsEngine, runAsEngine } from './as-engine.ts';
import { writeSection } from './performance-page.ts';

const goals = { pairs: 4_600_000, chargesPerSecond: 500_000, bytesPerPair: 100, longestMs: 5 };
const sizes = [10_000, 100_000, 1_000_000, goals.pairs, 10_000_000];
const userCount = 40_000;
/** Recipients charged with the window full, for the rate. */
const measured = 500_000;
/** Few enough that next to none is there long enough to leave the young generation. */
const recipientsAtOnce = 1_000;

interface Figures {
  readonly pairs: number;
  readonly recipients: number;
  readonly fillingRate: number;
  readonly fullRate: number;
  readonly bytesPerPair: number;
  readonly longestMs: number;
  readonly longestOwnMs: number;
  /** The first question after the clock jumped by half a window, with half of everything to let go. */
  readonly jumpMs: number;
}

/** @param args `--pairs N` for one size only; `--write` puts the table into docs/performance.md */
export async function run(args: string[]): Promise<void> {
  if (!isAsEngine()) return runAsEngine('quota', args);
  const { values } = parseArgs({
    args,
    options: { pairs: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const lines = [
    '40,000 users, every recipient new to its user, spread over 24 hours.',
    `To reach with ${figure(goals.pairs)} pairs: ${figure(goals.chargesPerSecond)} charges a second, ${goals.bytesPerPair} bytes a pair, no call over ${goals.longestMs} ms.`,
    '',
    '| Pairs | Recipients a message | Charges/s, filling | Charges/s, full | Bytes a pair | Longest call, ms: wall | its own | First after a jump, ms |',
    '|---:|---:|---:|---:|---:|---:|---:|---:|',
  ];
  for (const line of lines) print(line);
  for (const recipients of [1, 10]) {
    for (const pairs of values.pairs === undefined ? sizes : [Number(values.pairs)]) {
      lines.push(row(await measure(pairs, recipients)));
      print(lines.at(-1) ?? '');
    }
  }
  if (values.write) writeSection('quota', lines.join('\n'));
}

async function measure(pairs: number, recipients: number): Promise<Figures> {
  const users = Array.from({ length: userCount }, (_, number) => addressKey(`user${number}@example.com`));
  const before = await memoryBytes();
  const counts = createQuotaCounts();
  const messages = pairs / recipients;
  const stepMs = dayMs / messages;
  const start = Date.UTC(2024, 0, 1);
  const filling = charge(counts, users, { from: 0, messages, recipients, start, stepMs });
  const bytesPerPair = ((await memoryBytes()) - before) / pairs;
  const more = Math.min(measured / recipients, messages);
  const full = charge(counts, users, { from: messages, messages: more, recipients, start, stepMs });
  const end = start + (messages + more) * stepMs;
  const jumped = performance.now();
  counts.counts({ user: users[0] ?? null, recipients: [addressKey('someone@example.org')] }, end + dayMs / 2);
  return {
    pairs,
    recipients,
    fillingRate: filling.rate,
    fullRate: full.rate,
    bytesPerPair,
    longestMs: Math.max(filling.longestMs, full.longestMs),
    longestOwnMs: Math.max(filling.longestOwnMs, full.longestOwnMs),
    jumpMs: performance.now() - jumped,
  };
}

interface Load {
  readonly from: number;
  readonly messages: number;
  readonly recipients: number;
  readonly start: number;
  readonly stepMs: number;
}

/** Charges messages; making them up is left out of the time. */
function charge(counts: QuotaCounts, users: readonly AddressKey[], load: Load) {
  const { from, messages, recipients, start, stepMs } = load;
  let processorMicroseconds = 0;
  let rated = 0;
  let longestMs = 0;
  let longestOwnMs = 0;
  const demandsAtOnce = recipientsAtOnce / recipients;
  for (let done = 0; done < messages; done += demandsAtOnce) {
    const demands = makeDemands(users, from + done, Math.min(demandsAtOnce, messages - done), recipients);
    const timeOf = (index: number) => Math.floor(start + (from + done + index) * stepMs);
    if ((done / demandsAtOnce) % 2 === 0) {
      const before = process.cpuUsage();
      chargeAll(counts, demands, timeOf);
      const { user, system } = process.cpuUsage(before);
      processorMicroseconds += user + system;
      rated += demands.length;
    } else {
      const longest = longestOf(counts, demands, timeOf);
      longestMs = Math.max(longestMs, longest.wallMs);
      longestOwnMs = Math.max(longestOwnMs, longest.ownMs);
    }
  }
  return { rate: (rated * recipients * 1e6) / processorMicroseconds, longestMs, longestOwnMs };
}

/** Charges messages one by one. */
function chargeAll(
  counts: QuotaCounts,
  demands: readonly QuotaDemand[],
  timeOf: (index: number) => number,
): void {
  let index = 0;
  for (const demand of demands) {
    chargeOne(counts, demand, timeOf(index));
    index += 1;
  }
}

/** Charges messages one by one and gives the longest wall time of one, and the longest processor time of this thread alone. */
function longestOf(
  counts: QuotaCounts,
  demands: readonly QuotaDemand[],
  timeOf: (index: number) => number,
): { readonly wallMs: number; readonly ownMs: number } {
  let wallMs = 0;
  let ownMicroseconds = 0;
  for (const [index, demand] of demands.entries()) {
    const before = process.threadCpuUsage();
    const began = performance.now();
    chargeOne(counts, demand, timeOf(index));
    wallMs = Math.max(wallMs, performance.now() - began);
    const { user, system } = process.threadCpuUsage(before);
    ownMicroseconds = Math.max(ownMicroseconds, user + system);
  }
  return { wallMs, ownMs: ownMicroseconds / 1_000 };
}

function chargeOne(counts: QuotaCounts, demand: QuotaDemand, now: number): void {
  counts.counts(demand, now);
  counts.charge(counts.reserve(demand, now), now);
}

function makeDemands(
  users: readonly AddressKey[],
  from: number,
  count: number,
  recipients: number,
): QuotaDemand[] {
  return Array.from({ length: count }, (_, index) => {
    const message = from + index;
    const addresses = Array.from({ length: recipients }, (_, position) => {
      return addressKey(recipientAddress(message * recipients + position));
    });
    return { user: users[message % users.length] ?? null, recipients: addresses };
  });
}

/**
 * Resident memory of the whole process, once nothing is left to collect: the words of the counts are memory that V8 does
 * not know of, and that is given back a little later than objects.
 */
async function memoryBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let round = 0; round < 3 && typeof collect === 'function'; round += 1) {
    collect();
    await setTimeout(50);
  }
  return process.memoryUsage.rss();
}

function row({
  pairs,
  recipients,
  fillingRate,
  fullRate,
  bytesPerPair,
  longestMs,
  longestOwnMs,
  jumpMs,
}: Figures): string {
  const cells = [
    figure(pairs),
    String(recipients),
    figure(fillingRate),
    figure(fullRate),
    bytesPerPair.toFixed(0),
    ...[longestMs, longestOwnMs].map((ms) => (ms === 0 ? '–' : ms.toFixed(2))),
    jumpMs.toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
