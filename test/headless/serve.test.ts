/** The shell's life without a process around it: what it prints, what it refuses, in which order it stops. */
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pageAddress, readyAsJson, readyAsText } from '../../headless/announce.ts';
import type { ServeOptions } from '../../headless/command-line.ts';
import { CannotServe, type ServeParts, serve } from '../../headless/serve.ts';
import type { ListenerState, Status } from '../../relay-core/contract/index.ts';
import { pageEngine } from '../fixtures/pages/engine.ts';
import { statusAt } from '../fixtures/pages/organisation.ts';
import { eventually, removeFolder, scratchFolder } from '../fixtures/program.ts';

const status: Status = statusAt(Date.UTC(2026, 0, 2), {});

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => removeFolder(folder));

const options = (changes: Partial<ServeOptions> = {}): ServeOptions => ({
  benchFile: `${folder}/bench.yaml`,
  dataDirectory: folder,
  http: { host: '127.0.0.1', port: 0 },
  ports: { relay: 0 },
  browser: 'leave',
  output: 'json',
  ...changes,
});

/** Parts that write down what happens to them. */
function witness() {
  const events: string[] = [];
  const stop = Promise.withResolvers<void>();
  const parts: ServeParts = {
    async startBench({ ports }) {
      events.push(`engine started ${JSON.stringify(ports)}`);
      return {
        router: pageEngine('empty').router,
        certificateAuthorityPem: '',
        messagePiece: () => null,
        status: () => status,
        close: async () => void events.push('engine closed'),
      };
    },
    pagesFolder: folder,
    version: '1.2.3',
    print: (line) => void events.push(`printed ${line}`),
    warn: (line) => void events.push(`warned ${line}`),
    openBrowser: async (address) => void events.push(`opened ${address}`),
    stopAsked: stop.promise,
  };
  return { events, parts, stop: () => stop.resolve() };
}

test('it prints one line once all is ready, and closes the server before the engine', async () => {
  const { events, parts, stop } = witness();
  const served = serve(options(), parts);
  const line = await eventually('the first line', () => events.find((each) => each.startsWith('printed ')));
  const { http, token } = JSON.parse(line.slice('printed '.length));
  const answered = await fetch(`${http}/api/status`, { headers: { authorization: `Bearer ${token}` } });
  expect(answered.status).toBe(200);
  await answered.text();
  stop();
  await served;
  expect(events[0]).toBe('engine started {"relay":0}');
  expect(events.at(-1)).toBe('engine closed');
  await expect(fetch(http)).rejects.toThrow();
});

test('it opens the page in a browser, unless told to leave it', async () => {
  for (const browser of ['open', 'leave'] as const) {
    const { events, parts, stop } = witness();
    const served = serve(options({ browser }), parts);
    await eventually('the first line', () => events.find((each) => each.startsWith('printed ')));
    stop();
    await served;
    expect(events.filter((each) => /^opened http:\/\/127\.0\.0\.1:\d+\/\?token=/.test(each))).toHaveLength(
      browser === 'open' ? 1 : 0,
    );
  }
});

test('the address the browser is started with, which others can read, lets one in and no more', async () => {
  const { events, parts, stop } = witness();
  const served = serve(options({ browser: 'open' }), parts);
  const line = await eventually('the first line', () => events.find((each) => each.startsWith('printed ')));
  const { token } = JSON.parse(line.slice('printed '.length));
  const opened = events.find((each) => each.startsWith('opened ')) ?? '';
  const address = opened.slice('opened '.length);
  expect(address).not.toContain(token);
  const key = new URL(address).searchParams.get('token') ?? '';
  const { origin } = new URL(address);
  const asBearer = await fetch(`${origin}/api/status`, { headers: { authorization: `Bearer ${key}` } });
  expect(asBearer.status).toBe(401);
  const first = await fetch(address, { redirect: 'manual' });
  expect(first.status).toBe(303);
  const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await fetch(`${origin}/api/status`, { headers: { cookie } })).status).toBe(200);
  expect((await fetch(address, { redirect: 'manual' })).status).toBe(401);
  stop();
  await served;
});

