/** The HTTP side of the headless shell over a canned engine, on a free port, and requests that say exactly what a test wants. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { startHttpServer } from '../../headless/http/server.ts';
import type { Bench } from '../../headless/http/types.ts';
import { pageEngine } from '../fixtures/pages/engine.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';

export const token = 'a-token-for-tests';

export const page = `<!doctype html><html lang="en"><head>
<meta name="relay-bench-shell" content="desktop" />
<script type="module" src="./assets/app-3f2a.js"></script></head><body></body></html>`;

/** Larger than one piece, with every byte value. */
export const storedMessage = Buffer.alloc(
  700_000,
  Buffer.from(Array.from({ length: 251 }, (_, byte) => byte)),
);

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json(): unknown;
}

export interface Serving {
  readonly port: number;
  /** With the bearer token, unless the question brings its own `authorization` or `cookie`. */
  ask(path: string, question?: Question): Promise<Reply>;
  /** Without any token. */
  askUnauthorised(path: string, question?: Question): Promise<Reply>;
  close(): Promise<void>;
}

/** Starts to serve. `changes` replace parts of the bench. */
export async function startServing(changes: Partial<Bench> = {}, host = '127.0.0.1'): Promise<Serving> {
  const folder = scratchFolder();
  const pagesFolder = join(folder, 'pages');
  mkdirSync(join(pagesFolder, 'assets'), { recursive: true });
  writeFileSync(join(pagesFolder, 'index.html'), page);
  writeFileSync(join(pagesFolder, 'assets', 'app-3f2a.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'not for everybody');
  const bench: Bench = {
    router: pageEngine('full').router,
    certificateAuthorityPem: '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
    messagePiece: (id, offset, length) =>
      id === 'kept-1'
        ? { content: storedMessage.subarray(offset, offset + length), size: storedMessage.length }
        : null,
    ...changes,
  };
  const server = await startHttpServer({
    bench,
    address: { host, port: 0 },
    token,
    pagesFolder,
    version: '1.2.3',
  });
  const { port } = server.address;
  const askUnauthorised = (path: string, question: Question = {}) => ask(port, path, question);
  return {
    port,
    askUnauthorised,
    ask: (path, question = {}) =>
      askUnauthorised(path, {
        ...question,
        headers: { authorization: `Bearer ${token}`, ...question.headers },
      }),
    async close() {
      await server.close();
      removeFolder(folder);
    },
  };
}

function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const received = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: received,
          json: () => JSON.parse(received.toString('utf8')),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A question with a JSON body. */
export const json = (method: string, body: unknown): Question => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
