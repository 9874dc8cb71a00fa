/**
 * The engine's listeners as the bench file wants them: opened at the start, moved when host or ports change. A move
 * opens before it closes, so that one that fails leaves listeners, connections and open transactions as they were.
 */
import ipaddr from 'ipaddr.js';
import type { BenchFile } from './bench-file/schema.ts';
import type { BenchProblem } from './contract/bench.ts';
import type { ListenerState } from './contract/status.ts';
import { portOfRole } from './contract/word-tables.ts';
import type { PortRole } from './contract/words.ts';
import { isLoopback } from './loopback.ts';
import { openListener } from './smtp/listeners.ts';
import type { ListenerRole, ListenerSpec, ListenResult, SmtpContext, SmtpListener } from './smtp/types.ts';

/** In the order in which they are shown. */
const roles: readonly ListenerRole[] = ['relay', 'smtps', 'submission', 'proxy'];

/** The port of the real service that each role stands for (PRT-3). */
const standsFor: Readonly<Record<ListenerRole, number>> = { ...portOfRole, proxy: portOfRole.relay };

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
  /**
   * Moves to other hosts and ports; gives the failure, with everything as before, when one cannot be opened. What did not
   * change is not touched. Connections of a listener that is closed are not waited for: they get their grace.
   */
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

/** A listener, and what was wanted of it: where any free port was, that stays so, whichever it got. */
interface Held {
  readonly wanted: ListenerSpec;
  readonly listener: SmtpListener;
}

/** A listener that was closed to make room, and could not be opened again. */
interface Lost {
  readonly spec: ListenerSpec;
  readonly message: string;
}

interface Floor {
  readonly held: Map<ListenerRole, Held>;
  readonly lost: Map<ListenerRole, Lost>;
  /** Closed listeners whose last connections have their grace. */
  readonly ending: Set<Promise<void>>;
  readonly listen: (spec: ListenerSpec) => Promise<ListenResult>;
}

/** @param open opens one listener */
export async function openListeners(
  specs: readonly ListenerSpec[],
  context: SmtpContext,
  open: typeof openListener = openListener,
): Promise<Opening> {
  const floor: Floor = {
    held: new Map(),
    lost: new Map(),
    ending: new Set(),
    listen: (spec) => open(spec, context),
  };
  for (const spec of specs) {
    const result = await floor.listen(spec);
    if (result.outcome === 'failed') {
      await closeAll(floor);
      return { outcome: 'failed', failure: failureOf(spec, result) };
    }
    floor.held.set(spec.role, { wanted: spec, listener: result.listener });
  }
  return { outcome: 'open', listeners: listenersOver(floor) };
}

function listenersOver(floor: Floor): Listeners {
  return {
    states: () => roles.flatMap((role) => stateOf(floor, role) ?? []),
    addressOf(role) {
      const listener = floor.held.get(role)?.listener;
      return listener === undefined ? null : { host: reachableHost(listener.spec.host), port: listener.port };
    },
    move: (specs) => moveListeners(floor, specs),
    close: () => closeAll(floor),
  };
}

async function moveListeners(floor: Floor, specs: readonly ListenerSpec[]): Promise<ListenFailure | null> {
  const { held, lost } = floor;
  const coming = specs.filter((spec) => !isServed(spec, held.get(spec.role)));
  const staying = specs.filter((spec) => !coming.includes(spec));
  const leaving = [...held.values()].filter(
    ({ wanted }) => !staying.some(({ role }) => role === wanted.role),
  );
  const opening = await openBeside(floor, coming, leaving);
  if (opening.outcome === 'failed') return opening.failure;
  end(
    floor,
    leaving.filter((each) => !opening.closed.includes(each)),
  );
  for (const { wanted } of leaving) held.delete(wanted.role);
  for (const each of opening.opened) held.set(each.wanted.role, each);
  for (const spec of staying) {
    const each = held.get(spec.role);
    if (each !== undefined) held.set(spec.role, { ...each, wanted: spec });
  }
  lost.clear();
  return null;
}

type OpeningBeside =
  | { readonly outcome: 'opened'; readonly opened: readonly Held[]; readonly closed: readonly Held[] }
  | { readonly outcome: 'failed'; readonly failure: ListenFailure };

/**
 * Opens all that can be had while everything listens; then, one after the other, what waits for an address of our own,
 * whose listener is closed for it at the last moment.
 * @param leaving what may be closed
 */
