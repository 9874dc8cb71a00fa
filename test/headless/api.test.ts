/** The contract over HTTP: paths, files, and the one shape of an error. */
import { ORPCError } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  benchProblemSchema,
  benchSchema,
  quotasSchema,
  transactionSchema,
  transactionSummarySchema,
} from '../../relay-core/contract/index.ts';
import { json, type Reply, type Serving, startServing, storedMessage } from './serving.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(() => serving.close());

/** The shape, and no key beside it. */
const errorSchema = z.strictObject({
  code: z.string().min(1),
  message: z.string().min(1),
  hint: z.string().optional(),
  path: z.string().optional(),
  line: z.number().int().optional(),
  problems: z.array(benchProblemSchema).optional(),
});
const errorOf = (reply: Reply) => errorSchema.parse(reply.json());

const listSchema = z.strictObject({
  items: z.array(transactionSummarySchema),
  nextCursor: z.string().nullable(),
});
const list = async (query: string) =>
  listSchema.parse((await serving.ask(`/api/transactions${query}`)).json());

describe('what is read', () => {
  test('transactions by pages, without their dialogue', async () => {
    const first = await list('?limit=3');
    expect(first.items).toHaveLength(3);
    expect(first.items[0]).not.toHaveProperty('dialogue');
    const second = await list(`?limit=3&cursor=${first.nextCursor}`);
    expect(second.items.map(({ id }) => id)).not.toContain(first.items[0]?.id);
  });

  test('one transaction, with its dialogue', async () => {
    const [first] = (await list('?limit=1')).items;
    const reply = await serving.ask(`/api/transactions/${first?.id}`);
    expect(transactionSchema.parse(reply.json()).id).toBe(first?.id);
    expect(reply.headers['content-type']).toBe('application/json');
  });

  test('quotas and the bench file', async () => {
    quotasSchema.parse((await serving.ask('/api/quotas')).json());
    benchSchema.parse((await serving.ask('/api/bench')).json());
  });
});

describe('an error has the one shape', () => {
  test('404 for what is not there', async () => {
    const reply = await serving.ask('/api/transactions/no-such-id');
    expect(reply.status).toBe(404);
    expect(errorOf(reply).code).toBe('NOT_FOUND');
  });

  test.each(['/api/no/such', '/api', '/api/', '/api/transactions/a/b/c', '/api/__proto__'])(
    '404 for the path %s',
    async (path) => {
      const reply = await serving.ask(path);
      expect(reply.status).toBe(404);
      errorOf(reply);
    },
  );

  test.each([
    ['DELETE', '/api/bench', 'GET, PUT'],
    ['GET', '/api/messages', 'POST'],
    ['POST', '/api/certificate-authority.pem', 'GET'],
    ['POST', '/api/transactions/kept-1/message.eml', 'GET'],
    ['HEAD', '/api/messages', 'POST'],
  ])('405 for %s %s, naming what it takes', async (method, path, allowed) => {
    const reply = await serving.ask(path, { method });
    expect(reply.status).toBe(405);
    expect(reply.headers.allow).toBe(allowed);
    if (method !== 'HEAD') expect(errorOf(reply).hint).toContain(allowed);
  });

  const message = { from: 'anna@example.com', to: ['x@elsewhere.test'], portRole: 'relay', tls: 'none' };

  test.each([
    ['an unknown key', { ...message, sender: 'x' }, 'sender', /no key/],
    ['a missing key', { ...message, from: undefined }, 'from', /from is missing/],
    ['a word that is not known', { ...message, tls: 'sometimes' }, 'tls', /"none".*"starttls".*"implicit"/],
    ['a key inside another', { ...message, auth: { user: 'anna' } }, 'auth.password', /missing/],
    ['an entry of a list', { ...message, to: ['ok@x.test', 7] }, 'to[1]', /string/],
    ['a line break in an address', { ...message, from: 'a@b\r\nRCPT TO:<x@y>' }, 'from', /one line/],
  ])('422 for %s, naming the key', async (_, body, path, words) => {
    const reply = await serving.ask('/api/messages', json('POST', body));
    expect(reply.status).toBe(422);
    const error = errorOf(reply);
    expect(error.path).toBe(path);
    expect(error.message).toMatch(words);
  });

  test('422 for a query that cannot be', async () => {
    const reply = await serving.ask('/api/transactions?limit=5000');
    expect(reply.status).toBe(422);
    expect(errorOf(reply).path).toBe('limit');
  });

  test.each(['{"from":', 'from: anna', '[]', 'null', '"text"', ''])('422 for the body %s', async (body) => {
    const reply = await serving.ask('/api/messages', json('POST', body));
    expect(reply.status).toBe(422);
    errorOf(reply);
  });

  test('422 for a bad bench file, with all its problems', async () => {
    const before = (await serving.ask('/api/bench')).json();
    const reply = await serving.ask('/api/bench', json('PUT', { yaml: 'customer: [' }));
    expect(reply.status).toBe(422);
    errorOf(reply);
    expect((await serving.ask('/api/bench')).json()).toEqual(before);
  });

  test('413 for a body beyond its bound, told or not', async () => {
    const body = Buffer.alloc(9 * 1024 * 1024, 'x');
    const told = await serving.ask('/api/bench', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    });
    const untold = await serving.ask('/api/bench', {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      body,
    });
    for (const reply of [told, untold]) {
      expect(reply.status).toBe(413);
      expect(errorOf(reply).message).toMatch(/at most 8388608 bytes/);
    }
  });

  test('500 for a fault, telling nothing of its insides', async () => {
    const faulty = await startServing({
      messagePiece: () => {
        throw new Error('the password is swordfish');
      },
    });
    const reply = await faulty.ask('/api/transactions/kept-1/message.eml');
    await faulty.close();
    expect(reply.status).toBe(500);
    errorOf(reply);
    expect(reply.body.toString()).not.toContain('swordfish');
  });
});

