/**
 * Runs the bench until it is told to stop: engine, HTTP server, what is printed, and the orderly end.
 * What it starts, prints with and stops by comes in as parameters, so that it can be tried without a process.
 */
import type { Status } from '../relay-core/contract/index.ts';
import type { StartProgress } from '../relay-core/restoring.ts';
import {
  pageAddress,
  progressText,
  type Ready,
  reachableFromOthers,
  readyAsJson,
  readyAsText,
} from './announce.ts';
import type { ServeOptions } from './command-line.ts';
import { authorityOf } from './http/access.ts';
import { openHttpServer, type WaitingHttpServer } from './http/server.ts';
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
    /** Told how far a start has come that takes a while. */
    readonly onProgress: (progress: StartProgress) => void;
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
 * Serves until it is asked to stop, and resolves when all is closed. A start that takes a while is shown to the browser
 * meanwhile; what is printed on standard output comes once all is ready. A start that is given up has answered nobody,
 * and what it has written is whole or not at all: it is not waited for, and the process may end.
 * @throws CannotServe when the HTTP address cannot be bound; what `startBench` throws
 */
export async function serve(options: ServeOptions, parts: ServeParts): Promise<void> {
  const { benchFile, dataDirectory, ports } = options;
  const front = createFront(options, parts);
  const starting = parts.startBench({ benchFile, dataDirectory, ports, onProgress: front.showProgress });
  try {
    const bench = await Promise.race([starting, parts.stopAsked.then(() => null)]);
    if (bench !== null) await serveUntilStopped(bench, front, options, parts);
    else void starting.then(({ close }) => close()).catch(() => undefined);
  } finally {
    await front.close();
  }
}

async function serveUntilStopped(
  bench: RunningBench,
  front: Front,
  options: ServeOptions,
  parts: ServeParts,
): Promise<void> {
  try {
    const { server, token } = await front.opened();
    server.serve(bench);
    const { dataDirectory } = options;
    announce({ address: server.address, token, status: bench.status(), dataDirectory }, options, parts);
    await parts.stopAsked;
    await front.close();
  } finally {
    await bench.close();
  }
}

interface OpenFront {
  readonly server: WaitingHttpServer;
  readonly token: string;
}

/** What people see: the HTTP server, and the browser that is opened on it. */
interface Front {
  /** Opens it, unless it is open. @throws CannotServe */
  opened(): Promise<OpenFront>;
  /** Opens it, and shows how far a long start has come. */
  showProgress(progress: StartProgress): void;
  close(): Promise<void>;
}

function createFront({ http, browser }: ServeOptions, parts: ServeParts): Front {
  const { pagesFolder, version } = parts;
  const token = makeToken();
  let sentence = '';
  let opening: Promise<OpenFront> | null = null;

  async function open(): Promise<OpenFront> {
    try {
      const server = await openHttpServer({
        address: http,
        token,
        pagesFolder,
        version,
        progress: () => sentence,
      });
      if (browser === 'open') {
        void parts.openBrowser(pageAddress({ address: server.address, token: server.makeVisitKey() }));
      }
      return { server, token };
    } catch (error) {
      throw new CannotServe(whyNotBound(http, error));
    }
  }

  function opened(): Promise<OpenFront> {
    opening ??= open();
    return opening;
  }

  return {
    opened,
    showProgress(progress) {
      sentence = progressText(progress);
      // An address that cannot be bound is told once the start is through, by whoever serves.
      opened().catch(() => undefined);
    },
    async close() {
      const front = await opening?.catch(() => null);
      opening = null;
      await front?.server.close();
    },
  };
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

function announce(ready: Ready, { output }: ServeOptions, parts: ServeParts): void {
  if (output === 'json') {
    parts.print(readyAsJson(ready));
    for (const text of reachableFromOthers(ready)) parts.warn(text);
  } else {
    parts.print(readyAsText(ready));
  }
}
