/** What the headless shell serves to a browser, and how it keeps the page to itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Serving, startServing } from './serving.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving.close());

describe('the page', () => {
  test('knows that a browser shows it', async () => {
    for (const path of ['/', '/index.html', '/?x=1']) {
      const reply = await serving.ask(path);
      expect(reply.status).toBe(200);
      expect(reply.body.toString()).toContain('<meta name="relay-bench-shell" content="browser" />');
      expect(reply.headers['content-length']).toBe(String(reply.body.length));
    }
  });

  test('may run our scripts only, talk to us only, and stand in no frame', async () => {
    const { headers } = await serving.ask('/');
    const directives = String(headers['content-security-policy']).split('; ');
    expect(directives).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(directives.find((each) => each.startsWith('script-src'))).not.toMatch(/unsafe|\*|http/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  test('is asked for again each time, its hashed files never', async () => {
    expect((await serving.ask('/')).headers['cache-control']).toContain('no-cache');
    const file = await serving.ask('/assets/app-3f2a.js');
    expect(file.headers['cache-control']).toContain('immutable');
    expect(file.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test('can only be read', async () => {
    const reply = await serving.ask('/', { method: 'POST', body: 'x' });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe('GET, HEAD');
    const head = await serving.ask('/', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
  });
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/%00',
  '//secret.txt',
  '/assets/',
  '/assets',
  '/no-such-page',
  '/%',
  '/__proto__',
])('%s leads nowhere', async (path) => {
  const reply = await serving.ask(path);
  expect(reply.status).toBe(404);
  expect(reply.body.toString()).not.toContain('not for everybody');
});

test('every answer is guarded, whatever it is', async () => {
  for (const path of [
    '/no-such-page',
    '/api/status',
    '/api/no/such',
    '/api/transactions/kept-1/message.eml',
  ]) {
    const { headers } = await serving.ask(path);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain('sandbox');
    expect(headers['cache-control']).toBe('no-store');
  }
});
