/** The page's WebSocket: the contract over it, and who may open it. */
import { connect } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RelayBenchContract } from '../../relay-core/contract/index.ts';
import { type Serving, startServing, token } from './serving.ts';

let serving: Serving;
beforeEach(async () => {
  serving = await startServing();
});
afterEach(() => serving.close());

type Headers = Readonly<Record<string, string>>;

const ours = (): Headers => ({
  origin: `http://127.0.0.1:${serving.port}`,
  cookie: `relay-bench-${serving.port}=${token}`,
});

const open = (headers: Headers, path = '/api/socket') =>
  new WebSocket(`ws://127.0.0.1:${serving.port}${path}`, { headers });

/** The status that refused the upgrade; 101 when it was not refused. */
const statusOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.on('unexpected-response', (_, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('error', reject);
  });

const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.on('close', (code) => resolve(code)));

/** A socket of `ws`, which can send a cookie, in the shape of a browser's. */
class BrowserShaped extends EventTarget {
  readonly #socket: WebSocket;
  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.on('open', () => this.dispatchEvent(new Event('open')));
    socket.on('close', () => this.dispatchEvent(new Event('close')));
    socket.on('message', (data) => this.dispatchEvent(new MessageEvent('message', { data: String(data) })));
  }
  get readyState() {
    return this.#socket.readyState;
  }
  send(data: Parameters<WebSocket['send']>[0]) {
    this.#socket.send(data);
  }
}

function clientOver(socket: WebSocket): ContractRouterClient<RelayBenchContract> {
  return createORPCClient(new RPCLink({ websocket: new BrowserShaped(socket) }));
}

describe('it opens', () => {
  test('to our own page with its cookie', async () => {
    expect(await statusOf(open(ours()))).toBe(101);
  });
  test('to a script with the bearer token', async () => {
    expect(await statusOf(open({ authorization: `Bearer ${token}` }))).toBe(101);
  });
});

describe('it does not open', () => {
  test('to a page of another site, cookie or not', async () => {
    expect(await statusOf(open({ ...ours(), origin: 'http://evil.example' }))).toBe(403);
    expect(await statusOf(open({ ...ours(), origin: 'null' }))).toBe(403);
  });
  test('under another host’s name', async () => {
    expect(await statusOf(open({ ...ours(), host: `evil.example:${serving.port}` }))).toBe(403);
  });
  test('without the cookie', async () => {
    expect(await statusOf(open({ origin: `http://127.0.0.1:${serving.port}` }))).toBe(401);
  });
  test('on another path', async () => {
    expect(await statusOf(open(ours(), '/api/status'))).toBe(404);
  });
  test('to a plain request', async () => {
    expect((await serving.ask('/api/socket')).status).toBe(426);
  });
});

describe('over it', () => {
  test('procedures answer, streams begin with a snapshot, errors keep their shape', async () => {
    const socket = open(ours());
    const client = clientOver(socket);
    expect((await client.transactions.list({ limit: 2 })).items).toHaveLength(2);
    for await (const snapshot of await client.status.watch()) {
      expect(snapshot.status.organisation).toEqual(expect.any(String));
      break;
    }
    await expect(client.transactions.get({ id: 'no-such-id' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(client.transactions.list({ limit: 5_000 })).rejects.toMatchObject({
      code: 'UNPROCESSABLE',
      status: 422,
      data: { path: 'limit' },
    });
    socket.close();
    await closed(socket);
  });

  test('what is too large closes the socket, and only that', async () => {
    const socket = open(ours());
    await new Promise((resolve) => socket.on('open', resolve));
    socket.on('error', () => {});
    socket.send(Buffer.alloc(65 * 1024 * 1024));
    expect(await closed(socket)).toBe(1009);
    expect(await statusOf(open(ours()))).toBe(101);
  });

  test('what is no call is ignored, and the socket goes on', async () => {
    const socket = open(ours());
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send('not a call');
    expect((await clientOver(socket).status.read()).version).toEqual(expect.any(String));
    socket.close();
  });

  test('a server that stops says goodbye', async () => {
    const other = await startServing();
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/api/socket`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await new Promise((resolve) => socket.on('open', resolve));
    const code = closed(socket);
    await other.close();
    expect(await code).toBe(1001);
  });

  test('a server that stops does not wait for a page that is gone without a word', async () => {
    const other = await startServing();
    const socket = connect(other.port, '127.0.0.1');
    socket.write(
      [
        'GET /api/socket HTTP/1.1',
        `Host: 127.0.0.1:${other.port}`,
        `Authorization: Bearer ${token}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==',
        '\r\n',
      ].join('\r\n'),
    );
    const answer = await new Promise((resolve) => socket.once('data', resolve));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 101 /);
    await other.close();
    socket.destroy();
  });
});
