/**
 * Throughput in interleaved rounds: every server meets every load once in each round, so that whatever else the machine does
 * falls on all alike. Medians are compared, never single runs.
 */
import type { MailServerCopy } from '../../mail-servers/install.mjs';
import { type LoadKind, putLoad } from './load.ts';
import { cpuSeconds, residentMegabytes } from './process-usage.ts';
import type { MeasuredServer } from './servers.ts';

export interface Run {
  readonly server: string;
  readonly kind: LoadKind;
  readonly messagesPerSecond: number;
  /** CPU time of the server's process for a message; null where the system does not tell. */
  readonly cpuMicroseconds: number | null;
}

export interface ThroughputPlan {
  readonly rounds: number;
  readonly sessions: number;
  readonly bytes: number;
  /** Messages of one run, by load. */
  readonly messages: Readonly<Record<LoadKind, number>>;
}

export const loadKinds: readonly LoadKind[] = ['connect', 'reuse', 'pipeline'];

/** The wait before smtp-server's greeting makes a connection a message slow; a run there shall last as long as others. */
const slowConnectShare = 0.15;

/** So many that each session has as many as every other. */
function messagesFor({ name }: MeasuredServer, kind: LoadKind, wanted: number, sessions: number): number {
  const share = name === 'smtp-server' && kind === 'connect' ? slowConnectShare : 1;
  return Math.ceil((wanted * share) / sessions) * sessions;
}

async function measure(
  postfix: MailServerCopy,
  server: MeasuredServer,
  kind: LoadKind,
  plan: ThroughputPlan,
): Promise<Run> {
  const messages = messagesFor(server, kind, plan.messages[kind], plan.sessions);
  const before = cpuSeconds(server.processId);
  const seconds = await putLoad(postfix, server.port, { ...plan, kind, messages });
  const after = cpuSeconds(server.processId);
  return {
    server: server.name,
    kind,
    messagesPerSecond: messages / seconds,
    cpuMicroseconds: before === null || after === null ? null : ((after - before) * 1e6) / messages,
  };
}

/** Long enough for V8 to have compiled what a server does all the time; the same for all. */
const warmUpMessages = 10_000;

async function warmUp(postfix: MailServerCopy, servers: readonly MeasuredServer[], plan: ThroughputPlan) {
  for (const server of servers) {
    for (const kind of loadKinds) {
      const messages = messagesFor(server, kind, warmUpMessages, plan.sessions);
      await putLoad(postfix, server.port, { ...plan, kind, messages });
    }
  }
}

/** Warms all up, then runs all rounds. `say` hears of each run. */
export async function measureThroughput(
  postfix: MailServerCopy,
  servers: readonly MeasuredServer[],
  plan: ThroughputPlan,
  say: (text: string) => void,
): Promise<Run[]> {
  say('warming up');
  await warmUp(postfix, servers, plan);
  const runs: Run[] = [];
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const kind of loadKinds) {
      for (const server of servers) {
        const run = await measure(postfix, server, kind, plan);
        runs.push(run);
        const memory = residentMegabytes(server.processId)?.toFixed(0) ?? '?';
        say(
          `round ${round}  ${kind.padEnd(8)}  ${server.name.padEnd(11)}  ${run.messagesPerSecond.toFixed(0)}/s  ${memory} MB`,
        );
      }
    }
  }
  return runs;
}
