/** Findings put together: what is one group, how it is found, and which connections no transaction tells of. */
import { call } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import type { SessionFinding } from '../../relay-core/contract/index.ts';
import { findingFits, groupFindings } from '../../relay-core/router/finding-groups.ts';
import { createRouter } from '../../relay-core/router.ts';
import { connectRaw } from '../smtp/raw-client.ts';
import { testBench, toElsewhere } from './engine-of-tests.ts';

const finding = (second: number, changes: Partial<SessionFinding> = {}): SessionFinding => ({
  id: `f${second}`,
  sessionId: `s${second}`,
  at: `2026-11-26T10:00:${String(second).padStart(2, '0')}.000Z`,
  rule: 'RFC-5321',
  severity: 'warning',
  text: '8 line feeds in the message had no carriage return before them.',
  client: { address: '192.0.2.8', heloName: 'copier.example.com' },
  ...changes,
});

test('what one client does again and again is one group: how often, since when, and the newest connection', () => {
  const groups = groupFindings([
    finding(30),
    finding(20, { text: finding(20).text.replace('8', '1,024') }),
    finding(10),
  ]);
  expect(groups).toEqual([
    expect.objectContaining({
      count: 3,
      firstAt: '2026-11-26T10:00:10.000Z',
      lastAt: '2026-11-26T10:00:30.000Z',
      sessionId: 's30',
      text: finding(30).text,
    }),
  ]);
});

test.for([
  ['another rule', { rule: 'HEL-1' }],
  ['another severity', { severity: 'problem' }],
  ['another address', { client: { address: '192.0.2.9', heloName: 'copier.example.com' } }],
  ['another HELO name', { client: { address: '192.0.2.8', heloName: 'copier2.example.com' } }],
  ['another host in the text', { text: 'Left after EHLO srv2 as user1@example.com.' }],
  ['another user in the text', { text: 'Left after EHLO srv1 as user2@example.com.' }],
] as const)('%s is another group', ([, changes]) => {
  const other = { text: 'Left after EHLO srv1 as user1@example.com.' };
  expect(groupFindings([finding(2, { ...other, ...changes }), finding(1, other)])).toHaveLength(2);
});

test('a search looks at rule, client, what was seen and what to change', () => {
  const one = finding(1, { fix: 'Let the client end every line with CR LF.' });
  for (const search of ['rfc-53', '192.0.2.8', 'COPIER', 'line feeds', 'cr lf'])
    expect(findingFits(one, search)).toBe(true);
  expect(findingFits(one, 'auth')).toBe(false);
});

test('connections that ended before MAIL are counted apart from one with a transaction · HEL-1 · AUT-3', async () => {
  const engine = await (await testBench(`${exampleBenchFile}refuseGenericHelo: always\n`)).start();
  const router = createRouter(engine, 'api');
  const { groups } = router.findings;
  for (const heloName of ['localhost', 'localhost']) await engine.send({ ...toElsewhere, heloName });
  const client = await connectRaw({
    port: engine.status().listeners.find(({ role }) => role === 'relay')?.port ?? 0,
  });
  onTestFinished(() => client.destroy());
  await client.reply();
  for (const command of [
    'EHLO mail.example.com',
    'AUTH PLAIN AGEAYg==',
    'MAIL FROM:<anna@example.com>',
    'QUIT',
  ])
    await client.command(command);
  await expect.poll(() => engine.store.findings({ limit: 10 }).items).toHaveLength(3);

  expect(await call(groups, { severity: 'problem', hours: 24 })).toMatchObject({
    items: [
      { rule: 'AUT-3', count: 1 },
      { rule: 'HEL-1', count: 2 },
    ],
    findings: 3,
    endedBeforeMail: 2,
    olderLeftOut: false,
  });
  expect(await call(groups, { severity: 'problem', search: 'aut-3' })).toMatchObject({
    findings: 1,
    endedBeforeMail: 0,
  });
  expect(await call(groups, { severity: 'info' })).toMatchObject({ items: [], findings: 0 });
  const first = await call(groups, { limit: 1 });
  expect(first.nextCursor).toBe('1');
  const second = await call(groups, { limit: 1, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...second.items].map(({ rule }) => rule)).toEqual(['AUT-3', 'HEL-1']);
  expect(second.nextCursor).toBeNull();

  await call(router.clock.advance, { minutes: 24 * 60 + 1 });
  expect(await call(groups, { hours: 24 })).toMatchObject({ items: [], endedBeforeMail: 0 });
});
