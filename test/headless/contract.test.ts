/** Every path that people and programs may rely on, over HTTP and the real engine: the documented keys are there. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  limitSourceSchema,
  quotaWindowSchema,
  type SendResult,
  sendResultSchema,
  type TestMessage,
} from '../../relay-core/contract/index.ts';
import { sharedShell } from './shell.ts';

const utc = z.iso.datetime().endsWith('Z');
const line = z.object({
  at: utc,
  direction: z.enum(['client', 'server']),
  text: z.string(),
  tls: z.boolean(),
});
const reply = z.object({
  code: z.int(),
  enhancedCode: z.string().nullable(),
  lines: z.array(z.string()).min(1),
});
const envelope = z.object({ from: z.string(), to: z.array(z.string()) });

/** The keys of a transaction as they are documented; additions are free. */
const summary = z.object({
  id: z.string().min(1),
  sessionId: z.string().min(1),
  startedAt: utc,
  finishedAt: utc,
  client: z.object({
    address: z.string(),
    heloName: z.string(),
    portRole: z.enum(['relay', 'smtps', 'submission']),
    tls: z.object({ version: z.string(), cipher: z.string() }).nullable(),
    authenticatedAs: z.string().nullable(),
  }),
  envelope: z.object({ before: envelope, after: envelope }),
  recipients: z.array(z.object({ address: z.string(), reply: z.string() })),
  decision: z.object({
    outcome: z.enum(['accepted', 'rejected', 'abandoned']),
    rule: z.string().nullable(),
    setting: z.string().nullable(),
    reply: reply.nullable(),
    trace: z.array(
      z.object({
        rule: z.string(),
        outcome: z.enum(['pass', 'fail', 'note']),
        text: z.string(),
        assumed: z.boolean(),
      }),
    ),
  }),
  quota: z.array(
    z.object({
      window: quotaWindowSchema,
      user: z.string().optional(),
      before: z.int(),
      after: z.int(),
      limit: z.int(),
    }),
  ),
  message: z.object({ size: z.int(), subject: z.string(), messageId: z.string() }).nullable(),
});
const transaction = summary.extend({ dialogue: z.array(line).min(1) });
const list = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

const shell = sharedShell();

