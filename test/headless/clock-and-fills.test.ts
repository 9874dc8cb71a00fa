/** The clock and the fills over HTTP, as a script uses them, and over a process that is killed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  clockSchema,
  quotaFillsRemovedSchema,
  quotasSchema,
  quotaWindowStateSchema,
  sendResultSchema,
  type TestMessage,
} from '../../relay-core/contract/index.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';
import { type Shell, startShell } from './shell.ts';

let folder: string;
let shell: Shell;
beforeAll(async () => {
  folder = scratchFolder();
  shell = await startShell(folder);
});
beforeEach(async () => {
  await change({ mode: 'simulated' });
  await change({ mode: 'real' });
});
afterAll(async () => {
  await shell.stop('SIGTERM');
  removeFolder(folder);
});

const day = 'customer-recipients-day';
const hourMs = 60 * 60 * 1000;
const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  path: z.string().optional(),
});

const json = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await shell.call(method, path, body);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};
const refusal = async (method: string, path: string, body: unknown) => {
  const answer = await shell.call(method, path, body);
  expect(answer.status).toBe(422);
  return refusalSchema.parse(await answer.json());
};
const clock = async () => clockSchema.parse(await json('GET', '/api/clock'));
const advance = async (body: unknown) => clockSchema.parse(await json('POST', '/api/clock/advance', body));
const change = async (body: unknown) => clockSchema.parse(await json('PUT', '/api/clock', body));
const fill = async (body: unknown) =>
  quotaWindowStateSchema.parse(await json('POST', '/api/quotas/fill', body));
const window = async (name: string, query = '') =>
  quotasSchema.parse(await json('GET', `/api/quotas${query}`)).windows.find(({ window }) => window === name);
const send = async () => {
  const message: TestMessage = {
    from: 'anna@example.com',
    to: ['someone@elsewhere.org'],
    portRole: 'relay',
    tls: 'none',
  };
  return sendResultSchema.parse(await json('POST', '/api/messages', message));
};

describe('the clock', () => {
  test('is stepped on, and runs on at 1× from there', async () => {
    expect(await advance({ minutes: 60 })).toMatchObject({ mode: 'simulated', speed: 1, offsetMs: hourMs });
    expect(await advance({ minutes: 10 })).toMatchObject({ offsetMs: hourMs + 600_000 });
    expect(await json('GET', '/api/status')).toMatchObject({ clock: { offsetMs: hourMs + 600_000 } });
  });

  test('runs at 60× and 3600×; at its real pace the offset stays, and a step ends the run', async () => {
    expect(await change({ speed: 60 })).toMatchObject({ mode: 'simulated', speed: 60 });
    expect(await change({ speed: 3600 })).toMatchObject({ speed: 3600 });
    const { offsetMs } = await change({ speed: 1 });
    expect(await clock()).toMatchObject({ mode: 'simulated', speed: 1, offsetMs });
    await change({ speed: 60 });
    expect(await advance({ minutes: 1 })).toMatchObject({ speed: 1 });
  });

  test('takes back what was read, and changes nothing', async () => {
    await send();
    await change(await clock());
    expect(await clock()).toMatchObject({ mode: 'real', offsetMs: 0 });
    const stepped = await advance({ minutes: 5 });
    await change(await clock());
    expect(await clock()).toMatchObject({ offsetMs: stepped.offsetMs, mode: 'simulated', speed: 1 });
    expect(await window(day)).toMatchObject({ used: 1 });
  });

  test('starts over with mode real: wall time, and empty windows', async () => {
    await advance({ minutes: 24 * 60 });
    await send();
    expect(await window(day)).toMatchObject({ used: 1 });
    expect(await change({ mode: 'real' })).toMatchObject({ mode: 'real', speed: 1, offsetMs: 0 });
    expect(await window(day)).toMatchObject({ used: 0 });
  });

  test('is not set to a time by mode real: that is 422, and no window is emptied', async () => {
    const stepped = await advance({ minutes: 60 });
    await send();
    const now = new Date(Date.parse(stepped.now) + hourMs).toISOString();
    expect(await refusal('PUT', '/api/clock', { mode: 'real', now })).toMatchObject({
      path: 'now',
      hint: expect.stringContaining('mode: simulated'),
    });
    expect(await clock()).toMatchObject({ mode: 'simulated', offsetMs: stepped.offsetMs });
    expect(await window(day)).toMatchObject({ used: 1 });
  });

  test.each([
    ['PUT', '/api/clock', { mode: 'simulated', offset: 5 }],
    ['POST', '/api/quotas/fill', { window: day, used: 1, amount: 5 }],
  ])('is told every key there is when one is unknown: %s %s %j', async (method, path, body) => {
    const { message, hint } = await refusal(method, path, body);
    expect(message).toMatch(/^(?:offset|amount) is no key that is known here\.$/);
    expect(hint).toMatch(/^known keys: .*(?:offsetMs|used)/);
  });

  test.each([
    ['POST', '/api/clock/advance', { minutes: -10 }],
    ['PUT', '/api/clock', { now: '2001-01-01T00:00:00.000Z' }],
    ['PUT', '/api/clock', { offsetMs: 0 }],
  ])('is not moved back: %s %s %j is 422 with the reason', async (method, path, body) => {
    const before = await advance({ minutes: 60 });
    const { code, message, hint } = await refusal(method, path, body);
    expect({ code, message, hint }).toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringMatching(/cannot go back/),
      hint: expect.stringMatching(/Start over/),
    });
    expect((await clock()).offsetMs).toBe(before.offsetMs);
  });

  test.each([
    ['/api/clock/advance', 'POST', {}, 'minutes'],
    ['/api/clock/advance', 'POST', { minutes: 1, to: 'next-free-place' }, 'minutes'],
    ['/api/clock/advance', 'POST', { to: 'next-free-place', window: 'user-messages-day' }, 'user'],
    ['/api/clock/advance', 'POST', { to: 'next-free-place' }, 'to'],
    ['/api/clock', 'PUT', { speed: 0 }, 'speed'],
    ['/api/clock', 'PUT', { mode: 'real', speed: 60 }, 'mode'],
    ['/api/clock', 'PUT', { offset: 60_000 }, 'offset'],
    ['/api/clock/advance', 'POST', { minutes: 1, hours: 1 }, 'hours'],
    ['/api/clock/advance', 'POST', { minutes: 1, window: day }, 'window'],
    ['/api/clock/advance', 'POST', { minutes: 1, user: 'anna@example.com' }, 'user'],
    ['/api/quotas/fill', 'POST', { window: day, used: 1, users: 'anna@example.com' }, 'users'],
    ['/api/quotas/fill', 'POST', { window: day, used: 13_001 }, 'used'],
    ['/api/quotas/fill', 'POST', { window: day, used: -1 }, 'used'],
    ['/api/quotas/fill', 'POST', { window: 'a-window', used: 1 }, 'window'],
  ])('%s refuses %s %j', async (path, method, body, key) => {
    expect((await refusal(method, path, body)).path).toBe(key);
    expect(await clock()).toMatchObject({ mode: 'real', offsetMs: 0 });
  });

  test('goes to the moment at which the next place frees up, of all windows or of one · CQ-9', async () => {
    await send();
    const first = await window('customer-recipients-ten-minutes');
    expect(Date.parse((await advance({ to: 'next-free-place' })).now)).toBeGreaterThanOrEqual(
      Date.parse(first?.nextFreeAt ?? ''),
    );
    expect(await window('customer-recipients-ten-minutes')).toMatchObject({ used: 0, nextFreeAt: null });
    expect(await window(day)).toMatchObject({ used: 1 });
    await advance({ to: 'next-free-place', window: 'user-messages-day', user: 'anna@example.com' });
    expect(await window(day)).toMatchObject({ used: 0 });
  });
});

describe('a fill', () => {
  test('gives the window as it stands, and taking it out says how many entries went', async () => {
    expect(await fill({ window: 'user-messages-day', user: 'anna@example.com', used: 10_000 })).toMatchObject(
      {
        user: 'anna@example.com',
        used: 10_000,
        simulated: 10_000,
        messagesThatFit: 0,
      },
    );
    const { dialogue } = await send();
    expect(dialogue.some(({ text }) => text.startsWith('550-5.4.5'))).toBe(true);
    expect(quotaFillsRemovedSchema.parse(await json('DELETE', '/api/quotas/fill'))).toEqual({ removed: 1 });
    expect(await window('user-messages-day', '?search=anna')).toMatchObject({ used: 0, simulated: 0 });
  });

  test('leaves as many messages of a size as still fit', async () => {
    await fill({ window: day, used: 12_750 });
    expect(await window(day)).toMatchObject({ messagesThatFit: 250 });
    expect(await window(day, '?recipients=100')).toMatchObject({ messagesThatFit: 2 });
  });

  test.each([
    ['user-messages-day', 'anna@example.com', 10_000],
    ['customer-recipients-ten-minutes', undefined, 900],
  ] as const)(
    'is full where the refusal stands in its use over time: %s · UQ-1 CQ-2',
    async (name, user, used) => {
      await fill({ window: name, used, ...(user === undefined ? {} : { user }) });
      await send();
      const history = z.object({ points: z.array(z.object({ used: z.int(), refused: z.int() })) });
      const of = user === undefined ? '' : `&user=${user}`;
      const read = async () =>
        history.parse(await json('GET', `/api/quotas/history?window=${name}${of}`)).points;
      expect((await read()).filter(({ refused }) => refused > 0)).toEqual([{ used, refused: 1 }]);
      await advance({ minutes: 10 });
      expect((await read()).filter(({ refused }) => refused > 0)).toMatchObject([{ refused: 1 }]);
    },
  );

  test.each(['abc', '-5', '12.3', '1.2.3'])(
    'has no place %s in the list of windows to begin at',
    async (cursor) => {
      expect((await refusal('GET', `/api/quotas?cursor=${cursor}`, undefined)).path).toBe('cursor');
    },
  );

  test('shows in the window’s use over time', async () => {
    await fill({ window: day, used: 40 });
    await advance({ minutes: 30 });
    const { points } = z
      .object({ points: z.array(z.object({ used: z.int() })) })
      .parse(await json('GET', `/api/quotas/history?window=${day}`));
    expect([points[0]?.used, points.at(-1)?.used]).toEqual([0, 40]);
  });
});

test('a killed engine goes on with the clock, the counts and the fills it had · CQ-8', async () => {
  await send();
  await fill({ window: day, used: 100 });
  await advance({ minutes: 24 * 60 - 1 });
  await change({ speed: 60 });
  const before = { clock: await clock(), day: await window(day) };
  await shell.stop('SIGKILL');
  shell = await startShell(folder);
  const after = await clock();
  expect(after).toMatchObject({ mode: 'simulated', speed: 60 });
  expect(after.offsetMs).toBeGreaterThanOrEqual(before.clock.offsetMs);
  expect(Date.parse(after.now)).toBeGreaterThanOrEqual(Date.parse(before.clock.now));
  await shell.stop('SIGKILL');
  shell = await startShell(folder);
  await change({ speed: 1 });
  await advance({ minutes: 2 });
  expect(before.day).toMatchObject({ used: 100, simulated: 99 });
  expect(await window(day)).toMatchObject({ used: 0, simulated: 0 });
  expect(quotaFillsRemovedSchema.parse(await json('DELETE', '/api/quotas/fill'))).toEqual({ removed: 1 });
});
