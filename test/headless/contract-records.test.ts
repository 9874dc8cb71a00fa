/** What records hold in every outcome, and what lists have in common, over HTTP and the real engine: keys and values as documented. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { connectRaw } from '../smtp/raw-client.ts';
import { sharedShell } from './shell.ts';

const utc = z.iso.datetime().endsWith('Z');
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** RFC 6902, the operations that are used. */
const patch = z.array(
  z.object({
    op: z.enum(['add', 'replace', 'remove']),
    path: z.string().startsWith('/'),
    value: z.json().optional(),
  }),
);
const envelope = z.object({ from: z.string(), to: z.array(z.string()) });
const record = z.object({
  id: z.string(),
  sessionId: z.string(),
  envelope: z.object({ before: envelope, after: envelope }),
  recipients: z.array(z.object({ address: z.string(), reply: z.string() })),
  decision: z.object({
    outcome: z.enum(['accepted', 'rejected', 'abandoned']),
    rule: z.string().nullable(),
    setting: z.string().nullable(),
    reply: z
      .object({ code: z.int(), enhancedCode: z.string().nullable(), lines: z.array(z.string()) })
      .nullable(),
    remedies: z.array(
      z.object({
        side: z.enum(['client', 'settings', 'wait']),
        text: z.string().min(1),
        change: patch.optional(),
        until: utc.optional(),
      }),
    ),
  }),
  quota: z.array(z.object({ window: z.string(), before: z.int(), after: z.int(), limit: z.int() })),
  message: z.object({ size: z.int(), subject: z.string(), messageId: z.string() }).nullable(),
});

const shell = sharedShell();

const get = async (path: string): Promise<unknown> => {
  const answer = await shell.call('GET', path);
  expect(answer.status, path).toBe(200);
  return answer.json();
};
const newest = async () => {
  const [summary] = listOf(z.object({ id: z.string() })).parse(await get('/api/transactions?limit=1')).items;
  return record.parse(await get(`/api/transactions/${summary?.id}`));
};

/** Says lines to the listener that stands for 25, one by one, and hangs up. Gives the replies. */
async function say(...lines: string[]): Promise<string[]> {
  const client = await connectRaw({ port: shell.ready.listeners.relay });
  const replies = [await client.reply()];
  for (const line of lines) replies.push(await client.command(line));
  client.destroy();
  return replies;
}

async function send(changes: Record<string, unknown>) {
  const message = {
    from: 'anna@example.com',
    to: ['x@elsewhere.test'],
    portRole: 'relay',
    tls: 'none',
    ...changes,
  };
  const answer = await shell.call('POST', '/api/messages', message);
  expect(answer.status).toBe(200);
  const { transactionId } = z.object({ transactionId: z.string() }).parse(await answer.json());
  return record.parse(await get(`/api/transactions/${transactionId}`));
}

describe('a transaction', () => {
  test('that the client takes back is abandoned, without rule and reply; the null sender is empty', async () => {
    await say('EHLO mail.example.com', 'MAIL FROM:<>', 'RCPT TO:<x@elsewhere.test>', 'RSET');
    const { envelope: envelopes, decision, message } = await newest();
    expect(envelopes.before).toEqual({ from: '', to: ['x@elsewhere.test'] });
    expect(decision).toMatchObject({ outcome: 'abandoned', rule: null, reply: null });
    expect(message).toBeNull();
  });

  test('accepted with a refused RCPT holds every RCPT before, the accepted ones after · ENV-2', async () => {
    const replies = await say(
      'EHLO mail.example.com',
      'MAIL FROM:<>',
      'RCPT TO:<one@elsewhere.test>',
      'RCPT TO:<two@elsewhere.test>',
      'DATA',
      'Subject: Absent\r\n\r\nUntil Monday.\r\n.',
    );
    expect(replies.at(-1)).toMatch(/^250 /);
    const { envelope: envelopes, recipients, decision, message } = await newest();
    expect(envelopes.before.to).toEqual(['one@elsewhere.test', 'two@elsewhere.test']);
    expect(envelopes.after).toEqual({ from: '', to: ['one@elsewhere.test'] });
    expect(recipients.map(({ reply }) => reply.slice(0, 3))).toEqual(['250', '550']);
    expect(decision.outcome).toBe('accepted');
    expect(message?.subject).toBe('Absent');
  });

  test('whose every RCPT was refused is rejected with that rule', async () => {
    const refused = 'RCPT TO:<x@-.->';
    const replies = await say('EHLO mail.example.com', 'MAIL FROM:<anna@example.com>', refused, 'DATA');
    expect(replies.at(-2)).toMatch(/^55/);
    // It ends with its connection, which the engine hears of a moment later.
    await expect.poll(newest).toMatchObject({
      decision: { outcome: 'rejected', rule: expect.any(String) },
      envelope: { after: { to: [] } },
    });
  });

  test('refused at MAIL is one too · AUT-4', async () => {
    const client = await connectRaw({ port: shell.ready.listeners.submission });
    await client.reply();
    await client.command('EHLO mail.example.com');
    expect(await client.command('MAIL FROM:<anna@example.com>')).toMatch(/^530/);
    client.destroy();
    expect((await newest()).decision).toMatchObject({
      outcome: 'rejected',
      rule: 'AUT-4',
      reply: { code: 530 },
    });
  });

  test('refused by a setting says which change would make it pass, as a JSON Patch · AUT-1', async () => {
    const { decision } = await send({ claimedAddress: '198.51.100.7' });
    expect(decision.rule).toBe('AUT-1');
    const change = decision.remedies.find(({ side }) => side === 'settings')?.change;
    expect(change).toEqual([
      {
        op: 'add',
        path: '/settings/0/authentication/ipRanges/-',
        value: { range: '198.51.100.7' },
      },
    ]);
  });

  test('refused by a quota says until when to wait · CQ-2', async () => {
    const window = 'customer-recipients-ten-minutes';
    await shell.call('POST', '/api/quotas/fill', { window, used: 900 });
    const { decision, quota } = await send({});
    await shell.call('DELETE', '/api/quotas/fill');
    expect(decision.reply).toMatchObject({ code: 450, enhancedCode: '4.2.1' });
    expect(decision.remedies.find(({ side }) => side === 'wait')?.until).toEqual(expect.any(String));
    expect(quota.find((each) => each.window === window)).toMatchObject({
      before: 900,
      after: 900,
      limit: 900,
    });
  });

  test('of a test message with HTML and an attachment is kept with both', async () => {
    const { id } = await send({
      subject: 'Both',
      text: 'Plain',
      html: '<p>Rich</p>',
      attachments: [{ filename: 'a.bin', contentBase64: Buffer.from([0, 1, 2, 255]).toString('base64') }],
    });
    const message = await (await shell.call('GET', `/api/transactions/${id}/message.eml`)).text();
    expect(message).toContain('<p>Rich</p>');
    expect(message).toMatch(/filename="?a\.bin"?/);
    expect(message).toContain('AAEC/w==');
  });
});

