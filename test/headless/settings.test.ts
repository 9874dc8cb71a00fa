/** Settings over HTTP and the real engine: the audit log, changes on their way, and organisational units. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { transactionSchema, unitSettingsSchema } from '../../relay-core/contract/index.ts';
import { removeFolder, scratchFolder } from '../fixtures/program.ts';
import { anyFreePort, type Shell, startShell } from './shell.ts';

const units =
  'organisationalUnits: [/Sales/North, { path: /Sales, mailStorage: true }, { path: /Ärenden }]\n  vault: true';
const benchFile = `${exampleBenchFile}propagationMinutes: 60\n`
  .replace('billing: paid', units)
  .replace('- address: bo@example.net', '- { address: bo@example.net, organisationalUnit: /Sales/North }')
  .replace(/25255?|4465|5587/g, '0');

let folder: string;
let shell: Shell;
beforeAll(async () => {
  folder = scratchFolder();
  const file = join(folder, 'bench.yaml');
  writeFileSync(file, benchFile);
  shell = await startShell(folder, [...anyFreePort, '--config', file]);
});
afterAll(async () => {
  await shell.stop('SIGTERM');
  removeFolder(folder);
});

const read = async (path: string): Promise<unknown> => (await shell.call('GET', path)).json();
const benchSchema = z.object({ yaml: z.string(), version: z.string() });
const auditSchema = z.object({
  items: z.array(
    z.strictObject({
      id: z.string(),
      at: z.iso.datetime().endsWith('Z'),
      who: z.string(),
      what: z.string(),
      before: z.json(),
      after: z.json(),
      text: z.string(),
      version: z.string(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
const auditLog = async (query = '') => auditSchema.parse(await read(`/api/audit-log${query}`));
const settingsOf = (unit: string) => `/api/organisational-units/${encodeURIComponent(unit)}/settings`;

describe('a sub-unit', () => {
  test.each(['/Sales', '/Sales/North', '/Ärenden'])(
    '%s shows the inherited settings, read-only · ORG-4',
    async (path) => {
      const root = unitSettingsSchema.parse(await read(settingsOf('/')));
      expect(root).toMatchObject({ path: '/', readOnly: false, inheritedFrom: null });
      expect(root.settings).toMatchObject([
        { description: 'Mail servers on this machine' },
        { requireTls: true },
      ]);
      expect(await read(settingsOf(path))).toEqual({
        path,
        readOnly: true,
        inheritedFrom: '/',
        settings: root.settings,
      });
    },
  );
  test('refuses a change, says where it can be made, and nothing changes · ORG-4', async () => {
    const before = await read('/api/bench');
    const answer = await shell.call('PUT', settingsOf('/Sales'), { settings: [] });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      code: 'UNPROCESSABLE',
      message: expect.stringContaining('at the root organisational unit only; /Sales inherits them'),
      hint: expect.stringContaining('%2F/settings'),
      path: 'path',
    });
    expect(await read('/api/bench')).toEqual(before);
    expect((await auditLog()).items).toEqual([]);
  });
  test('that is not there is said to be not there', async () => {
    for (const method of ['GET', 'PUT']) {
      const body = method === 'PUT' ? { settings: [] } : undefined;
      const answer = await shell.call(method, settingsOf('/Nowhere'), body);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ message: 'There is no organisational unit /Nowhere.' });
    }
  });
  test('is listed with its users and the mail storage it has or inherits · ORG-4 · STO-1', async () => {
    const inherited = { settingsInheritedFrom: '/' };
    expect(await read('/api/organisational-units')).toEqual({
      items: [
        { path: '/', users: 3, mailStorage: { on: false, setAt: '/' }, settingsInheritedFrom: null },
        { path: '/Sales', users: 0, mailStorage: { on: true, setAt: '/Sales' }, ...inherited },
        { path: '/Sales/North', users: 1, mailStorage: { on: true, setAt: '/Sales' }, ...inherited },
        { path: '/Ärenden', users: 0, mailStorage: { on: false, setAt: '/' }, ...inherited },
      ],
      nextCursor: null,
    });
  });
});

describe('an accepted transaction', () => {
  test('says which copies are kept, by the sender’s unit · STO-2', async () => {
    const sent = await shell.call('POST', '/api/messages', {
      from: 'bo@example.net',
      to: ['customer@elsewhere.test'],
      text: 'Hello',
      portRole: 'relay',
      tls: 'none',
    });
    const { transactionId } = z.object({ transactionId: z.string() }).parse(await sent.json());
    const { storage } = transactionSchema.parse(await read(`/api/transactions/${transactionId}`));
    expect(storage).toMatchObject([
      {
        kind: 'mailbox',
        address: 'bo@example.net',
        kept: true,
        text: expect.stringContaining('on for /Sales'),
      },
      { kind: 'vault', kept: true },
    ]);
  });
});

describe('the root', () => {
  test('takes new settings; they are on their way, logged value by value, and comments stay · ORG-4 · SET-6 · SET-7', async () => {
    const { settings } = unitSettingsSchema.parse(await read(settingsOf('/')));
    const [first] = settings;
    const answer = await shell.call('PUT', settingsOf('/'), { settings: [first] });
    expect(answer.status).toBe(200);
    const saved = z.object({ version: z.string(), inForceAt: z.iso.datetime() }).parse(await answer.json());
    const { yaml } = benchSchema.parse(await read('/api/bench'));
    expect(yaml).toContain('# An example organisation');
    const status = z
      .object({
        pendingVersions: z.array(
          z.object({ version: z.string(), savedAt: z.string(), inForceAt: z.string() }),
        ),
      })
      .parse(await read('/api/status'));
    expect(status.pendingVersions).toMatchObject([saved]);
    const { items } = await auditLog();
    expect(items).toMatchObject([{ who: 'api', what: 'settings[1]', after: null, version: saved.version }]);
    expect(items[0]?.before).toMatchObject({ description: 'Applications that sign in' });
  });
  test('refuses settings that cannot be saved, as a bench file does · ORG-4 · SET-3', async () => {
    const answer = await shell.call('PUT', settingsOf('/'), { settings: [{ authentication: {} }] });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      path: 'settings[0].authentication',
      hint: expect.stringContaining('SET-3'),
    });
  });
});

describe('the audit log', () => {
  test('is a list like all lists: newest first, by limit and cursor · SET-7', async () => {
    const { yaml } = benchSchema.parse(await read('/api/bench'));
    const next = yaml
      .replace('licences: 100', 'licences: 120')
      .replace('name: Example AB', 'name: Example Ltd');
    expect((await shell.call('PUT', '/api/bench', { yaml: next })).status).toBe(200);
    const all = await auditLog();
    const [newest] = all.items;
    const page = await auditLog('?limit=1');
    expect(page.items).toEqual([newest]);
    expect((await auditLog(`?limit=1&cursor=${page.nextCursor}`)).items).toEqual([all.items[1]]);
    expect(all.items.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['customer.name', 'customer.licences', 'settings[1]']),
    );
  });
  test('has no way to be changed · SET-7', async () => {
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
      const { status } = await shell.call(method, '/api/audit-log', {});
      expect([404, 405]).toContain(status);
    }
  });
});