test('an error that a procedure names keeps its hint, path and line', async () => {
  const { errorBodyOf } = await import('../../headless/http/errors.ts');
  const data = { hint: 'write true', path: 'settings[0]', line: 4, stack: 'secret' };
  expect(errorBodyOf(new ORPCError('UNPROCESSABLE', { status: 422, message: 'No', data }))).toEqual({
    code: 'UNPROCESSABLE',
    message: 'No',
    hint: 'write true',
    path: 'settings[0]',
    line: 4,
  });
});

describe('files', () => {
  test('a message comes as it arrived, byte for byte, larger than a piece', async () => {
    const reply = await serving.ask('/api/transactions/kept-1/message.eml');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('message/rfc822');
    expect(reply.headers['content-disposition']).toBe('attachment; filename="kept-1.eml"');
    expect(reply.headers['content-length']).toBe(String(storedMessage.length));
    expect(reply.body.equals(storedMessage)).toBe(true);
  });

  test('a transaction without a message is 404', async () => {
    const reply = await serving.ask('/api/transactions/none-1/message.eml');
    expect(reply.status).toBe(404);
    errorOf(reply);
  });

  test('a name from the address cannot break the header', async () => {
    const odd = await startServing({ messagePiece: () => ({ content: Buffer.from('x'), size: 1 }) });
    const reply = await odd.ask('/api/transactions/a%22%0d%0ax%2f..%2fb/message.eml');
    await odd.close();
    expect(reply.headers['content-disposition']).toBe('attachment; filename="a___x_.._b.eml"');
  });

  test('a message that goes away while it is read breaks off, and is not passed off as whole', async () => {
    const leaving = await startServing({
      messagePiece: (_, offset) => (offset === 0 ? { content: Buffer.from('begin'), size: 100 } : null),
    });
    await expect(leaving.ask('/api/transactions/x/message.eml')).rejects.toThrow();
    await leaving.close();
  });

  test('the certificate authority is PEM, to be saved', async () => {
    const reply = await serving.ask('/api/certificate-authority.pem');
    expect(reply.headers['content-type']).toBe('application/x-pem-file');
    expect(reply.body.toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });
});

describe('the OpenAPI document', () => {
  const documentSchema = z.object({
    openapi: z.string(),
    info: z.object({ version: z.string() }),
    servers: z.array(z.object({ url: z.string() })),
    security: z.array(z.record(z.string(), z.array(z.string()))),
    paths: z.record(z.string(), z.record(z.string(), z.unknown())),
    components: z.object({
      schemas: z.record(z.string(), z.unknown()),
      securitySchemes: z.record(z.string(), z.object({ type: z.string() })),
    }),
  });

  test('describes every path that is answered, and how to be let in', async () => {
    const document = documentSchema.parse((await serving.ask('/api/openapi.json')).json());
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info.version).toBe('1.2.3');
    expect(document.servers).toEqual([{ url: '/api' }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'cookie']);
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'GET /transactions',
        'GET /transactions/{id}',
        'GET /transactions/{id}/message.eml',
        'GET /transactions/{id}/relayed.eml',
        'GET /sessions/{id}',
        'POST /messages',
        'GET /quotas',
        'GET /bench',
        'PUT /bench',
        'GET /clock',
        'GET /certificate-authority.pem',
      ]),
    );
  });

  test('leads every reference to a schema that is there', async () => {
    const text = (await serving.ask('/api/openapi.json')).body.toString();
    const { components } = documentSchema.parse(JSON.parse(text));
    const references = [...text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(references.length).toBeGreaterThan(10);
    for (const name of references) expect(Object.keys(components.schemas)).toContain(name);
  });
});
