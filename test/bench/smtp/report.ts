/** What was measured, as Markdown tables. */
import { availableParallelism, cpus } from 'node:os';
import type { DecisionCost } from './decisions.ts';
import type { LoadKind } from './load.ts';
import type { MemoryPoint } from './memory.ts';
import { type MeasuredServer, type ServerName, serverTitles } from './servers.ts';
import { loadKinds, type Run } from './throughput.ts';

const kindTitles: Readonly<Record<LoadKind, string>> = {
  connect: 'a connection a message',
  reuse: 'reuse',
  pipeline: 'pipelining',
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? upper)) / 2 : upper;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(header),
    `|${header.map((_, index) => (index === 0 ? '---|' : '--:|')).join('')}`,
    ...rows.map(line),
  ].join('\n');
}

const whole = (value: number) => Math.round(value).toLocaleString('en-GB');

/** Messages a second and CPU a message by server and load, with the ratio to bare smtp-server in brackets. */
export function throughputTables(servers: readonly MeasuredServer[], runs: readonly Run[]): string {
  const of = (server: ServerName, kind: LoadKind) =>
    runs.filter((run) => run.server === server && run.kind === kind);
  const rate = (server: ServerName, kind: LoadKind) =>
    median(of(server, kind).map((run) => run.messagesPerSecond));
  const cpu = (server: ServerName, kind: LoadKind) => {
    const known = of(server, kind).flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? []);
    return known.length === 0 ? '?' : whole(median(known));
  };
  const header = (what: string) => [what, ...loadKinds.map((kind) => kindTitles[kind])];
  const rates = servers.map(({ name }) => [
    serverTitles[name],
    ...loadKinds.map((kind) => {
      const ratio = rate(name, kind) / rate('smtp-server', kind);
      return `${whole(rate(name, kind))} (${ratio.toFixed(ratio < 10 ? 2 : 1)})`;
    }),
  ]);
  const costs = servers.map(({ name }) => [serverTitles[name], ...loadKinds.map((kind) => cpu(name, kind))]);
  return [
    'Messages a second; in brackets the ratio to smtp-server in the same run:',
    table(header('server'), rates),
    'CPU time of the server for a message, microseconds:',
    table(header('server'), costs),
  ].join('\n\n');
}

export function decisionTable(costs: readonly DecisionCost[]): string {
  const rows = costs.map(({ title, microseconds }) => [title, microseconds.toFixed(2)]);
  return `One decision of the policy, with its trace:\n\n${table(['asked at', 'microseconds'], rows)}`;
}

export function memoryTable(points: readonly MemoryPoint[]): string {
  const rows = points.map(({ what, megabytes }) => [what, megabytes === null ? '?' : whole(megabytes)]);
  return `Resident memory of the engine:\n\n${table(['when', 'MB'], rows)}`;
}

/** What the figures were taken on, and how. */
export function circumstances(rounds: number, sessions: number, bytes: number): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  return (
    `${processor}, ${availableParallelism()} cores for server and load together, ${process.platform}, ` +
    `Node ${process.version}. Load: ${sessions} sessions, ${whole(bytes)} bytes a message; ` +
    `medians of ${rounds} interleaved rounds.`
  );
}
