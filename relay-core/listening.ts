/**
 * The engine's listeners as the bench file wants them: opened at the start, moved when host or ports change. A move
 * that fails leaves the listeners as they were.
 */
import ipaddr from 'ipaddr.js';
import type { BenchFile } from './bench-file/schema.ts';
import type { BenchProblem } from './contract/bench.ts';
import type { ListenerState } from './contract/status.ts';
import type { PortRole } from './contract/words.ts';
import { openListener } from './smtp/listeners.ts';
import type { ListenerRole, ListenerSpec, SmtpContext, SmtpListener } from './smtp/types.ts';

/** The port of the real service that each role stands for (PRT-3). */
const standsFor: Readonly<Record<ListenerRole, number>> = {
  relay: 25,
  smtps: 465,
  submission: 587,
  proxy: 25,
};

/** Open transactions get this long to finish when a listener moves or the engine stops. */
const graceMs = 5_000;

export interface ListenFailure {
  readonly role: ListenerRole;
  readonly port: number;
  readonly code: string;
  readonly message: string;
}

export type Opening =
  | { readonly outcome: 'open'; readonly listeners: Listeners }
  | { readonly outcome: 'failed'; readonly failure: ListenFailure };

export interface Listeners {
  states(): ListenerState[];
  /** Where a client on this machine reaches a role. */
  addressOf(role: PortRole): { readonly host: string; readonly port: number } | null;
  /** Moves to other hosts and ports; gives the failure, with everything as before, when one cannot be opened. */
  move(specs: readonly ListenerSpec[]): Promise<ListenFailure | null>;
  close(): Promise<void>;
}

/** Ports given on the command line win over the file's. */
export type PortChoice = Partial<Record<PortRole, number>>;

export function listenerSpecs({ listeners }: BenchFile, ports: PortChoice): ListenerSpec[] {
  const { host, relay, smtps, submission, proxy } = listeners;
  return [
    { role: 'relay', host, port: ports.relay ?? relay },
    { role: 'smtps', host, port: ports.smtps ?? smtps },
    { role: 'submission', host, port: ports.submission ?? submission },
    ...(proxy === null ? [] : [{ role: 'proxy' as const, host, port: proxy }]),
  ];
}

export async function openListeners(specs: readonly ListenerSpec[], context: SmtpContext): Promise<Opening> {
  const open = new Map<ListenerRole, SmtpListener>();
  for (const spec of specs) {
    const failure = await openInto(open, spec, context);
    if (failure === null) continue;
    await closeAll(open.values());
    return { outcome: 'failed', failure };
  }
  return { outcome: 'open', listeners: listenersOver(open, context) };
}

function listenersOver(open: Map<ListenerRole, SmtpListener>, context: SmtpContext): Listeners {
  return {
    states: () => [...open.values()].map(stateOf),
    addressOf(role) {
      const listener = open.get(role);
      return listener === undefined ? null : { host: reachableHost(listener.spec.host), port: listener.port };
    },
    move: (specs) => moveListeners(open, specs, context),
    close: () => closeAll(open.values()),
  };
}

/** Listeners whose host or port changes are closed before the new ones open, since both may want the same port. */
async function moveListeners(
  open: Map<ListenerRole, SmtpListener>,
  specs: readonly ListenerSpec[],
  context: SmtpContext,
): Promise<ListenFailure | null> {
  const wanted = new Map(specs.map((spec) => [spec.role, spec]));
  const leaving = [...open.values()].filter(({ spec }) => !sameSpec(spec, wanted.get(spec.role)));
  const coming = specs.filter((spec) => !sameSpec(spec, open.get(spec.role)?.spec));
  const previous = leaving.map(({ spec, port }) => ({ ...spec, port }));
  await closeAll(leaving);
  for (const { spec } of leaving) open.delete(spec.role);
  for (const spec of coming) {
    const failure = await openInto(open, spec, context);
    if (failure === null) continue;
    const opened = coming.slice(0, coming.indexOf(spec)).flatMap(({ role }) => open.get(role) ?? []);
    await closeAll(opened);
    for (const each of previous) await openInto(open, each, context);
    return failure;
  }
  return null;
}

function sameSpec(spec: ListenerSpec, other: ListenerSpec | undefined): boolean {
  return other !== undefined && spec.host === other.host && spec.port === other.port;
}

async function openInto(
  open: Map<ListenerRole, SmtpListener>,
  spec: ListenerSpec,
  context: SmtpContext,
): Promise<ListenFailure | null> {
  const result = await openListener(spec, context);
  if (result.outcome === 'failed')
    return { role: spec.role, port: spec.port, code: result.code, message: result.message };
  open.set(spec.role, result.listener);
  return null;
}

async function closeAll(listeners: Iterable<SmtpListener>): Promise<void> {
  await Promise.all([...listeners].map((listener) => listener.close(graceMs)));
}

function stateOf({ spec, port }: SmtpListener): ListenerState {
  const { role, host } = spec;
  return { role, host, port, standsFor: standsFor[role], beyondLoopback: !isLoopback(host), problem: null };
}

function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true;
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';
}

/** A listener on every address is reached over loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** Whether it is the host that cannot be had, whatever the port (the system's codes). */
const isForItsHost = ({ code }: ListenFailure): boolean =>
  ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code);

/** The key of the bench file to change after a failure to listen. */
export const listenKey = (failure: ListenFailure): string =>
  `listeners.${isForItsHost(failure) ? 'host' : failure.role}`;

/** What to do about it. */
export function listenAdvice(failure: ListenFailure): string {
  if (isForItsHost(failure)) {
    return `set ${listenKey(failure)} in the bench file to an address of this machine, such as 127.0.0.1`;
  }
  return failure.code === 'EACCES'
    ? `choose a port from 1024 up as ${listenKey(failure)} in the bench file`
    : `choose another port as ${listenKey(failure)} in the bench file, or 0 for any free one`;
}

/** A failure to listen, as a problem of the bench file. */
export function listenProblem(failure: ListenFailure): BenchProblem {
  return {
    code: isForItsHost(failure) ? 'no-such-host' : 'port-taken',
    message: failure.message,
    hint: listenAdvice(failure),
    path: listenKey(failure),
  };
}