test('a refusal at EHLO is no transaction: it stands in the session with a finding, and in the list · HEL-1', async () => {
  const { yaml } = z.object({ yaml: z.string() }).parse(await get('/api/bench'));
  await shell.call('PUT', '/api/bench', { yaml: `${yaml}\nrefuseGenericHelo: always\n` });
  const before = (await newest()).id;
  const [greeting = '', refusal] = await say('EHLO localhost');
  await shell.call('PUT', '/api/bench', { yaml });
  expect(refusal).toMatch(/^421 4\.7\.0/);
  expect((await newest()).id).toBe(before);

  const sessionId = / ESMTP (\S+) - gsmtp/.exec(greeting)?.[1];
  const finding = z.object({
    rule: z.string(),
    severity: z.string(),
    text: z.string(),
    fix: z.string(),
    at: utc,
    sessionId: z.string(),
  });
  await expect
    .poll(async () => listOf(finding).parse(await get('/api/findings?limit=1')).items)
    .toEqual([expect.objectContaining({ rule: 'HEL-1', sessionId })]);
  expect(await get(`/api/sessions/${sessionId}`)).toMatchObject({
    transactions: [],
    findings: [expect.objectContaining({ rule: 'HEL-1' })],
  });
  const group = finding.omit({ at: true }).extend({ count: z.int(), firstAt: utc, lastAt: utc });
  const groups = listOf(group).extend({
    findings: z.int(),
    endedBeforeMail: z.int().min(1),
    olderLeftOut: z.boolean(),
  });
  const answer = groups.parse(await get('/api/findings/groups?severity=problem&hours=1&search=hel-1'));
  expect(answer.items[0]).toMatchObject({ rule: 'HEL-1', sessionId, count: 1 });
});

describe.each(['/api/transactions', '/api/findings', '/api/alerts', '/api/audit-log'])(
  'the list %s',
  (path) => {
    test('has items and a cursor, and up to 500 at once', async () => {
      listOf(z.object({ id: z.string() })).parse(await get(`${path}?limit=500`));
      expect((await shell.call('GET', `${path}?limit=501`)).status).toBe(422);
    });
    test('takes no cursor that another list gave, and does not begin anew for it', async () => {
      const ofAnother = path === '/api/findings' ? '12' : '12.3';
      expect((await shell.call('GET', `${path}?cursor=${ofAnother}`)).status).toBe(422);
    });
  },
);

test('the audit log says what was saved, newest first · SET-7', async () => {
  const entry = z.object({ at: utc, who: z.string(), what: z.string(), before: z.json(), after: z.json() });
  const { items } = listOf(entry).parse(await get('/api/audit-log'));
  expect(items[0]).toMatchObject({ who: 'api', what: 'refuseGenericHelo', before: 'always' });
  expect(items[1]).toMatchObject({ what: 'refuseGenericHelo', after: 'always' });
});

test('the bench file takes tokens as it takes passwords, and gives both back as hashes', async () => {
  const { yaml } = z.object({ yaml: z.string() }).parse(await get('/api/bench'));
  const changed = yaml.replace(
    '- address: bo@example.net',
    '- address: bo@example.net\n    accessToken: ya29.secret',
  );
  expect((await shell.call('PUT', '/api/bench', { yaml: changed })).status).toBe(200);
  const read = z.object({ yaml: z.string() }).parse(await get('/api/bench')).yaml;
  expect(read).toMatch(/accessTokenHash: "?\$scrypt\$/);
  expect(read).not.toContain('ya29.secret');
  expect((await shell.call('PUT', '/api/bench', { yaml: read })).status).toBe(200);
});
