/** A change put into a draft through the router, as the pages ask for it: what is answered where it cannot go in. */
import { createRouterClient } from '@orpc/server';
import { expect, test } from 'vitest';
import { createRouter } from '../../relay-core/router.ts';
import { testBench } from './engine-of-tests.ts';

const requireTls = { op: 'add', path: '/settings/1/requireTls', value: false } as const;

async function drafting() {
  const engine = await (await testBench()).start();
  const client = createRouterClient(createRouter(engine, 'api'));
  return { client, running: engine.bench() };
}

test('laid on the running file, its version and the lines of the change come with it; nothing is saved', async () => {
  const { client, running } = await drafting();
  const drafted = await client.bench.draft({ change: [requireTls] });
  expect(drafted).toEqual({
    yaml: running.yaml.replace('requireTls: true', 'requireTls: false'),
    version: running.version,
    lines: [{ from: 32, to: 32 }],
  });
  expect(await client.bench.read()).toMatchObject({ yaml: running.yaml });
});

test('a draft that has something else in the place of the change is refused, and so is a change that fits nowhere', async () => {
  const { client, running } = await drafting();
  const yaml = running.yaml.replace('description: Applications that sign in', 'description: Printers');
  await expect(client.bench.draft({ yaml, change: [requireTls] })).rejects.toMatchObject({
    status: 422,
    message: 'The change is for settings[1] of the running file, and the draft has something else there.',
    data: { hint: 'Save the edits or take them back, then come again.' },
  });
  await expect(
    client.bench.draft({ change: [{ op: 'add', path: '/profile/x', value: 1 }] }),
  ).rejects.toMatchObject({ status: 422, message: 'The change does not fit the running bench file.' });
});

test('a draft that cannot run is refused with what is wrong in it first', async () => {
  const { client, running } = await drafting();
  const yaml = running.yaml.replace('licences:', 'licenses:');
  await expect(client.bench.draft({ yaml, change: [requireTls] })).rejects.toMatchObject({
    status: 422,
    data: { path: 'customer.licenses', line: 7 },
  });
});

test('a thing that the draft lists already is not listed twice', async () => {
  const { client } = await drafting();
  const change = [{ op: 'add', path: '/users/-', value: { address: 'x@example.com' } }] as const;
  const { yaml } = await client.bench.draft({ change: [...change] });
  expect(await client.bench.draft({ yaml, change: [...change] })).toMatchObject({ yaml, lines: [] });
});

test('a saving says at what engine time it was, which is what the audit log says', async () => {
  const { client, running } = await drafting();
  await client.clock.advance({ minutes: 90 });
  const { savedAt } = await client.bench.replace({
    yaml: running.yaml.replace('licences: 100', 'licences: 200'),
  });
  const [entry] = (await client.auditLog.list({ limit: 1 })).items;
  expect(Math.abs(Date.parse(savedAt) - Date.parse(entry?.at ?? ''))).toBeLessThan(1_000);
});
