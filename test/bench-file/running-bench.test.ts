/** Replacing the bench file: whole or not at all, secrets as hashes, comments kept, nothing overwritten unseen. */
import { describe, expect, test } from 'vitest';
import { exampleBenchFile } from '../../relay-core/bench-file/example.ts';
import { noticesOf } from '../../relay-core/bench-file/notices.ts';
import { type BenchStorage, readBench, runBench } from '../../relay-core/bench-file/running-bench.ts';

async function bench(text: string) {
  const reading = await readBench(text);
  if (reading.outcome === 'problems') throw new Error(reading.problems[0].message);
  return reading.bench;
}

/** A storage whose disk is a text; `staged` is what was written beside it, until it is put in place or discarded. */
async function running(changes: Partial<BenchStorage> = {}) {
  const first = await bench(exampleBenchFile);
  const disk: { text: string; staged: string | null } = { text: first.yaml, staged: null };
  const applied: string[] = [];
  const storage: BenchStorage = {
    read: async () => ({ outcome: 'text', text: disk.text }),
    stage: async (text) => {
      disk.staged = text;
      return {
        outcome: 'staged',
        async putInPlace() {
          disk.text = text;
          disk.staged = null;
          return { outcome: 'written' };
        },
        async discard() {
          disk.staged = null;
        },
      };
    },
    apply: async (next) => {
      applied.push(next.version);
      return [];
    },
    ...changes,
  };
  return { first, disk, applied, run: runBench(first, first.yaml, storage) };
}

describe('secrets', () => {
  test('are kept as scrypt hashes, and comments and layout stay', async () => {
    const { yaml } = await bench(exampleBenchFile);
    expect(yaml).not.toContain('battery staple');
    const withoutSecret = (text: string) => text.replace(/^.*(?:password|passwordHash):.*$/m, '');
    expect(withoutSecret(yaml)).toBe(withoutSecret(exampleBenchFile));
    expect(yaml).toMatch(/passwordHash: "\$scrypt\$[^"]+" # replaced by its hash/);
  });
  test('hashed once, the text stays as it is', async () => {
    const { yaml } = await bench(exampleBenchFile);
    expect((await bench(yaml)).yaml).toBe(yaml);
  });
  test.each([
    '{ address: a@example.com, password: "x, y" }',
    '{ address: a@example.com, password: &p x, accessToken: *p }',
    "{ address: a@example.com, \"password\": 'it''s' }",
  ])('written as %s are replaced too', async (user) => {
    const text = `customer: { name: X, primaryDomain: example.com }\nusers: [${user}]\nsettings: [{ authentication: { smtpAuth: true } }]\n`;
    const once = await bench(text);
    const again = await bench(once.yaml);
    expect(again.file.users).toEqual(once.file.users);
    expect(again.file.users[0]).toHaveProperty('passwordHash');
  });
});

describe('secrets that are saved again', () => {
  test('as they were are no change, whatever the case of the address', async () => {
    const { run, first } = await running();
    expect(await run.replace(exampleBenchFile)).toMatchObject({ outcome: 'replaced', changes: [] });
    expect(run.current().version).toBe(first.version);
    await run.replace(exampleBenchFile.replace('address: anna', 'address: Anna'));
    const hashes = (users: (typeof first)['file']['users']) => users.map(({ passwordHash }) => passwordHash);
    expect(hashes(run.current().file.users)).toEqual(hashes(first.file.users));
  });
  test('as others are a change, and so are those of another user', async () => {
    const { run } = await running();
    const other = exampleBenchFile.replace('battery staple', 'battery stable');
    expect(other).not.toBe(exampleBenchFile);
    const [user] = run.current().file.users.filter(({ passwordHash }) => passwordHash !== undefined);
    expect(await run.replace(other)).toMatchObject({
      changes: [`user ${user?.address}.passwordHash changed`],
    });
  });
});

