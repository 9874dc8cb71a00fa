/**
 * `npm run bench -- day`: a day of the largest customer, 40,000 licences and users and 5,000,000 recipients, through the
 * engine's policy and quotas on the simulated clock; afterwards every refusal and every count is held against a recount.
 */
import { parseArgs } from 'node:util';
import { configurationOf } from '../../relay-core/bench-file/configuration.ts';
import { benchFileSchema } from '../../relay-core/bench-file/schema.ts';
import { collectGarbage } from '../../relay-core/garbage.ts';
import type { Configuration } from '../../relay-core/policy/types.ts';
import { warmUp } from '../../relay-core/warm-up.ts';
import { type DayFigures, driveDay } from './day/engine-path.ts';
import { differences } from './day/recount.ts';
import { hours, userAddress, userCount } from './day/traffic.ts';
import { refusedBy } from './day/verdicts.ts';
import { writeSection } from './performance-page.ts';

const goals = { recipients: 5_000_000, seconds: 60, slowestMs: 5 };
const mebibyte = 2 ** 20;

/** Read from text, as a bench file is. */
function configuration(): Configuration {
  const file = JSON.stringify({
    customer: { name: 'Example AB', primaryDomain: 'example.com', licences: userCount },
    users: Array.from({ length: userCount }, (_, user) => ({ address: userAddress(user) })),
    settings: [
      {
        description: 'Mail servers',
        authentication: { ipRanges: [{ description: 'Office', range: '203.0.113.0/28' }] },
      },
    ],
  });
  return configurationOf(benchFileSchema.parse(JSON.parse(file)));
}

/** @param args `--recipients N` for another size; `--write` puts the table into docs/performance.md */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { recipients: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  const recipients = Number(values.recipients ?? goals.recipients);
  const policy = configuration();
  // As an engine does before its first client.
  warmUp();
  collectGarbage();
  const before = process.memoryUsage.rss();
  const figures = driveDay(recipients, policy);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stderr.write('Counted; now again, to compare.\n');
  const wrong = differences(recipients, policy.quotaLimits, figures);
  const table = report(figures, { wrong, before, peakBytes });
  process.stdout.write(`${table}\n`);
  if (values.write) writeSection('day', table);
  if (wrong > 0) process.exitCode = 1;
}

function report(
  figures: DayFigures,
  { wrong, before, peakBytes }: { wrong: number; before: number; peakBytes: number },
): string {
  const { messages, recipients, refused, processorSeconds, wallSeconds, slowest, slowestRemedies } = figures;
  const refusals = ([1, 2, 3, 4] as const).map((each) => `${refusedBy[each].rule} ${figure(refused[each])}`);
  const rows: readonly (readonly [string, string, string])[] = [
    ['Time on one core', `${processorSeconds.toFixed(1)} s`, `under ${goals.seconds} s`],
    ['The same by the wall clock', `${wallSeconds.toFixed(1)} s`, ''],
    [
      'Slowest message, all its decisions and its charge',
      slowestText(slowest),
      `no decision over ${goals.slowestMs} ms`,
    ],
    ['Slowest search for remedies of a refusal', slowestText(slowestRemedies), ''],
    ['Peak memory of the process', `${mib(peakBytes)} (${mib(before)} before the first message)`, ''],
    ['Messages refused', refusals.join(', '), 'every one exact'],
    ['Verdicts or counts that a recount gives otherwise', figure(wrong), '0'],
  ];
  return [
    `${figure(recipients)} recipients in ${figure(messages)} messages of ${figure(userCount)} users over ${hours} hours.`,
    '',
    '| | Measured | To reach |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function slowestText({ wallMs, ownMs, overFiveMs }: DayFigures['slowest']): string {
  return `${ownMs.toFixed(1)} ms of its own, ${figure(overFiveMs)} over ${goals.slowestMs} ms (longest by the wall clock ${wallMs.toFixed(1)} ms)`;
}

function mib(bytes: number): string {
  return `${figure(bytes / mebibyte)} MiB`;
}

function figure(value: number): string {
  return Math.round(value).toLocaleString('en');
}
