/** What the shell says once all is ready: one JSON object for programs, or a few lines for people. Pure. */
import type { Status } from '../relay-core/contract/index.ts';
import { isLoopback } from '../relay-core/loopback.ts';
import type { StartProgress } from '../relay-core/restoring.ts';
import { authorityOf } from './http/access.ts';
import type { HttpAddress } from './http/types.ts';

export interface Ready {
  readonly address: HttpAddress;
  readonly token: string;
  readonly status: Status;
  readonly dataDirectory: string;
}

/** Bound to every address, it is reached from here by the loopback one. */
const reachable = ({ host, port }: HttpAddress): HttpAddress =>
  host === '0.0.0.0' ? { host: '127.0.0.1', port } : host === '::' ? { host: '::1', port } : { host, port };

const httpAddress = (address: HttpAddress): string => `http://${authorityOf(reachable(address))}`;

/** The address that lets a browser in. */
export const pageAddress = ({ address, token }: Pick<Ready, 'address' | 'token'>): string =>
  `${httpAddress(address)}/?token=${token}`;

/** How far a long start has come, as the desktop says it too. */
export const progressText = ({ done, total }: StartProgress): string =>
  `Counting what was sent in the last 24 hours: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;

/** One line: `{"http", "token", "listeners": {"relay", "smtps", "submission"}}`, and "proxy" where there is one. */
export function readyAsJson({ address, token, status }: Ready): string {
  const ports = status.listeners
    .filter(({ problem }) => problem === null)
    .map(({ role, port }) => [role, port] as const);
  return JSON.stringify({ http: httpAddress(address), token, listeners: Object.fromEntries(ports) });
}

/** What is bound beyond loopback: the page's address, and listeners where the bench file says so. */
export function reachableFromOthers({ address, status }: Ready): string[] {
  const listeners = status.listeners.filter(({ beyondLoopback }) => beyondLoopback);
  const bound = [
    ...(isLoopback(address.host) ? [] : [`the page at ${authorityOf(address)}`]),
    ...listeners.map(({ role, host, port }) => `the ${role} listener at ${authorityOf({ host, port })}`),
  ];
  return bound.map((what) => `${what} can be reached from other machines`);
}

/** A few lines: the page's address, the listeners, where data are kept, and what is amiss. */
export function readyAsText(ready: Ready): string {
  const { status, dataDirectory } = ready;
  const listeners = status.listeners.map(
    ({ role, host, port, standsFor, problem }) =>
      `  ${role.padEnd(11)} ${problem ?? `${authorityOf({ host, port })}, stands for port ${standsFor}`}`,
  );
  return [
    `Relay Bench ${status.version}: ${status.organisation}${status.example ? ' (the example organisation)' : ''}`,
    `  page        ${pageAddress(ready)}`,
    ...listeners,
    `  data        ${dataDirectory}`,
    ...reachableFromOthers(ready).map((text) => `Warning: ${text}.`),
    ...status.problems.map((problem) => `Warning: ${problem}`),
    'Ctrl-C stops it.',
  ].join('\n');
}