describe('a replacement', () => {
  test('that no file can keep is refused, and the next one is not held for a change on disk', async () => {
    const { run, first, disk } = await running({
      // As UTF-8 has it: half a character is lost.
      stage: async (text) => ({
        outcome: 'staged',
        async putInPlace() {
          disk.text = text.toWellFormed();
          return { outcome: 'written' };
        },
        discard: async () => undefined,
      }),
      read: async () => ({ outcome: 'text', text: disk.text }),
    });
    expect(await run.replace(`${first.yaml}# \ud800\n`)).toMatchObject({
      outcome: 'problems',
      problems: [{ line: first.yaml.split('\n').length, column: 3 }],
    });
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject({ outcome: 'replaced' });
  });
  test('is written and in force, and says what changed', async () => {
    const { run, disk } = await running();
    const replacement = await run.replace(
      run
        .current()
        .yaml.replace('licences: 100', 'licences: 200')
        .replace('bo@example.net', 'bosse@example.net'),
    );
    expect(replacement).toMatchObject({
      outcome: 'replaced',
      changes: [
        'customer.licences: 100 → 200',
        'user bosse@example.net added',
        'user bo@example.net removed',
      ],
    });
    expect(run.current().file.customer.licences).toBe(200);
    expect(disk.text).toContain('licences: 200');
    expect(disk.text).toContain('# An example organisation');
  });
  test('a bad file changes nothing', async () => {
    const { run, disk, first, applied } = await running();
    expect(await run.replace('customer: nobody')).toMatchObject({ outcome: 'problems' });
    expect([run.current().version, disk.text, applied.length]).toEqual([first.version, first.yaml, 0]);
  });
  test('a bench that cannot run changes nothing', async () => {
    const { run, disk, first } = await running({
      apply: async () => [{ code: 'port-taken', message: 'port 2525 is taken' }],
    });
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject({ outcome: 'problems' });
    expect([run.current().version, disk.text]).toEqual([first.version, first.yaml]);
  });
  test('a bench that cannot run names the line of what stands in its way, like every other problem', async () => {
    const { run } = await running({
      apply: async () => [
        { code: 'port-taken', message: 'port 2525 is taken', path: 'listeners.relay' },
        { code: 'no-such-host', message: 'no such host', path: 'listeners.host' },
        { code: 'port-taken', message: 'port 25 is taken', path: 'listeners.proxy' },
      ],
    });
    const listeners = 'listeners:\n  host: 192.0.2.7\n  # for printers\n  relay: 2525\n';
    const text = `${exampleBenchFile.replace(/^listeners:\n(?: .*\n)+/m, '')}${listeners}`;
    const line = text.split('\n').indexOf('listeners:') + 1;
    expect(await run.replace(text)).toMatchObject({
      outcome: 'problems',
      problems: [
        { path: 'listeners.relay', line: line + 3, column: 10 },
        { path: 'listeners.host', line: line + 1, column: 9 },
        // Not in the file: the nearest place above it.
        { path: 'listeners.proxy', line: line + 1, column: 3 },
      ],
    });
  });
  test('a file that cannot be written leaves the old bench in force, and nothing is moved for it', async () => {
    const { run, first, applied } = await running({
      stage: async () => ({ outcome: 'failed', message: 'the disk is full' }),
    });
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject({
      outcome: 'not-written',
      message: 'the disk is full',
    });
    expect(applied).toEqual([]);
    expect(run.current().version).toBe(first.version);
  });
  test('a file that cannot be put in its place leaves the old bench in force', async () => {
    const { run, first, applied } = await running({
      stage: async () => ({
        outcome: 'staged',
        putInPlace: async () => ({ outcome: 'failed', message: 'the folder is gone' }),
        discard: async () => undefined,
      }),
    });
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject({ outcome: 'not-written' });
    expect(applied.at(-1)).toBe(first.version);
    expect(run.current().version).toBe(first.version);
  });
  test('an outdated version is refused', async () => {
    const { run, first } = await running();
    await run.replace(`${first.yaml}# one\n`, first.version);
    expect(await run.replace(`${first.yaml}# two\n`, first.version)).toMatchObject({
      outcome: 'conflict',
      with: 'running',
    });
  });
  test('two at once come one after the other', async () => {
    const { run, first } = await running();
    const both = await Promise.all([
      run.replace(`${first.yaml}# one\n`),
      run.replace(`${first.yaml}# two\n`),
    ]);
    expect(both.map(({ outcome }) => outcome)).toEqual(['replaced', 'replaced']);
    expect(run.current().yaml).toContain('# two');
  });
});

