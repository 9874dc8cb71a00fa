/** `POST /api/what-if` and its differences, over HTTP and the real engine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { sendResultSchema } from '../../relay-core/contract/index.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';
import { type Shell, startShell } from './shell.ts';

/** The keys as they are documented; additions are free. */
const result = z.object({
  total: z.int(),
  same: z.int(),
  newlyRejected: z.int(),
  newlyAccepted: z.int(),
  envelopeChanged: z.int(),
  undetermined: z.int(),
  byRule: z.record(z.string(), z.int()),
  resultId: z.string().min(1),
});

const data = scratchFolder();
let shell: Shell;
let yaml = '';

async function send(from: string, claimedAddress = '203.0.113.7'): Promise<string> {
  const message = { from, to: ['a@elsewhere.test', 'b@elsewhere.test'], portRole: 'relay', tls: 'none' };
  const answer = await shell.call('POST', '/api/messages', { ...message, text: 'Hello', claimedAddress });
  return sendResultSchema.parse(await answer.json()).transactionId ?? '';
}

beforeAll(async () => {
  shell = await startShell(data);
  yaml = z.object({ yaml: z.string() }).parse(await (await shell.call('GET', '/api/bench')).json()).yaml;
});
afterAll(async () => {
  await shell.stop('SIGTERM');
  removeFolder(data);
});

test('a draft is answered by counts, and its differences are listed, newest first', async () => {
  const anna = await send('anna@example.com');
  await send('anna@example.com', '2001:db8::7');
  const printer = await send('printer@example.com');
  const draft = yaml
    .replace('allowedSenders: registered-users', 'allowedSenders: domain-addresses')
    .replace('  - address: anna@example.com\n', '  - address: anna@example.com\n    suspended: true\n');
  const answer = await shell.call('POST', '/api/what-if', { yaml: draft });
  expect(answer.status).toBe(200);
  const { resultId, ...counts } = result.parse(await answer.json());
  expect(counts).toEqual({
    total: 3,
    same: 1,
    newlyRejected: 1,
    newlyAccepted: 1,
    envelopeChanged: 0,
    undetermined: 0,
    byRule: { 'SND-5': 1 },
  });
  const page = await (await shell.call('GET', `/api/what-if/${resultId}?limit=1`)).json();
  expect(page).toEqual({
    items: [
      {
        transactionId: printer,
        kind: 'newly-accepted',
        from: 'printer@example.com',
        to: ['a@elsewhere.test', 'b@elsewhere.test'],
        before: { outcome: 'rejected', rule: 'SND-1', replyCode: 550, from: null, recipients: 0 },
        after: { outcome: 'accepted', rule: null, from: 'printer@example.com', recipients: 2 },
      },
    ],
    nextCursor: expect.any(String),
  });
  const { nextCursor } = z.object({ nextCursor: z.string() }).parse(page);
  const rest = await shell.call('GET', `/api/what-if/${resultId}?limit=500&cursor=${nextCursor}`);
  expect(await rest.json()).toEqual({
    items: [
      expect.objectContaining({
        transactionId: anna,
        kind: 'newly-rejected',
        before: expect.objectContaining({ outcome: 'accepted', rule: null, replyCode: 250, recipients: 2 }),
        after: { outcome: 'rejected', rule: 'SND-5', from: null, recipients: 0 },
      }),
    ],
    nextCursor: null,
  });
});

test('the file that runs changes nothing', async () => {
  const answer = result.parse(await (await shell.call('POST', '/api/what-if', { yaml })).json());
  expect(answer.same).toBe(answer.total);
});

test('a bad draft is answered as PUT /api/bench answers it, and nothing changes', async () => {
  for (const draft of ['customer: [', 'customer: 1', yaml.replace('licences', 'licenses'), '']) {
    const answer = await shell.call('POST', '/api/what-if', { yaml: draft });
    const asSaved = await shell.call('PUT', '/api/bench', { yaml: draft });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual(await asSaved.json());
  }
  for (const body of [{}, { yaml: 1 }, { yaml, version: '1' }, []]) {
    expect((await shell.call('POST', '/api/what-if', body)).status).toBe(422);
  }
  const running = z.object({ yaml: z.string() }).parse(await (await shell.call('GET', '/api/bench')).json());
  expect(running.yaml).toBe(yaml);
});

test('a result that is not there any more is 404, with what to do', async () => {
  const answer = await shell.call('GET', '/api/what-if/nothing');
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no result nothing.',
    hint: 'POST /api/what-if runs a draft again; the 20 latest results are kept.',
  });
  expect((await shell.call('GET', '/api/what-if/nothing?limit=0')).status).toBe(422);
});