async function openBeside(
  floor: Floor,
  coming: readonly ListenerSpec[],
  leaving: readonly Held[],
): Promise<OpeningBeside> {
  const opened: Held[] = [];
  const closed: Held[] = [];
  const waiting: ListenerSpec[] = [];
  for (const spec of fixedPortsFirst(coming)) {
    const result = await floor.listen(spec);
    if (result.outcome === 'listening') {
      opened.push({ wanted: spec, listener: result.listener });
    } else if (result.code === 'EADDRINUSE' && leaving.some((each) => isInTheWay(each, spec))) {
      waiting.push(spec);
    } else {
      end(floor, opened);
      return { outcome: 'failed', failure: failureOf(spec, result) };
    }
  }
  for (const spec of waiting) {
    const inTheWay = leaving.filter((each) => !closed.includes(each) && isInTheWay(each, spec));
    // Its address is free at once; its connections end meanwhile.
    end(floor, inTheWay);
    closed.push(...inTheWay);
    const result = await floor.listen(spec);
    if (result.outcome === 'failed') {
      end(floor, opened);
      const missing = await openAgain(floor, closed);
      return { outcome: 'failed', failure: withWhatIsLost(failureOf(spec, result), missing) };
    }
    opened.push({ wanted: spec, listener: result.listener });
  }
  return { outcome: 'opened', opened, closed };
}

/** Opens what was closed to make room, each on the port it had; gives what could not be had again. */
async function openAgain({ held, lost, listen }: Floor, closed: readonly Held[]): Promise<Lost[]> {
  const missing: Lost[] = [];
  for (const { wanted, listener } of closed) {
    const spec = { ...wanted, port: listener.port };
    const result = await listen(spec);
    if (result.outcome === 'listening') {
      held.set(wanted.role, { wanted, listener: result.listener });
      continue;
    }
    held.delete(wanted.role);
    lost.set(wanted.role, { spec, message: result.message });
    missing.push({ spec, message: result.message });
  }
  return missing;
}

/** Whether a listener is what is wanted already: as it was asked for, or by the address it has. */
function isServed(spec: ListenerSpec, held: Held | undefined): boolean {
  if (held === undefined || held.wanted.host !== spec.host) return false;
  return spec.port === held.wanted.port || spec.port === held.listener.port;
}

/** A free port could be one that is wanted by its number. */
function fixedPortsFirst(specs: readonly ListenerSpec[]): ListenerSpec[] {
  return [...specs.filter(({ port }) => port !== 0), ...specs.filter(({ port }) => port === 0)];
}

/** Whether what is wanted can be taken by this listener, and not only by another program. */
function isInTheWay({ wanted, listener }: Held, spec: ListenerSpec): boolean {
  return listener.port === spec.port && mayOverlap(wanted.host, spec.host);
}

/** Names may stand for any address. The IPv6 address for all takes IPv4 along. */
function mayOverlap(one: string, other: string): boolean {
  if (!ipaddr.isValid(one) || !ipaddr.isValid(other)) return true;
  const [a, b] = [ipaddr.process(one), ipaddr.process(other)];
  const all = [a, b].filter((address) => address.range() === 'unspecified');
  if (all.some((address) => address.kind() === 'ipv6')) return true;
  return a.kind() === b.kind() && (all.length > 0 || a.toString() === b.toString());
}

function failureOf({ role, port }: ListenerSpec, { code, message }: Refusal): ListenFailure {
  return { role, port, code, message };
}

type Refusal = Extract<ListenResult, { outcome: 'failed' }>;

function withWhatIsLost(failure: ListenFailure, lost: readonly Lost[]): ListenFailure {
  const sentences = lost.map(
    ({ spec, message }) =>
      `The ${spec.role} listener was closed to make room and could not be opened again: ${message}`,
  );
  return { ...failure, message: [failure.message, ...sentences].join(' ') };
}

/** Stops listening at once; what is connected has its grace. */
function end({ ending }: Floor, held: readonly Held[]): void {
  for (const { listener } of held) {
    const ended = listener.close(graceMs).finally(() => ending.delete(ended));
    ending.add(ended);
  }
}

async function closeAll(floor: Floor): Promise<void> {
  end(floor, [...floor.held.values()]);
  await Promise.all(floor.ending);
}

function stateOf({ held, lost }: Floor, role: ListenerRole): ListenerState | null {
  const listener = held.get(role)?.listener;
  if (listener !== undefined) return stateOn(listener.spec, listener.port, null);
  const missing = lost.get(role);
  return missing === undefined
    ? null
    : stateOn(missing.spec, missing.spec.port, `${missing.message} Save the bench file to try it again.`);
}

function stateOn({ role, host }: ListenerSpec, port: number, problem: string | null): ListenerState {
  return { role, host, port, standsFor: standsFor[role], beyondLoopback: !isLoopback(host), problem };
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