describe('a change on disk since the file was loaded', () => {
  const edited = (text: string) => text.replace('licences: 100', 'licences: 300');

  test('is not overwritten unseen, whatever version is expected', async () => {
    const { run, disk, first } = await running();
    disk.text = edited(first.yaml);
    const refused = { outcome: 'conflict', with: 'disk' };
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject(refused);
    expect(await run.replace(`${first.yaml}# x\n`, first.version)).toMatchObject(refused);
    expect([disk.text, disk.staged]).toEqual([edited(first.yaml), null]);
  });
  test('that comes while the draft is read and staged is not overwritten either', async () => {
    const reads: string[] = [];
    const { run, disk, first, applied } = await running({
      async read() {
        reads.push('read');
        if (reads.length > 1) disk.text = edited(disk.text);
        return { outcome: 'text', text: disk.text };
      },
    });
    expect(await run.replace(`${first.yaml}# x\n`)).toMatchObject({ outcome: 'conflict', with: 'disk' });
    expect([disk.text, disk.staged, applied]).toEqual([edited(first.yaml), null, []]);
    expect(run.current().version).toBe(first.version);
  });
  test('is what runs once it is saved as it stands', async () => {
    const { run, disk, first } = await running();
    disk.text = edited(first.yaml);
    expect(await run.replace(disk.text)).toMatchObject({ changes: ['customer.licences: 100 → 300'] });
    expect(await run.onDisk()).toEqual({ state: 'as-loaded' });
  });
  test('can be told and looked at, and gives way to a draft that names its version', async () => {
    const { run, disk, first } = await running();
    disk.text = edited(first.yaml).replace(/passwordHash: .*$/m, 'password: another secret');
    const onDisk = await run.onDisk();
    if (onDisk.state !== 'changed' || onDisk.reading.outcome !== 'bench') throw new Error(onDisk.state);
    expect(onDisk.reading.bench.file.customer.licences).toBe(300);
    expect(onDisk.reading.bench.yaml).not.toContain('another secret');
    disk.text += '# and once more\n';
    expect(await run.replace(`${first.yaml}# x\n`, onDisk.version)).toMatchObject({ with: 'disk' });
    const again = await run.onDisk();
    if (again.state !== 'changed') throw new Error(again.state);
    expect(await run.replace(`${first.yaml}# x\n`, again.version)).toMatchObject({ outcome: 'replaced' });
    expect(disk.text).toBe(`${first.yaml}# x\n`);
  });
  test('is read once, however often it is asked for: its plain secrets are hashed once', async () => {
    const { run, disk, first } = await running();
    disk.text = edited(first.yaml).replace(/passwordHash: .*$/m, 'password: another secret');
    const [one, other] = await Promise.all([run.onDisk(), run.onDisk()]);
    expect(other).toEqual(one);
    expect(await run.onDisk()).toEqual(one);
    disk.text += '# and once more\n';
    expect(await run.onDisk()).not.toEqual(one);
  });
  test('that could not run is told with its problems', async () => {
    const { run, disk } = await running();
    disk.text = 'customer: nobody';
    expect(await run.onDisk()).toMatchObject({ state: 'changed', reading: { outcome: 'problems' } });
  });
  test.each([
    [{ outcome: 'missing' }, { state: 'missing' }],
    [
      { outcome: 'unreadable', message: 'no permission' },
      { state: 'unreadable', message: 'no permission' },
    ],
  ] as const)('that leaves it %j is told', async (reading, state) => {
    const { run } = await running({ read: async () => reading });
    expect(await run.onDisk()).toEqual(state);
  });
});

describe('notices', () => {
  const noticesFor = async (change: (text: string) => string) =>
    noticesOf((await bench(change(exampleBenchFile))).file);
  test('any sender is warned of · SET-2', async () => {
    const notices = await noticesFor((text) => text.replace('registered-users', 'any'));
    expect(notices).toContainEqual(expect.objectContaining({ path: 'settings[0].allowedSenders' }));
  });
  test('required TLS is warned of · SET-5', async () => {
    const notices = await noticesFor((text) => text);
    expect(notices).toContainEqual(expect.objectContaining({ path: 'settings[1].requireTls' }));
  });
  test('SMTP authentication without required TLS is warned of: AUTH is offered inside TLS only · AUT-3', async () => {
    const notices = await noticesFor((text) => text.replace('requireTls: true', 'requireTls: false'));
    expect(notices).toContainEqual(expect.objectContaining({ path: 'settings[1].authentication.smtpAuth' }));
    expect((await noticesFor((text) => text)).map(({ path }) => path)).not.toContain(
      'settings[1].authentication.smtpAuth',
    );
  });
  test.each([
    ['scanner.example.net', 1],
    ['192.0.2.7', 1],
    ['localhost', 0],
    ['127.0.0.1', 0],
    ['::1', 0],
  ])('a scanner at %s: mail that leaves the machine is told of', async (host, count) => {
    const scanner = `filtering:\n  clamav: { host: "${host}", port: 3310 }\n`;
    const notices = await noticesFor((text) => `${text}\n${scanner}`);
    expect(notices.filter(({ path }) => path === 'filtering.clamav.host')).toHaveLength(count);
  });
  test('a narrow public range is warned of in no way · SET-4', async () => {
    const notices = await noticesFor((text) => text);
    expect(notices.filter(({ path }) => path.includes('ipRanges[2]'))).toEqual([]);
  });
  test('wide ranges and private addresses are warned of · SET-4', async () => {
    const notices = await noticesFor((text) => text.replace('203.0.113.0/28', '10.1.0.0/16'));
    const texts = notices.filter(({ path }) => path.includes('ipRanges[2]')).map(({ text }) => text);
    expect(texts[0]).toContain('65,536 addresses');
    expect(texts[1]).toContain('not an address of the internet');
  });
  test('Vault without mail storage anywhere is warned of · STO-1', async () => {
    const pathsFor = async (keys: string) =>
      (await noticesFor((text) => text.replace('billing: paid', keys))).map(({ path }) => path);
    expect(await pathsFor('vault: true')).toContain('customer.vault');
    expect(await pathsFor('vault: true\n  mailStorage: true')).not.toContain('customer.vault');
    const units = 'organisationalUnits: [{ path: /Sales, mailStorage: true }]';
    expect(await pathsFor(`vault: true\n  ${units}`)).not.toContain('customer.vault');
  });
});