test('beyond loopback it serves with a warning, and still wants the token', async () => {
  const { events, parts, stop } = witness();
  const served = serve(options({ http: { host: '0.0.0.0', port: 0 } }), parts);
  const line = await eventually('the first line', () => events.find((each) => each.startsWith('printed ')));
  const { http } = JSON.parse(line.slice('printed '.length));
  expect(http).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${http}/api/status`)).status).toBe(401);
  stop();
  await served;
  expect(events.join('\n')).toMatch(/warned .*can be reached from other machines/);
});

describe('a start that takes a while', () => {
  /** Parts whose engine has counted half, and starts when it is let. */
  function slowly() {
    const { events, parts, stop } = witness();
    const counted = Promise.withResolvers<void>();
    const slow: ServeParts = {
      ...parts,
      async startBench(options) {
        options.onProgress({ step: 'counting-charges', done: 75_000, total: 150_000 });
        await counted.promise;
        return parts.startBench(options);
      },
    };
    const page = eventually('the page', () => events.find((each) => each.startsWith('opened ')));
    return { events, parts: slow, stop, page, count: counted.resolve, fail: counted.reject };
  }
  const sentence = 'Counting what was sent in the last 24 hours: 75,000 of 150,000';

  test('is shown in the browser, and the page comes by the same address once all is ready', async () => {
    const { events, parts, stop, page, count } = slowly();
    const served = serve(options({ browser: 'open' }), parts);
    const address = (await page).slice('opened '.length);
    const waiting = await fetch(address, { headers: { accept: 'text/html' } });
    expect(waiting.status).toBe(503);
    expect(waiting.headers.get('refresh')).toBe('1');
    expect(await waiting.text()).toContain(sentence);
    expect(events).toEqual([`opened ${address}`]);

    count();
    await eventually('the first line', () => events.find((each) => each.startsWith('printed ')));
    expect((await fetch(address, { redirect: 'manual' })).status).toBe(303);
    expect(events.filter((each) => each.startsWith('opened '))).toHaveLength(1);
    stop();
    await served;
  });

  test('is told to programs as an error, and to nobody that names another host', async () => {
    const { parts, stop, page, count } = slowly();
    const served = serve(options({ browser: 'open' }), parts);
    const { origin } = new URL((await page).slice('opened '.length));
    const answered = await fetch(`${origin}/api/status`);
    expect(answered.status).toBe(503);
    expect(await answered.json()).toEqual({
      code: 'STARTING',
      message: 'Relay Bench is starting.',
      hint: sentence,
    });
    const forged = await fetch(`${origin}/`, { headers: { origin: 'http://elsewhere.example' } });
    expect(forged.status).toBe(403);
    count();
    stop();
    await served;
  });

  test('is not waited for when it is told to stop, and prints nothing', async () => {
    const { events, parts, stop, page } = slowly();
    const served = serve(options({ browser: 'open' }), parts);
    const address = (await page).slice('opened '.length);
    stop();
    await served;
    expect(events).toEqual([`opened ${address}`]);
    await expect(fetch(address)).rejects.toThrow();
  });

  test('that fails leaves no server behind', async () => {
    const { parts, page, fail } = slowly();
    const served = serve(options({ browser: 'open' }), parts);
    served.catch(() => undefined);
    const address = (await page).slice('opened '.length);
    fail(new Error('The store is damaged.'));
    await expect(served).rejects.toThrow('The store is damaged.');
    await expect(fetch(address)).rejects.toThrow();
  });
});

test('a taken HTTP port is refused by its number and option, and the engine is closed again', async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { events, parts } = witness();
  const failed = await serve(options({ http: { host: '127.0.0.1', port } }), parts).catch(
    (error: unknown) => error,
  );
  squatter.close();
  expect(failed).toBeInstanceOf(CannotServe);
  expect(String(failed)).toContain(`port ${port} is taken; choose another with --http`);
  expect(events.at(-1)).toBe('engine closed');
});

test('an address that is not this machine’s is refused by its option', async () => {
  const { parts } = witness();
  await expect(serve(options({ http: { host: '192.0.2.1', port: 0 } }), parts)).rejects.toThrow(/--http/);
});

describe('what is said once all is ready', () => {
  const ready = { address: { host: '127.0.0.1', port: 8525 }, token: 'abc', status, dataDirectory: '/data' };
  const listening = (ports: Partial<Record<ListenerState['role'], number>>): Status => ({
    ...status,
    listeners: (['relay', 'smtps', 'submission', 'proxy'] as const).flatMap((role) => {
      const port = ports[role];
      return port === undefined
        ? []
        : [{ role, host: '127.0.0.1', port, standsFor: 25, beyondLoopback: false, problem: null }];
    }),
  });

  test('to programs: exactly the address, the token, and the listeners by role', () => {
    const listeners = { relay: 2525, smtps: 4465, submission: 5587 };
    expect(JSON.parse(readyAsJson({ ...ready, status: listening(listeners) }))).toEqual({
      http: 'http://127.0.0.1:8525',
      token: 'abc',
      listeners,
    });
    const withProxy = readyAsJson({ ...ready, status: listening({ ...listeners, proxy: 2626 }) });
    expect(JSON.parse(withProxy)).toMatchObject({ listeners: { ...listeners, proxy: 2626 } });
    expect(withProxy).not.toContain('\n');
  });

  test('to people: the page’s address with its token, each listener and what it stands for', () => {
    const text = readyAsText(ready);
    expect(text).toContain('http://127.0.0.1:8525/?token=abc');
    for (const { port, standsFor } of status.listeners) {
      expect(text).toContain(`${port}, stands for port ${standsFor}`);
    }
    expect(text).not.toContain('Warning');
    expect(readyAsText({ ...ready, address: { host: '0.0.0.0', port: 1 } })).toContain(
      'Warning: the page at 0.0.0.0:1 can be reached from other machines.',
    );
    const [relay, ...others] = status.listeners;
    if (relay === undefined) throw new Error('no listener');
    const open = { ...relay, host: '0.0.0.0', beyondLoopback: true };
    expect(readyAsText({ ...ready, status: { ...status, listeners: [open, ...others] } })).toContain(
      `Warning: the relay listener at 0.0.0.0:${relay.port} can be reached from other machines.`,
    );
    expect(readyAsText({ ...ready, status: { ...status, problems: ['The disk is full.'] } })).toContain(
      'Warning: The disk is full.',
    );
  });

  test('IPv6 addresses stand in brackets', () => {
    expect(pageAddress({ ...ready, address: { host: '::1', port: 80 } })).toBe('http://[::1]:80/?token=abc');
    expect(pageAddress({ ...ready, address: { host: '::', port: 80 } })).toBe('http://[::1]:80/?token=abc');
  });
});
