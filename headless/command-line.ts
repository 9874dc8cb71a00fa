/**
 * The command line of `relay-bench`: from arguments to what is asked for, or to one line that says what is wrong.
 * Starts nothing and prints nothing.
 */
import { join, resolve } from 'node:path';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import envPaths from 'env-paths';
import { nearestOf } from '../relay-core/bench-file/nearest.ts';
import type { HttpAddress } from './http/types.ts';

/** The options that choose a listener's port. */
export const portOptions = ['relay', 'smtps', 'submission'] as const;
export type PortOption = (typeof portOptions)[number];

export interface ServeOptions {
  readonly benchFile: string;
  readonly dataDirectory: string;
  readonly http: HttpAddress;
  /** Ports that take the place of the bench file's; 0 is any free one. */
  readonly ports: Readonly<Partial<Record<PortOption, number>>>;
  readonly browser: 'open' | 'leave';
  readonly output: 'text' | 'json';
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'serve'; readonly options: ServeOptions }
  | { readonly kind: 'refused'; readonly message: string };

/** Beside the default ports of the listeners: 2525, 4465, 5587. */
const defaultHttp: HttpAddress = { host: '127.0.0.1', port: 8525 };

export const usage = `relay-bench: a test bench for organisations that send mail through Google's SMTP relay.

Usage: relay-bench serve [options]

  --config FILE       the bench file (default: bench.yaml in the data directory)
  --data DIR          where messages, certificates and the bench file are kept
                      (default: ${defaultDataDirectory()})
  --http HOST:PORT    where the page and the API answer (default: ${defaultHttp.host}:${defaultHttp.port})
  --relay PORT        the listener that stands for port 25
  --smtps PORT        the listener that stands for port 465
  --submission PORT   the listener that stands for port 587
  --no-open           do not open the browser
  --json              first line on stdout, once all is ready: {"http", "token", "listeners"}

  relay-bench --help | --version

Port 0 means any free one. Ctrl-C stops it, and nothing is lost.
`;

const flags = {
  config: { type: 'string' },
  data: { type: 'string' },
  http: { type: 'string' },
  relay: { type: 'string' },
  smtps: { type: 'string' },
  submission: { type: 'string' },
  'no-open': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies ParseArgsOptionsConfig;

/** A mistake in the arguments; its message is one line for people. */
class Refused extends Error {}

/**
 * @param args the arguments behind the program's name
 */
export function readCommandLine(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
    if (values.help) return { kind: 'help' };
    if (values.version) return { kind: 'version' };
    const [command, surplus] = positionals;
    if (command === undefined) throw new Refused('a command is missing: relay-bench serve');
    if (command !== 'serve') throw new Refused(`"${command}" is no command; there is one: serve`);
    if (surplus !== undefined) throw new Refused(`"${surplus}" is one argument too many`);
    return { kind: 'serve', options: serveOptions(values) };
  } catch (error) {
    if (!(error instanceof Refused) && !isParseArgsError(error)) throw error;
    return { kind: 'refused', message: withNearestOption(firstSentence(error.message)) };
  }
}

const isParseArgsError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Node explains at length how a positional argument could begin with a dash. */
const firstSentence = (message: string): string => message.split(/\.?(?: To specify|\n)/, 1)[0] ?? message;

/** An option that is not known may be a slip. */
function withNearestOption(message: string): string {
  const unknown = /^Unknown option '--([\w-]+)'$/.exec(message)?.[1];
  const nearest = unknown === undefined ? null : nearestOf(unknown, Object.keys(flags));
  return nearest === null ? message : `${message}; did you mean --${nearest}?`;
}

type Values = { readonly [Name in keyof typeof flags]?: string | boolean | undefined };

function serveOptions(values: Values): ServeOptions {
  const dataDirectory = fileOf(values, 'data') ?? defaultDataDirectory();
  const ports: Partial<Record<PortOption, number>> = {};
  for (const name of portOptions) {
    const value = values[name];
    if (typeof value === 'string') ports[name] = portOf(name, value);
  }
  return {
    benchFile: fileOf(values, 'config') ?? join(dataDirectory, 'bench.yaml'),
    dataDirectory,
    http: typeof values.http === 'string' ? addressOf(values.http) : defaultHttp,
    ports,
    browser: values['no-open'] === true ? 'leave' : 'open',
    output: values.json === true ? 'json' : 'text',
  };
}

function fileOf(values: Values, name: 'config' | 'data'): string | undefined {
  const value = values[name];
  if (typeof value !== 'string') return undefined;
  if (value === '') throw new Refused(`--${name} needs a path`);
  return resolve(value);
}

function portOf(option: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new Refused(`--${option} takes a port from 0 to 65535, not "${text}"`);
  return port;
}

function addressOf(text: string): HttpAddress {
  const [, bracketed, plain, port] = /^(?:(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+)):)?(\d+)$/i.exec(text) ?? [];
  if (port === undefined) throw new Refused(`--http takes HOST:PORT, as in 127.0.0.1:8525, not "${text}"`);
  return { host: bracketed ?? plain ?? defaultHttp.host, port: portOf('http', port) };
}

/** The person's data folder by the system's own conventions; the desktop app's is the one Electron gives it. */
function defaultDataDirectory(): string {
  return envPaths('relay-bench', { suffix: '' }).data;
}
