/** Findings over all connections (HEL, AUT-6): what clients do wrong that is no transaction. */
import { expect, onTestFinished, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { exampleAccount } from '../../renderer/send/example-account.ts';
import { sessionOfDialogue } from '../../renderer/send/session-of-dialogue.ts';
import { connectRaw } from '../smtp/raw-client.ts';
import { testBench, toElsewhere } from './engine-of-tests.ts';

test('refusals at EHLO and AUTH stand among the findings, newest first, with their fix · HEL-1 · AUT-6', async () => {
  const engine = await (await testBench(`${exampleBenchFile}refuseGenericHelo: always\n`)).start();
  await engine.send({ ...toElsewhere, heloName: 'mail.example.com' });
  await engine.send({ ...toElsewhere, heloName: 'localhost' });
  await engine.send({
    ...toElsewhere,
    tls: 'starttls',
    heloName: 'mail.example.com',
    auth: { user: 'anna@example.com', password: 'wrong' },
  });
  await expect
    .poll(() => engine.store.findings({ limit: 10 }).items.map(({ finding }) => finding.rule))
    .toEqual(['AUT-6', 'HEL-1']);
  for (const { finding } of engine.store.findings({ limit: 10 }).items)
    expect(finding.fix).toMatch(/^(?:Check|Let) /);
});

test('what a refused sign-in met can be read by the session in its greeting, as soon as the result is there · AUT-6', async () => {
  const engine = await (await testBench()).start();
  const result = await engine.send({
    ...toElsewhere,
    tls: 'starttls',
    heloName: 'mail.example.com',
    auth: { user: 'anna@example.com', password: 'wrong' },
  });
  expect(result.transactionId).toBeNull();
  const { findings } = engine.session(sessionOfDialogue(result.dialogue) ?? '') ?? {};
  expect(findings).toMatchObject([{ rule: 'AUT-6', severity: 'problem' }]);
});

test('the password that the pages tell for the example organisation signs in · AUT-1', async () => {
  const engine = await (await testBench()).start();
  const { transactionId } = await engine.send({
    ...toElsewhere,
    tls: 'starttls',
    heloName: 'mail.example.com',
    auth: exampleAccount,
  });
  expect(engine.store.transaction(transactionId ?? '')?.client.authenticatedAs).toBe(exampleAccount.user);
});

test('a client that finds no AUTH in plain text and quits stands among them, as does one that sends it · AUT-3', async () => {
  const engine = await (await testBench()).start();
  const port = engine.status().listeners.find(({ role }) => role === 'relay')?.port ?? 0;
  for (const commands of [['QUIT'], ['AUTH PLAIN AGEAYg==', 'QUIT']]) {
    const client = await connectRaw({ port });
    onTestFinished(() => client.destroy());
    await client.reply();
    for (const command of ['EHLO mail.example.com', ...commands]) await client.command(command);
  }
  await expect
    .poll(() => engine.store.findings({ limit: 10 }).items.map(({ finding }) => finding))
    .toMatchObject([
      { rule: 'AUT-3', severity: 'problem' },
      { rule: 'AUT-3', severity: 'info' },
    ]);
  expect(JSON.stringify(engine.store.findings({ limit: 10 }).items)).not.toContain('AGEAYg==');
});

test('the list goes on by its cursor, without gaps and repeats', async () => {
  const engine = await (await testBench()).start();
  for (let index = 0; index < 5; index++) await engine.send({ ...toElsewhere, heloName: `host${index}` });
  await expect.poll(() => engine.store.findings({ limit: 10 }).items).toHaveLength(5);
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = engine.store.findings({ limit: 2, ...(cursor === '' ? {} : { cursor }) });
    names.push(...page.items.map(({ client }) => client.heloName));
    cursor = page.nextCursor;
  }
  expect(names).toEqual(['host4', 'host3', 'host2', 'host1', 'host0']);
});
