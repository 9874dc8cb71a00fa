/**
 * `npm run bench -- quota`: what counting costs, from 10⁴ to 10⁷ unique (user, recipient) pairs inside the window, beside
 * what it is to reach with 4.6 million. Rates are recipient charges for each second of processor time of one core;
 * each message asks for the counts, reserves and charges, as in the engine. The window is filled, and then as many again
 * are charged while as many leave: a whole day of it, since the first of them are removed late.
 *
 * The longest call is given for both, garbage collection included. While the window fills, V8 still compiles, on threads
 * that take this one's core at times; once it is full, pairs become over. Wall time is lengthened by other programs on the
 * machine; processor time of the call's own thread is not, but the system may count it in steps of 4 ms. Asking what a call
 * took costs as much as a charge, so every other thousand recipients are timed so, and the rates are those of the rest.
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
import { generator, sizeOf } from './day/traffic.ts';
import { writeSection } from './performance-page.ts';

const goals = { pairs: 4_600_000, chargesPerSecond: 500_000, bytesPerPair: 100, longestMs: 5 };
const sizes = [10_000, 100_000, 1_000_000, goals.pairs, 10_000_000];
const userCount = 40_000;
/** Few enough that next to none is there long enough to leave the young generation. */
const recipientsAtOnce = 1_000;

/** How many recipients messages have. */
interface Mail {
  readonly name: string;
  /** Gives the recipients of the next message, of the following one, and so on. */
  readonly sizes: () => () => number;
}

const mails: readonly Mail[] = [
  {
    name: 'as in the day: 3.55',
    sizes: () => {
      const chance = generator(1);
      return () => sizeOf(chance());
    },
  },
  { name: '1', sizes: () => () => 1 },
  { name: '10', sizes: () => () => 10 },
];

interface Figures {
  readonly pairs: number;
  readonly mail: Mail;
  readonly fillingRate: number;
  readonly fullRate: number;
  readonly bytesPerPair: number;
  readonly bytesPerPairLater: number;
  readonly longestFillingMs: number;
  readonly longestFullMs: number;
  readonly longestFullOwnMs: number;
  /** The first question after the clock jumped by half a window, with half of everything to let go. */
  readonly jumpMs: number;
}

/** @param args `--pairs N` for one size only; `--write` puts the table into docs/performance.md */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { pairs: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const lines = [
    '40,000 users, every recipient new to its user, spread over 24 hours.',
    `To reach with ${figure(goals.pairs)} pairs: ${figure(goals.chargesPerSecond)} charges a second, ${goals.bytesPerPair} bytes a pair, no call over ${goals.longestMs} ms.`,
    '',
    '| Recipients a message | Pairs | Charges/s, filling | Charges/s, full, a day long | Bytes a pair, just full | a day later | Longest call, ms: filling | full | full, its own | First after a jump, ms |',
    '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|',
  ];
  for (const line of lines) print(line);
  for (const mail of mails) {
    for (const pairs of values.pairs === undefined ? sizes : [Number(values.pairs)]) {
      lines.push(row(await measure(pairs, mail)));
      print(lines.at(-1) ?? '');
    }
  }
  if (values.write) writeSection('quota', lines.join('\n'));
}

async function measure(pairs: number, mail: Mail): Promise<Figures> {
  const before = await memoryBytes();
  const counts = createQuotaCounts();
  const start = Date.UTC(2024, 0, 1);
  const demands = madeUp(mail);
  const timeAfter = (recipients: number) => Math.floor(start + (recipients / pairs) * dayMs);
  const filling = charge(counts, demands, { from: 0, to: pairs, timeAfter });
  const bytesPerPair = ((await memoryBytes()) - before) / pairs;
  const full = charge(counts, demands, { from: filling.to, to: filling.to + pairs, timeAfter });
  const bytesPerPairLater = ((await memoryBytes()) - before) / pairs;
  const jumped = performance.now();
  const someone = { user: userKeys[0] ?? null, recipients: [addressKey('someone@example.org')] };
  counts.counts(someone, timeAfter(full.to) + dayMs / 2);
  return {
    pairs,
    mail,
    fillingRate: filling.rate,
    fullRate: full.rate,
    bytesPerPair,
    bytesPerPairLater,
    longestFillingMs: filling.longestMs,
    longestFullMs: full.longestMs,
    longestFullOwnMs: full.longestOwnMs,
    jumpMs: performance.now() - jumped,
  };
}

