/**
 * `npm run bench -- smtp`: the engine with everything on against servers that do less, under the same load in the same run.
 * Ratios are what counts: absolute figures are the machine's. Prints Markdown; `--write` puts it into docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { findMailServers } from '../mail-servers/install.mjs';
import { writeSection } from './performance-page.ts';
import { measureDecisions } from './smtp/decisions.ts';
import { measureMemory } from './smtp/memory.ts';
import { circumstances, decisionTable, memoryTable, throughputTables } from './smtp/report.ts';
import { buildEngine, type MeasuredServer, type ServerName, startServer } from './smtp/servers.ts';
import { measureThroughput, type ThroughputPlan } from './smtp/throughput.ts';

const usage = `npm run bench -- smtp [OPTIONS]
  --quick         one round of short runs and no memory: half a minute instead of ten
  --rounds N      interleaved rounds (5)
  --floor         beside them what the SMTP room takes by itself, and with one row a message: the least there can be
  --no-memory     leaves out the 250,000 messages that show memory
  --write         puts the tables into docs/performance.md
`;

const compared: readonly ServerName[] = ['engine', 'smtp-server', 'socket', 'smtp-sink'];
const floors: readonly ServerName[] = ['room', 'room-row-here', 'room-row-on-thread'];
const say = (text: string) => void process.stderr.write(`${text}\n`);

function planOf(quick: boolean, rounds: string | undefined): ThroughputPlan {
  const messages = quick
    ? { connect: 1_000, reuse: 4_000, pipeline: 6_000 }
    : { connect: 4_000, reuse: 12_000, pipeline: 20_000 };
  return { rounds: Number(rounds ?? (quick ? 1 : 5)), sessions: 20, bytes: 1_024, messages };
}

/** Runs the measurement. `args` are the options behind `smtp`. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      floor: { type: 'boolean', default: false },
      'no-memory': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  const { postfix, missing } = findMailServers();
  if (!postfix) throw new Error(`The load comes from Postfix's smtp-source. ${missing.join(' ')}`);

  say('building');
  await buildEngine();
  const plan = planOf(values.quick, values.rounds);
  const sections = [circumstances(plan.rounds, plan.sessions, plan.bytes)];
  const servers: MeasuredServer[] = [];
  try {
    for (const name of [...compared, ...(values.floor ? floors : [])])
      servers.push(await startServer(name, postfix));
    sections.push(throughputTables(servers, await measureThroughput(postfix, servers, plan, say)));
  } finally {
    for (const server of servers) await server.stop();
  }
  sections.push(decisionTable(measureDecisions()));
  if (!values.quick && !values['no-memory']) {
    const memory = { messages: 50_000, connections: 200_000, step: 50_000 };
    sections.push(memoryTable(await measureMemory(postfix, memory, say)));
  }
  const markdown = sections.join('\n\n');
  process.stdout.write(`${markdown}\n`);
  if (values.write) writeSection('smtp', markdown);
}