const get = async (path: string): Promise<unknown> => {
  const answer = await shell.call('GET', path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  return answer.json();
};

const message: TestMessage = {
  from: 'anna@example.com',
  to: ['customer@elsewhere.test'],
  subject: 'Price list',
  text: 'Hello',
  portRole: 'relay',
  tls: 'none',
};

async function send(changes: Partial<TestMessage> = {}): Promise<SendResult> {
  const answer = await shell.call('POST', '/api/messages', { ...message, ...changes });
  expect(answer.status).toBe(200);
  return sendResultSchema.parse(await answer.json());
}

const sentTransaction = async (changes: Partial<TestMessage> = {}) => {
  const { transactionId } = await send(changes);
  return transaction.parse(await get(`/api/transactions/${transactionId}`));
};

describe('POST /api/messages', () => {
  test('answers with the transaction, which can be read at once, and the dialogue', async () => {
    const result = await send();
    expect(result.failure).toBeNull();
    expect(
      z
        .array(line)
        .parse(result.dialogue)
        .some(({ text }) => text.startsWith('250 2.0.0 OK')),
    ).toBe(true);
    const {
      decision,
      client,
      envelope: envelopes,
    } = transaction.parse(await get(`/api/transactions/${result.transactionId}`));
    expect(decision.outcome).toBe('accepted');
    expect(client).toMatchObject({
      address: '127.0.0.1',
      portRole: 'relay',
      tls: null,
      authenticatedAs: null,
    });
    expect(envelopes.before).toEqual({ from: 'anna@example.com', to: ['customer@elsewhere.test'] });
  });

  test('answers with the same lines that the relay recorded, seen from the other end', async () => {
    const auth = {
      mechanism: 'LOGIN',
      user: 'anna@example.com',
      password: 'correct horse battery staple',
    } as const;
    const sent = await send({
      portRole: 'submission',
      tls: 'starttls',
      auth,
      raw: 'Subject: x\r\n\r\n.a\r\n',
    });
    const { sessionId } = transaction.parse(await get(`/api/transactions/${sent.transactionId}`));
    const session = z.object({ dialogue: z.array(line) }).parse(await get(`/api/sessions/${sessionId}`));
    for (const end of ['client', 'server'] as const) {
      const textsOf = (lines: readonly z.infer<typeof line>[]) =>
        lines.filter(({ direction }) => direction === end).map(({ text, tls }) => [text, tls]);
      expect(textsOf(sent.dialogue)).toEqual(textsOf(session.dialogue));
    }
  });

  test('over STARTTLS with AUTH: the user is known, the password in neither record', async () => {
    const password = 'correct horse battery staple';
    for (const mechanism of ['PLAIN', 'LOGIN'] as const) {
      const auth = { mechanism, user: 'anna@example.com', password };
      const result = await send({ portRole: 'submission', tls: 'starttls', auth });
      const { client, dialogue } = transaction.parse(await get(`/api/transactions/${result.transactionId}`));
      expect(client.authenticatedAs).toBe('anna@example.com');
      expect(client.tls?.version).toMatch(/^TLSv1\.[23]$/);
      const text = JSON.stringify([result.dialogue, dialogue]);
      expect(text).not.toContain(password);
      expect(text).not.toContain(Buffer.from(password).toString('base64'));
      expect(text).not.toContain(Buffer.from(`\0anna@example.com\0${password}`).toString('base64'));
    }
  });

  test('from the first byte on smtps', async () => {
    const auth = { user: 'anna@example.com', password: 'correct horse battery staple' };
    const { client } = await sentTransaction({ portRole: 'smtps', tls: 'implicit', auth });
    expect(client).toMatchObject({ portRole: 'smtps', authenticatedAs: 'anna@example.com' });
  });

  test('from a claimed address, with a HELO name', async () => {
    const result = await sentTransaction({ claimedAddress: '203.0.113.7', heloName: 'mx.example.com' });
    expect(result.client).toMatchObject({ address: '203.0.113.7', heloName: 'mx.example.com' });
    expect(result.decision.outcome).toBe('accepted');
    const refused = await sentTransaction({ claimedAddress: '2001:db8::7' });
    expect(refused.client.address).toBe('2001:db8::7');
    expect(refused.decision).toMatchObject({ outcome: 'rejected', rule: 'AUT-1', reply: { code: 550 } });
  });

  test('refused at DATA: a transaction with its rule and reply', async () => {
    const { decision, message: stored } = await sentTransaction({ from: 'x@foreign.test' });
    expect(decision.outcome).toBe('rejected');
    expect(decision.rule).toMatch(/^[A-Z]{3}-\d+$/);
    expect(decision.reply?.code).toBe(550);
    expect(stored).toBeNull();
  });

  test('not offered AUTH: no transaction, said plainly, and the dialogue shows it · AUT-3', async () => {
    const result = await send({
      auth: { user: 'anna@example.com', password: 'correct horse battery staple' },
    });
    expect(result.transactionId).toBeNull();
    expect(result.failure).toMatch(/does not offer AUTH/);
    expect(result.dialogue.some(({ text }) => text.startsWith('250-STARTTLS'))).toBe(true);
  });

  test('with a wrong password: no transaction, and the reply in the dialogue · AUT-6', async () => {
    const auth = { user: 'anna@example.com', password: 'wrong' };
    const result = await send({ portRole: 'submission', tls: 'starttls', auth });
    expect(result.transactionId).toBeNull();
    expect(result.dialogue.some(({ text }) => text.startsWith('535'))).toBe(true);
  });
});

describe('what is read', () => {
  test('GET /api/transactions: newest first, by outcome, by text, by pages', async () => {
    await send({ subject: 'One of two' });
    const last = await send({ subject: 'Two of two' });
    const all = list(summary).parse(await get('/api/transactions?limit=1'));
    expect(all.items.map(({ id }) => id)).toEqual([last.transactionId]);
    expect(all.items[0]).not.toHaveProperty('dialogue');
    const next = list(summary).parse(await get(`/api/transactions?limit=1&cursor=${all.nextCursor}`));
    expect(next.items[0]?.message?.subject).toBe('One of two');
    const found = list(summary).parse(await get('/api/transactions?search=Two%20of%20two'));
    expect(found.items.map(({ id }) => id)).toEqual([last.transactionId]);
    const accepted = list(summary).parse(await get('/api/transactions?outcome=accepted'));
    expect(new Set(accepted.items.map(({ decision }) => decision.outcome))).toEqual(new Set(['accepted']));
  });

  test('GET /api/transactions/{id}/message.eml: the message as it arrived', async () => {
    const raw = 'Subject: raw\r\n\r\n.dot\r\nend\r\n';
    const { transactionId } = await send({ raw });
    const answer = await shell.call('GET', `/api/transactions/${transactionId}/message.eml`);
    expect(answer.headers.get('content-type')).toBe('message/rfc822');
    expect(await answer.text()).toBe(raw);
    const relayed = await shell.call('GET', `/api/transactions/${transactionId}/relayed.eml`);
    expect(relayed.headers.get('content-type')).toBe('message/rfc822');
    expect(await relayed.text()).toBe(raw);
  });

  test('GET /api/sessions/{id}: all its lines, its transactions, its findings', async () => {
    const { sessionId, id } = await sentTransaction();
    const session = z
      .object({
        id: z.string(),
        dialogue: z.array(line),
        transactions: z.array(summary),
        findings: z.array(z.unknown()),
      })
      .parse(await get(`/api/sessions/${sessionId}`));
    expect(session.transactions.map((each) => each.id)).toEqual([id]);
    expect(session.dialogue.at(0)?.text).toMatch(/^220 /);
  });

  test('GET /api/quotas: windows with what is used, and where the limit comes from', async () => {
    const window = z.object({
      window: quotaWindowSchema,
      user: z.string().optional(),
      used: z.int(),
      reserved: z.int(),
      limit: z.int(),
      limitSource: limitSourceSchema,
      nextFreeAt: utc.nullable(),
      simulated: z.int(),
    });
    const { windows } = z
      .object({ windows: z.array(window), nextCursor: z.string().nullable() })
      .parse(await get('/api/quotas?limit=500'));
    const day = windows.find((each) => each.window === 'customer-recipients-day');
    expect(day?.limit).toBe(13_000);
    expect(day?.used).toBeGreaterThan(0);
    const annas = z.object({ windows: z.array(window) }).parse(await get('/api/quotas?search=anna'));
    expect(annas.windows.some(({ user }) => user === 'anna@example.com')).toBe(true);
  });

  test('GET /api/clock', async () => {
    const clock = z.object({
      now: utc,
      mode: z.enum(['real', 'simulated']),
      speed: z.number(),
      offsetMs: z.number(),
    });
    expect(clock.parse(await get('/api/clock'))).toMatchObject({ mode: 'real', speed: 1, offsetMs: 0 });
  });

  test('GET /api/certificate-authority.pem: a certificate to trust', async () => {
    const answer = await shell.call('GET', '/api/certificate-authority.pem');
    expect(new X509Certificate(await answer.text()).ca).toBe(true);
  });

  test('GET /api/openapi.json', async () => {
    expect(await get('/api/openapi.json')).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  });
});

describe('the bench file', () => {
  const bench = z.object({ yaml: z.string(), version: z.string() });
  const error = z.object({
    code: z.string(),
    message: z.string(),
    path: z.string().optional(),
    line: z.int().optional(),
  });

  test('is read without its secrets, and takes back what was read', async () => {
    const read = bench.parse(await get('/api/bench'));
    expect(read.yaml).not.toContain('correct horse');
    expect(read.yaml).toContain('passwordHash');
    const put = await shell.call('PUT', '/api/bench', { yaml: read.yaml });
    expect(put.status).toBe(200);
    expect(bench.parse(await put.json()).yaml).toBe(read.yaml);
  });

  test('is replaced whole: its comments stay, and the change holds', async () => {
    const { yaml } = bench.parse(await get('/api/bench'));
    const changed = yaml.replace('name: Example AB', 'name: Other AB # was Example AB');
    expect((await shell.call('PUT', '/api/bench', { yaml: changed })).status).toBe(200);
    const after = bench.parse(await get('/api/bench'));
    expect(after.yaml).toContain('# was Example AB');
    expect(await get('/api/status')).toMatchObject({ organisation: 'Other AB' });
  });

  test('that is wrong is 422 with line and path, and nothing is changed', async () => {
    const before = bench.parse(await get('/api/bench'));
    const yaml = before.yaml.replace('licences: 100', 'licenses: 100');
    const answer = await shell.call('PUT', '/api/bench', { yaml });
    expect(answer.status).toBe(422);
    const refused = error.parse(await answer.json());
    expect(refused.path).toContain('licenses');
    expect(refused.line).toBe(before.yaml.slice(0, before.yaml.indexOf('licences:')).split('\n').length);
    expect(bench.parse(await get('/api/bench'))).toEqual(before);
  });

  test('that cannot run here is 422 with line and path too, and nothing is changed', async () => {
    const before = bench.parse(await get('/api/bench'));
    const yaml = before.yaml.replace('host: 127.0.0.1', 'host: 192.0.2.7');
    const answer = await shell.call('PUT', '/api/bench', { yaml });
    expect(answer.status).toBe(422);
    expect(error.parse(await answer.json())).toMatchObject({
      path: 'listeners.host',
      line: yaml.slice(0, yaml.indexOf('host: 192.0.2.7')).split('\n').length,
    });
    expect(bench.parse(await get('/api/bench'))).toEqual(before);
  });
});

test.each(['/api/transactions/none', '/api/sessions/none', '/api/transactions/none/message.eml'])(
  'GET %s is 404 in the one shape',
  async (path) => {
    const answer = await shell.call('GET', path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND', message: expect.any(String) });
  },
);
