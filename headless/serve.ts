/**
 * Runs the bench until it is told to stop: engine, HTTP server, what is printed, and the orderly end.
 * What it starts, prints with and stops by comes in as parameters, so that it can be tried without a process.
 */
import type { Status } from '../relay-core/contract/index.ts';
import { pageAddress, type Ready, readyAsJson, readyAsText } from './announce.ts';
import type { ServeOptions } from './command-line.ts';
import { authorityOf, isLoopback } from './http/access.ts';
import { type HttpServer, startHttpServer } from './http/server.ts';
import { makeToken } from './http/token.ts';
import type { Bench, HttpAddress } from './http/types.ts';

export interface RunningBench extends Bench {
  status(): Status;
  close(): Promise<void>;
}

export interface ServeParts {
  readonly startBench: (options: {
    readonly benchFile: string;
    readonly dataDirectory: string;
    readonly ports: ServeOptions['ports'];
  }) => Promise<RunningBench>;
  readonly pagesFolder: string;
  readonly version: string;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
  readonly openBrowser: (address: string) => Promise<void>;
  /** Resolves when the person, or the system, wants it to stop. */
  readonly stopAsked: Promise<unknown>;
}

/** It could not start, and why, in one line. */
export class CannotServe extends Error {
  override readonly name = 'CannotServe';
}

/**
 * Serves until it is asked to stop, and resolves when all is closed.
 * @throws CannotServe when the HTTP address cannot be bound; what `startBench` throws
 */
export async function serve(options: ServeOptions, parts: ServeParts): Promise<void> {
  const { benchFile, dataDirectory, ports } = options;
  const bench = await parts.startBench({ benchFile, dataDirectory, ports });
  try {
    const token = makeToken();
    const server = await startServer(options.http, token, bench, parts);
    const ready: Ready = { address: server.address, token, status: bench.status(), dataDirectory };
    announce(ready, options, parts);
    await parts.stopAsked;
    await server.close();
  } finally {
    await bench.close();
  }
}

async function startServer(
  address: HttpAddress,
  token: string,
  bench: Bench,
  { pagesFolder, version }: ServeParts,
): Promise<HttpServer> {
  try {
    return await startHttpServer({ bench, address, token, pagesFolder, version });
  } catch (error) {
    throw new CannotServe(whyNotBound(address, error));
  }
}

function whyNotBound(address: HttpAddress, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `port ${address.port} is taken; choose another with --http ${address.host}:PORT`;
  }
  if (code === 'EACCES')
    return `port ${address.port} is not allowed to this user; choose one from 1024 up with --http`;
  const reason = error instanceof Error ? error.message : String(error);
  return `${authorityOf(address)} cannot be used (${reason}); choose another with --http`;
}

function announce(ready: Ready, { output, browser }: ServeOptions, parts: ServeParts): void {
  if (output === 'json') {
    parts.print(readyAsJson(ready));
    if (!isLoopback(ready.address.host)) {
      parts.warn(`${authorityOf(ready.address)} can be reached from other machines`);
    }
  } else {
    parts.print(readyAsText(ready));
  }
  if (browser === 'open') void parts.openBrowser(pageAddress(ready));
}