interface Load {
  /** Recipients charged before, and afterwards: a message more at most. */
  readonly from: number;
  readonly to: number;
  /** The time at which so many were charged. */
  readonly timeAfter: (recipients: number) => number;
}

/** Charges messages; making them up is left out of the time. */
function charge(
  counts: QuotaCounts,
  demands: (least: number) => QuotaDemand[],
  { from, to, timeAfter }: Load,
) {
  let processorMicroseconds = 0;
  let rated = 0;
  let longestMs = 0;
  let longestOwnMs = 0;
  let charged = from;
  for (let round = 0; charged < to; round += 1) {
    const messages = demands(Math.min(recipientsAtOnce, to - charged)).map((demand) => {
      charged += demand.recipients.length;
      return { demand, at: timeAfter(charged) };
    });
    if (round % 2 === 0) {
      const before = process.cpuUsage();
      for (const { demand, at } of messages) chargeOne(counts, demand, at);
      const { user, system } = process.cpuUsage(before);
      processorMicroseconds += user + system;
      for (const { demand } of messages) rated += demand.recipients.length;
    } else {
      const longest = longestOf(counts, messages);
      longestMs = Math.max(longestMs, longest.wallMs);
      longestOwnMs = Math.max(longestOwnMs, longest.ownMs);
    }
  }
  return { to: charged, rate: (rated * 1e6) / processorMicroseconds, longestMs, longestOwnMs };
}

/** Charges messages one by one and gives the longest wall time of one, and the longest processor time of this thread alone. */
function longestOf(
  counts: QuotaCounts,
  messages: readonly { readonly demand: QuotaDemand; readonly at: number }[],
): { readonly wallMs: number; readonly ownMs: number } {
  let wallMs = 0;
  let ownMicroseconds = 0;
  for (const { demand, at } of messages) {
    const before = process.threadCpuUsage();
    const began = performance.now();
    chargeOne(counts, demand, at);
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

/** The same strings for all of a run, as an engine has one for each of its users. */
const userKeys: readonly AddressKey[] = Array.from({ length: userCount }, (_, number) =>
  addressKey(`user${number}@example.com`),
);

/** Gives what makes up messages, users in turn, with `least` recipients together or a few more. */
function madeUp(mail: Mail): (least: number) => QuotaDemand[] {
  const sizeOfNext = mail.sizes();
  let messages = 0;
  let recipients = 0;
  return (least) => {
    const demands: QuotaDemand[] = [];
    for (const end = recipients + least; recipients < end; messages += 1) {
      const addresses = Array.from({ length: sizeOfNext() }, (_, position) =>
        addressKey(recipientAddress(recipients + position)),
      );
      recipients += addresses.length;
      demands.push({ user: userKeys[messages % userCount] ?? null, recipients: addresses });
    }
    return demands;
  };
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

function row({ pairs, mail, fillingRate, fullRate, jumpMs, ...figures }: Figures): string {
  const cells = [
    mail.name,
    figure(pairs),
    figure(fillingRate),
    figure(fullRate),
    figures.bytesPerPair.toFixed(0),
    figures.bytesPerPairLater.toFixed(0),
    ...[figures.longestFillingMs, figures.longestFullMs, figures.longestFullOwnMs, jumpMs].map((ms) =>
      ms.toFixed(2),
    ),
  ];
  return `| ${cells.join(' | ')} |`;
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
