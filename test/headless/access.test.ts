/** Who may talk to the headless shell at all: names in Host and Origin, then the token. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isHostAllowed, isOriginAllowed } from '../../headless/http/access.ts';
import { makeToken } from '../../headless/http/token.ts';
import { isLoopback } from '../../relay-core/loopback.ts';
import { type Serving, startServing, token } from './serving.ts';

const bound = { host: '127.0.0.1', port: 8525 };

describe('the Host field', () => {
  test.each(['127.0.0.1:8525', 'localhost:8525', 'LOCALHOST:8525', '[::1]:8525'])(
    '%s is this server',
    (host) => {
      expect(isHostAllowed(host, bound)).toBe(true);
    },
  );
  test.each([
    'evil.example:8525',
    'localhost.evil.example:8525',
    'localhost',
    '127.0.0.1:8526',
    '127.0.0.1:8525.evil.example',
    'evil.example@127.0.0.1:8525',
    '127.0.0.1:8525/x',
    '192.0.2.1:8525',
    '',
  ])('%s is another', (host) => {
    expect(isHostAllowed(host, bound)).toBe(false);
  });
  test('must be there', () => {
    expect(isHostAllowed(undefined, bound)).toBe(false);
  });
  test('may be any numeric address, but no name, when every address is bound', () => {
    const everywhere = { host: '0.0.0.0', port: 8525 };
    expect(isHostAllowed('192.0.2.1:8525', everywhere)).toBe(true);
    expect(isHostAllowed('bench.evil.example:8525', everywhere)).toBe(false);
  });
  test('needs no port on port 80', () => {
    expect(isHostAllowed('127.0.0.1', { host: '127.0.0.1', port: 80 })).toBe(true);
  });
});

describe('the Origin field', () => {
  test('may be missing, since no page made the request then', () => {
    expect(isOriginAllowed(undefined, bound)).toBe(true);
  });
  test.each(['http://127.0.0.1:8525', 'http://localhost:8525'])('%s is ours', (origin) => {
    expect(isOriginAllowed(origin, bound)).toBe(true);
  });
  test.each(['null', 'https://127.0.0.1:8525', 'http://127.0.0.1:9999', 'http://evil.example', 'file://'])(
    '%s is another site',
    (origin) => {
      expect(isOriginAllowed(origin, bound)).toBe(false);
    },
  );
});

test('only this machine reaches loopback addresses', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '192.0.2.1', '127.evil.example'].some(isLoopback)).toBe(false);
});

test('a token is long, and another at each start', () => {
  expect(makeToken()).toMatch(/^[\w-]{43}$/);
  expect(makeToken()).not.toBe(makeToken());
});

describe('a request', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing();
  });
  afterAll(() => serving.close());

  const paths = [
    '/',
    '/assets/app-3f2a.js',
    '/api/status',
    '/api/openapi.json',
    '/api/transactions/kept-1/message.eml',
    '/api/no/such',
  ];

  test.each(paths)('for %s is 403 under another host’s name, token or not', async (path) => {
    const reply = await serving.ask(path, { headers: { host: `evil.example:${serving.port}` } });
    expect(reply.status).toBe(403);
    expect(reply.json()).toMatchObject({ code: 'FORBIDDEN', message: expect.any(String) });
  });

  test.each(paths)('for %s is 403 from a page of another site, token or not', async (path) => {
    expect((await serving.ask(path, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  test.each(paths)('for %s is 401 without the token', async (path) => {
    const reply = await serving.askUnauthorised(path);
    expect(reply.status).toBe(401);
    expect(reply.json()).toMatchObject({ code: 'UNAUTHORIZED', hint: expect.any(String) });
    expect(reply.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  test.each(['wrong', `${token}x`, token.slice(1), ''])('with the token "%s" is 401', async (wrong) => {
    const headers = { authorization: `Bearer ${wrong}` };
    expect((await serving.askUnauthorised('/api/status', { headers })).status).toBe(401);
  });

  test('with the bearer token is answered, under each of the server’s names', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const reply = await serving.ask('/api/status', { headers: { host: `${host}:${serving.port}` } });
      expect(reply.status).toBe(200);
    }
  });

  test('of a browser without the token gets a page that says what to do', async () => {
    const reply = await serving.askUnauthorised('/', { headers: { accept: 'text/html,*/*' } });
    expect(reply.status).toBe(401);
    expect(reply.headers['content-type']).toMatch(/^text\/html/);
    expect(reply.body.toString()).toMatch(/whole address that it printed/);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('the first visit', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing();
  });
  afterAll(() => serving.close());

  const cookieFrom = (field: string[] | undefined) => field?.[0]?.split(';')[0] ?? '';

  test('with ?token= sets a cookie no script can read and leads to the clean address', async () => {
    const reply = await serving.askUnauthorised(`/?token=${token}`);
    expect(reply.status).toBe(303);
    expect(reply.headers.location).toBe('/');
    const [cookie = ''] = reply.headers['set-cookie'] ?? [];
    expect(cookie).toContain('; HttpOnly');
    expect(cookie).toContain('; SameSite=Strict');
    expect(cookie).toContain('; Path=/');
    expect(cookie).not.toMatch(/Domain=/i);
  });

  test('is followed by visits with the cookie alone, of the page and the API', async () => {
    const first = await serving.askUnauthorised(`/?token=${token}`);
    const headers = { cookie: `other=1; ${cookieFrom(first.headers['set-cookie'])}` };
    expect((await serving.askUnauthorised('/', { headers })).status).toBe(200);
    expect((await serving.askUnauthorised('/api/status', { headers })).status).toBe(200);
  });

  test('with a wrong token sets no cookie', async () => {
    const reply = await serving.askUnauthorised('/?token=wrong');
    expect(reply.status).toBe(401);
    expect(reply.headers['set-cookie']).toBeUndefined();
  });

  test('is of the page: the API takes no token in its address', async () => {
    expect((await serving.askUnauthorised(`/api/status?token=${token}`)).status).toBe(401);
  });

  test('a cookie of another server on this host does not open this one', async () => {
    const headers = { cookie: `relay-bench-${serving.port + 1}=${token}; relay-bench-${serving.port}=other` };
    expect((await serving.askUnauthorised('/api/status', { headers })).status).toBe(401);
  });
});
